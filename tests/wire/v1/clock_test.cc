#include "engine/wire/v1/clock.h"

#include <gtest/gtest.h>

#include <limits>

namespace gtengine::wire::v1 {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

TEST(LegacyClock, CountsFromTheFirstEvent) {
  const Clock clock(1000, 15'625'000);
  EXPECT_EQ(clock.ToNs(1000), 0);
  EXPECT_EQ(clock.ToNs(1001), 64);
  EXPECT_EQ(clock.ToNs(999), -64);
}

// The values are Go's. The formula for newer traces gives one less in the last case.
TEST(LegacyClock, RoundsLikeGo) {
  const Clock clock(0, 2'793'437'123);
  EXPECT_EQ(clock.ToNs(1), 0);
  EXPECT_EQ(clock.ToNs(3), 1);
  EXPECT_EQ(clock.ToNs(123'456'789'012'345), 44'195'299'044'268);
  EXPECT_EQ(Clock(0, 40'564'528).ToNs(2'535'283), 62'500'000);
  EXPECT_EQ(TickUnit(40'564'528).ToNs(2'535'283), 62'499'999);
}

TEST(LegacyClock, GivesWhatDoesNotFitAsTheLeast) {
  EXPECT_EQ(Clock(0, 1).ToNs(kMost), kLeast);
  EXPECT_EQ(Clock(0, 1).ToNs(kLeast), kLeast);
  // The difference wraps.
  EXPECT_EQ(Clock(kLeast, 1'000'000'000).ToNs(kMost), -1);
}

}  // namespace
}  // namespace gtengine::wire::v1
