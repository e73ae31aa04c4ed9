#include "engine/analysis/pause_windows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace gtengine {
namespace {

TEST(PauseWindowsTest, NothingIsPaused) { EXPECT_EQ(PauseWindows(0, 100).MostPausedNs(10), 0u); }

TEST(PauseWindowsTest, WindowsHoldAsMuchAsFits) {
  PauseWindows pauses(100, 200);
  pauses.Add(90, 103);  // 3 of it
  pauses.Add(150, 160);
  pauses.Add(165, 170);
  pauses.Add(198, 250);  // 2 of it
  EXPECT_EQ(pauses.MostPausedNs(1), 1u);
  EXPECT_EQ(pauses.MostPausedNs(10), 10u);
  EXPECT_EQ(pauses.MostPausedNs(12), 10u);
  EXPECT_EQ(pauses.MostPausedNs(17), 12u);
  EXPECT_EQ(pauses.MostPausedNs(20), 15u);
  EXPECT_EQ(pauses.MostPausedNs(100), 20u);
  EXPECT_EQ(pauses.MostPausedNs(1000), 20u);
}

TEST(PauseWindowsTest, PausesThatOverlapCountOnce) {
  PauseWindows pauses(0, 100);
  pauses.Add(10, 30);
  pauses.Add(20, 40);
  pauses.Add(25, 35);
  EXPECT_EQ(pauses.MostPausedNs(100), 30u);
}

// Times are what a file says.
TEST(PauseWindowsTest, AnyTimesAreSafe) {
  constexpr TimeNs kLeast = std::numeric_limits<TimeNs>::min();
  constexpr TimeNs kGreatest = std::numeric_limits<TimeNs>::max();
  PauseWindows backwards(100, 0);
  backwards.Add(20, 50);
  EXPECT_EQ(backwards.MostPausedNs(10), 0u);
  PauseWindows whole(kLeast, kGreatest);
  whole.Add(kLeast, kGreatest);
  EXPECT_EQ(whole.MostPausedNs(7), 7u);
}

TEST(PauseWindowsTest, AgreesWithTryingEveryWindow) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<bool> is_paused(120);
    PauseWindows pauses(0, static_cast<TimeNs>(is_paused.size()));
    std::size_t at = random() % 20;
    while (at < is_paused.size()) {
      const std::size_t end = std::min(is_paused.size(), at + 1 + random() % 10);
      pauses.Add(static_cast<TimeNs>(at), static_cast<TimeNs>(end));
      std::fill(is_paused.begin() + static_cast<std::ptrdiff_t>(at),
                is_paused.begin() + static_cast<std::ptrdiff_t>(end), true);
      at = end + 1 + random() % 20;
    }
    for (std::size_t window = 1; window <= is_paused.size(); window += 1 + random() % 7) {
      std::uint64_t most = 0;
      for (std::size_t start = 0; start + window <= is_paused.size(); ++start) {
        const auto begin = is_paused.begin() + static_cast<std::ptrdiff_t>(start);
        most = std::max<std::uint64_t>(
            most, static_cast<std::uint64_t>(
                      std::count(begin, begin + static_cast<std::ptrdiff_t>(window), true)));
      }
      EXPECT_EQ(pauses.MostPausedNs(window), most) << window;
    }
  }
}

}  // namespace
}  // namespace gtengine
