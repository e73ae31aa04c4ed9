#include "engine/analysis/distribution.h"

#include <gtest/gtest.h>

#include <limits>

namespace gtengine {
namespace {

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();

TEST(DistributionTest, EmptyIsAllZero) {
  const Distribution distribution;
  EXPECT_TRUE(distribution.empty());
  EXPECT_EQ(distribution.min(), 0);
  EXPECT_EQ(distribution.max(), 0);
  EXPECT_EQ(distribution.Quantile(500), 0);
}

TEST(DistributionTest, KeepsCountSumMinAndMaxExactly) {
  Distribution distribution;
  for (const std::int64_t value : {1'000'001, 7, 123'456'789}) distribution.Add(value);
  EXPECT_EQ(distribution.count(), 3u);
  EXPECT_TRUE(distribution.sum() == 124'456'797u);
  EXPECT_EQ(distribution.min(), 7);
  EXPECT_EQ(distribution.max(), 123'456'789);
}

TEST(DistributionTest, QuantilesStayBetweenMinAndMax) {
  Distribution distribution;
  distribution.Add(1'000'001);
  EXPECT_EQ(distribution.Quantile(1), 1'000'001);
  EXPECT_EQ(distribution.Quantile(999), 1'000'001);
}

TEST(DistributionTest, SumsBeyond64Bits) {
  Distribution distribution;
  distribution.Add(kGreatest);
  for (int i = 0; i < 7; ++i) distribution.Combine(Distribution(distribution));
  EXPECT_EQ(distribution.count(), 128u);
  EXPECT_TRUE(distribution.sum() == Uint128{kGreatest} * 128);
}

TEST(DistributionTest, EmptyIsNeutral) {
  Distribution distribution;
  distribution.Combine(Distribution());
  EXPECT_TRUE(distribution.empty());
  distribution.Add(5);
  distribution.Combine(Distribution());
  EXPECT_EQ(distribution.min(), 5);
  EXPECT_EQ(distribution.max(), 5);
}

TEST(DistributionTest, RestoreTakesWhatItGave) {
  Distribution distribution;
  for (std::int64_t value = 1; value < 1'000'000'000'000; value *= 3) distribution.Add(value);
  const auto restored = Distribution::Restore(distribution.sum(), distribution.min(),
                                              distribution.max(), distribution.histogram());
  ASSERT_TRUE(restored.has_value());
  EXPECT_EQ(restored->count(), distribution.count());
  EXPECT_EQ(restored->Quantile(990), distribution.Quantile(990));
}

TEST(DistributionTest, RestoreRefusesWhatCannotBe) {
  Histogram two;
  two.Add(100);
  two.Add(1000);
  EXPECT_TRUE(Distribution::Restore(1100, 100, 1000, two).has_value());
  EXPECT_FALSE(Distribution::Restore(0, 0, 0, Histogram()).has_value());
  EXPECT_FALSE(Distribution::Restore(900, 100, 1000, two).has_value());   // sum too small
  EXPECT_FALSE(Distribution::Restore(9000, 100, 1000, two).has_value());  // sum too great
  EXPECT_FALSE(Distribution::Restore(1100, 99, 1000, two).has_value());   // min in another bucket
  EXPECT_FALSE(Distribution::Restore(1100, 100, 2000, two).has_value());  // max in another bucket
  EXPECT_FALSE(Distribution::Restore(1100, -1, 1000, two).has_value());
  Histogram overflow;
  overflow.AddToBucket(1, std::numeric_limits<std::uint64_t>::max());
  overflow.AddToBucket(2, 1);
  EXPECT_FALSE(
      Distribution::Restore(Uint128{std::numeric_limits<std::uint64_t>::max()} + 2, 1, 2, overflow)
          .has_value());
}

}  // namespace
}  // namespace gtengine
