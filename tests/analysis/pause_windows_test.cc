#include "engine/analysis/pause_windows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace gtengine {
namespace {

std::uint64_t MostNs(const PauseWindows& pauses, std::uint64_t window_ns) {
  return static_cast<std::uint64_t>(pauses.MostPaused(window_ns) / PauseWindows::kWhole);
}

TEST(PauseWindowsTest, NothingIsPaused) { EXPECT_EQ(MostNs(PauseWindows(0, 100), 10), 0u); }

TEST(PauseWindowsTest, WindowsHoldAsMuchAsFits) {
  PauseWindows pauses(100, 200);
  pauses.Add(90, 103);  // 3 of it
  pauses.Add(150, 160);
  pauses.Add(165, 170);
  pauses.Add(198, 250);  // 2 of it
  EXPECT_EQ(MostNs(pauses, 1), 1u);
  EXPECT_EQ(MostNs(pauses, 10), 10u);
  EXPECT_EQ(MostNs(pauses, 12), 10u);
  EXPECT_EQ(MostNs(pauses, 17), 12u);
  EXPECT_EQ(MostNs(pauses, 20), 15u);
  EXPECT_EQ(MostNs(pauses, 100), 20u);
  EXPECT_EQ(MostNs(pauses, 1000), 20u);
}

TEST(PauseWindowsTest, PausesThatOverlapCountOnce) {
  PauseWindows pauses(0, 100);
  pauses.Add(10, 30);
  pauses.Add(20, 40);
  pauses.Add(25, 35);
  EXPECT_EQ(MostNs(pauses, 100), 30u);
}

TEST(PauseWindowsTest, PartsOfTheMachineCountInPart) {
  PauseWindows pauses(0, 100);
  pauses.Add(10, 20, PauseWindows::kWhole / 4);
  pauses.Add(20, 24, PauseWindows::kWhole / 2);
  pauses.Add(24, 30, 0);
  EXPECT_EQ(MostNs(pauses, 4), 2u);
  EXPECT_EQ(MostNs(pauses, 8), 3u);
  EXPECT_EQ(pauses.MostPaused(100), PauseWindows::kWhole / 2 * 9);
}

// Times are what a file says.
TEST(PauseWindowsTest, AnyTimesAreSafe) {
  constexpr TimeNs kLeast = std::numeric_limits<TimeNs>::min();
  constexpr TimeNs kGreatest = std::numeric_limits<TimeNs>::max();
  PauseWindows backwards(100, 0);
  backwards.Add(20, 50);
  EXPECT_EQ(MostNs(backwards, 10), 0u);
  PauseWindows whole(kLeast, kGreatest);
  whole.Add(kLeast, kGreatest);
  EXPECT_EQ(MostNs(whole, 7), 7u);
}

TEST(PauseWindowsTest, AgreesWithTryingEveryWindow) {
  constexpr std::uint64_t kQuarter = PauseWindows::kWhole / 4;
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::uint64_t> share(120);
    PauseWindows pauses(0, static_cast<TimeNs>(share.size()));
    std::size_t at = random() % 20;
    while (at < share.size()) {
      const std::size_t end = std::min(share.size(), at + 1 + random() % 10);
      const std::uint64_t part = (1 + random() % 4) * kQuarter;
      pauses.Add(static_cast<TimeNs>(at), static_cast<TimeNs>(end), part);
      std::fill(share.begin() + static_cast<std::ptrdiff_t>(at),
                share.begin() + static_cast<std::ptrdiff_t>(end), part);
      at = end + (random() % 2) * (random() % 20);
    }
    for (std::size_t window = 1; window <= share.size(); window += 1 + random() % 7) {
      std::uint64_t most = 0;
      for (std::size_t start = 0; start + window <= share.size(); ++start) {
        const auto begin = share.begin() + static_cast<std::ptrdiff_t>(start);
        most = std::max(most, std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(window),
                                              std::uint64_t{0}));
      }
      EXPECT_TRUE(pauses.MostPaused(window) == most) << window;
    }
  }
}

}  // namespace
}  // namespace gtengine
