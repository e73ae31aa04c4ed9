#include "engine/analysis/change.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace gtengine {
namespace {

constexpr double kUnit = 1 << 20;

std::vector<LogRatio> LogsOf(const std::vector<std::int64_t>& lengths_ns) {
  std::vector<LogRatio> logs;
  for (const std::int64_t length_ns : lengths_ns) logs.push_back(LogOf(length_ns));
  return logs;
}

TEST(ChangeTest, LogarithmsAreThoseOfTheMathLibrary) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 20'000; ++round) {
    const auto length = static_cast<std::int64_t>(random() >> (1 + random() % 63));
    const double expected =
        std::log2(static_cast<double>(std::max<std::int64_t>(length, 1))) * kUnit;
    const auto log = static_cast<double>(LogOf(length));
    EXPECT_LE(log, expected + 1e-4) << length;
    EXPECT_GT(log, expected - 2) << length;
  }
  EXPECT_EQ(LogOf(0), 0);
  EXPECT_EQ(LogOf(1), 0);
  EXPECT_EQ(LogOf(8), 3 << 20);
}

TEST(ChangeTest, PermilleIsTheRatioLessOne) {
  const auto permille = [](std::int64_t a, std::int64_t b) {
    return PermilleOf(LogOf(b) - LogOf(a));
  };
  EXPECT_EQ(permille(100, 110), 100);
  EXPECT_EQ(permille(110, 100), -91);
  EXPECT_EQ(permille(1000, 1000), 0);
  EXPECT_EQ(permille(1000, 2000), 1000);
  EXPECT_EQ(permille(2'000'000, 1'000'000), -500);
  EXPECT_NEAR(static_cast<double>(permille(1, 1'000'000)), 999'999'000, 1000);
  EXPECT_EQ(permille(1'000'000'000, 1), -1000);
  std::mt19937_64 random(2);
  for (int round = 0; round < 2000; ++round) {
    const auto a = static_cast<std::int64_t>(1'000 + random() % 1'000'000'000);
    const std::int64_t b =
        a / 2 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(3 * a));
    const double exact = (static_cast<double>(b) / static_cast<double>(a) - 1) * 1000;
    EXPECT_NEAR(static_cast<double>(permille(a, b)), exact, 0.56) << a << " " << b;
  }
  EXPECT_GT(PermilleOf(LogOf(std::numeric_limits<std::int64_t>::max())), 0);
  EXPECT_EQ(PermilleOf(-LogOf(std::numeric_limits<std::int64_t>::max())), -1000);
}

TEST(ChangeTest, MediansAndDeviations) {
  EXPECT_EQ(MedianOf({5}), 5);
  EXPECT_EQ(MedianOf({9, 1, 5}), 5);
  EXPECT_EQ(MedianOf({9, 1, 5, 6}), 5);
  EXPECT_EQ(MedianOf({-9, -1, -5, -6}), -5);
  EXPECT_EQ(MedianOf({std::numeric_limits<std::int64_t>::max(),
                      std::numeric_limits<std::int64_t>::max() - 2}),
            std::numeric_limits<std::int64_t>::max() - 1);
  EXPECT_EQ(DeviationOf({7}), 0);
  EXPECT_EQ(DeviationOf({1, 2, 3, 4, 1000}), 1);
  EXPECT_EQ(DeviationOf({10, 10, 14, 20}), 2);
}

TEST(ChangeTest, TooFewUnitsHaveNoNoise) {
  const auto three = LogsOf({100, 100, 100});
  const auto four = LogsOf({100, 100, 100, 100});
  EXPECT_FALSE(ChangeOfSame(three, three).noise);
  EXPECT_FALSE(ChangeOfDifferent(three, four).noise);
  EXPECT_FALSE(ChangeOfDifferent(four, three).noise);
  EXPECT_FALSE(ChangeOfSame(three, LogsOf({900, 900, 900})).is_beyond_noise());
  EXPECT_TRUE(ChangeOfSame(four, four).noise);
  EXPECT_TRUE(ChangeOfDifferent(four, four).noise);
}

TEST(ChangeTest, WhatAHistogramCannotTellIsNoise) {
  const auto a = LogsOf({10'000, 10'000, 10'000, 10'000});
  const auto inside = LogsOf({10'150, 10'150, 10'150, 10'150});
  const auto beyond = LogsOf({10'160, 10'160, 10'160, 10'160});
  EXPECT_FALSE(ChangeOfSame(a, inside).is_beyond_noise());
  EXPECT_TRUE(ChangeOfSame(a, beyond).is_beyond_noise());
  EXPECT_TRUE(ChangeOfDifferent(a, beyond).is_beyond_noise());
}

TEST(ChangeTest, OneBadUnitAmongTenIsNoise) {
  std::vector<std::int64_t> a = {100'000, 103'000, 98'000,  101'000, 97'000,
                                 99'000,  102'000, 100'500, 99'500,  101'500};
  std::vector<std::int64_t> b = a;
  b[3] *= 20;
  EXPECT_FALSE(ChangeOfSame(LogsOf(a), LogsOf(b)).is_beyond_noise());
  EXPECT_FALSE(ChangeOfDifferent(LogsOf(a), LogsOf(b)).is_beyond_noise());
  EXPECT_LT(PermilleOf(ChangeOfDifferent(LogsOf(a), LogsOf(b)).log), 10);
  for (std::int64_t& length : b) length += length / 5;
  EXPECT_TRUE(ChangeOfSame(LogsOf(a), LogsOf(b)).is_beyond_noise());
  EXPECT_TRUE(ChangeOfDifferent(LogsOf(a), LogsOf(b)).is_beyond_noise());
  EXPECT_EQ(PermilleOf(ChangeOfSame(LogsOf(a), LogsOf(b)).log), 200);
}

TEST(ChangeTest, UnitsThatDifferAreBestComparedWithThemselves) {
  const std::vector<std::int64_t> a = {10'000, 80'000, 20'000, 160'000, 40'000, 320'000};
  std::vector<std::int64_t> b;
  for (const std::int64_t length : a) b.push_back(length + length / 10);
  EXPECT_TRUE(ChangeOfSame(LogsOf(a), LogsOf(b)).is_beyond_noise());
  EXPECT_FALSE(ChangeOfDifferent(LogsOf(a), LogsOf(b)).is_beyond_noise());
}

TEST(ChangeTest, SwappedSidesAreTheSameChangeBackwards) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 500; ++round) {
    std::vector<LogRatio> a(4 + random() % 9);
    std::vector<LogRatio> b(a.size());
    for (LogRatio& log : a) log = static_cast<LogRatio>(random() % 50'000'000);
    for (LogRatio& log : b) log = static_cast<LogRatio>(random() % 50'000'000);
    for (const auto compare : {ChangeOfSame, ChangeOfDifferent}) {
      EXPECT_EQ(compare(a, b).log, -compare(b, a).log);
      EXPECT_EQ(compare(a, b).noise, compare(b, a).noise);
    }
  }
}

// The promise that the factors make: of units that all come from the same distribution, about one
// comparison in a thousand is beyond noise.
TEST(ChangeTest, ChanceIsSeldomBeyondNoise) {
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal(0, 400'000);  // a third up or down
  constexpr int kRounds = 20'000;
  for (const std::size_t units : {4u, 7u, 10u, 17u, 31u}) {
    int same = 0;
    int different = 0;
    for (int round = 0; round < kRounds; ++round) {
      std::vector<LogRatio> a(units);
      std::vector<LogRatio> b(units);
      for (LogRatio& log : a) log = 20'000'000 + static_cast<LogRatio>(normal(random));
      for (LogRatio& log : b) log = 20'000'000 + static_cast<LogRatio>(normal(random));
      same += ChangeOfSame(a, b).is_beyond_noise();
      different += ChangeOfDifferent(a, b).is_beyond_noise();
    }
    EXPECT_LT(same, kRounds / 500) << units;
    EXPECT_LT(different, kRounds / 500) << units;
  }
}

}  // namespace
}  // namespace gtengine
