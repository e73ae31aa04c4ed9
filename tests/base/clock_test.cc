#include "engine/base/clock.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace gtengine {
namespace {

constexpr TimeNs kMin = std::numeric_limits<TimeNs>::min();

TEST(TickUnitTest, LinuxAmd64TicksAreExactly64Ns) {
  constexpr TickUnit unit(15'625'000);
  static_assert(unit.ns_per_tick() == 64.0);
  EXPECT_EQ(unit.ToNs(0), 0);
  EXPECT_EQ(unit.ToNs(1), 64);
  EXPECT_EQ(unit.ToNs(1'000'000'000'000'000), 64'000'000'000'000'000);
}

TEST(TickUnitTest, OddFrequenciesTruncate) {
  EXPECT_EQ(TickUnit(3).ToNs(1), 333'333'333);
  constexpr TickUnit three_ghz(3'000'000'000);
  EXPECT_EQ(three_ghz.ToNs(7), 2);
  EXPECT_EQ(three_ghz.ToNs(10), 3);
  EXPECT_EQ(three_ghz.ToNs(11), 3);
  EXPECT_EQ(TickUnit(2'899'999'999).ToNs(999'999'999), 344'827'585);
  EXPECT_EQ(TickUnit(2'199'998'765).ToNs(123'456'789'012'345), 56'116'753'780'243);
}

TEST(TickUnitTest, TicksAboveTheMantissaRoundFirst) {
  EXPECT_EQ(TickUnit(15'625'000).ToNs((Ticks{1} << 56) + 1), TimeNs{1} << 62);
}

TEST(TickUnitTest, WhatDoesNotFitIsTheSmallestInteger) {
  constexpr TickUnit ghz(1'000'000'000);
  EXPECT_EQ(ghz.ToNs((Ticks{1} << 63) - 1024), std::numeric_limits<TimeNs>::max() - 1023);
  EXPECT_EQ(ghz.ToNs((Ticks{1} << 63) - 1), kMin);  // rounds up to 2^63
  EXPECT_EQ(ghz.ToNs(Ticks{1} << 63), kMin);
  EXPECT_EQ(ghz.ToNs(~Ticks{0}), kMin);
  EXPECT_EQ(TickUnit(1).ToNs(~Ticks{0}), kMin);
}

TEST(TickUnitTest, FrequencyZero) {
  EXPECT_EQ(TickUnit(0).ToNs(0), kMin);
  EXPECT_EQ(TickUnit(0).ToNs(1), kMin);
}

TEST(WrappingAddTest, Wraps) {
  EXPECT_EQ(WrappingAdd(2, -5), -3);
  EXPECT_EQ(WrappingAdd(std::numeric_limits<TimeNs>::max(), 1), kMin);
  EXPECT_EQ(WrappingAdd(kMin, -1), std::numeric_limits<TimeNs>::max());
}

TEST(WrappingSubtractTest, Wraps) {
  EXPECT_EQ(WrappingSubtract(2, 5), -3);
  EXPECT_EQ(WrappingSubtract(kMin, 1), std::numeric_limits<TimeNs>::max());
  EXPECT_EQ(WrappingSubtract(std::numeric_limits<TimeNs>::max(), -1), kMin);
}

}  // namespace
}  // namespace gtengine
