#include "engine/analysis/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <utility>
#include <vector>

namespace gtengine {
namespace {

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();

using Buckets = std::vector<std::pair<std::size_t, std::uint64_t>>;

Buckets BucketsOf(const Histogram& histogram) {
  Buckets buckets;
  histogram.ForEachBucket(
      [&](std::size_t bucket, std::uint64_t count) { buckets.emplace_back(bucket, count); });
  return buckets;
}

// Values of every magnitude.
std::vector<std::int64_t> RandomValues(std::uint32_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  std::vector<std::int64_t> values(count);
  for (std::int64_t& value : values) {
    value = static_cast<std::int64_t>(random() >> (1 + random() % 63));
  }
  return values;
}

TEST(HistogramTest, BucketsTileTheIntegers) {
  std::int64_t next = 0;
  for (std::size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
    ASSERT_EQ(Histogram::LowerBound(bucket), next) << bucket;
    ASSERT_EQ(Histogram::BucketOf(next), bucket);
    ASSERT_EQ(Histogram::BucketOf(Histogram::UpperBound(bucket)), bucket);
    ASSERT_LE(Histogram::LowerBound(bucket), Histogram::Middle(bucket));
    ASSERT_GE(Histogram::UpperBound(bucket), Histogram::Middle(bucket));
    if (bucket + 1 < Histogram::kBuckets) next = Histogram::UpperBound(bucket) + 1;
  }
  EXPECT_EQ(Histogram::UpperBound(Histogram::kBuckets - 1), kGreatest);
}

TEST(HistogramTest, SmallValuesAreExact) {
  for (std::int64_t value = 0; value < 128; ++value) {
    EXPECT_EQ(Histogram::LowerBound(Histogram::BucketOf(value)), value);
    EXPECT_EQ(Histogram::UpperBound(Histogram::BucketOf(value)), value);
  }
}

TEST(HistogramTest, MiddleIsWithinOneIn128) {
  for (std::size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
    const auto lower = static_cast<double>(Histogram::LowerBound(bucket));
    const auto upper = static_cast<double>(Histogram::UpperBound(bucket));
    const auto middle = static_cast<double>(Histogram::Middle(bucket));
    EXPECT_LE((middle - lower) / std::max(lower, 1.0), 1.0 / 128);
    EXPECT_LE((upper - middle) / std::max(upper, 1.0), 1.0 / 128);
  }
}

TEST(HistogramTest, QuantileRankIsTheCeiling) {
  Histogram histogram;
  EXPECT_EQ(histogram.Quantile(500), 0);
  for (const std::int64_t value : {10, 20, 30, 40}) histogram.Add(value);
  EXPECT_EQ(histogram.Quantile(0), 10);
  EXPECT_EQ(histogram.Quantile(250), 10);
  EXPECT_EQ(histogram.Quantile(251), 20);
  EXPECT_EQ(histogram.Quantile(500), 20);
  EXPECT_EQ(histogram.Quantile(990), 40);
  EXPECT_EQ(histogram.Quantile(1000), 40);
}

TEST(HistogramTest, QuantilesAreWithinTheBound) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    std::vector<std::int64_t> values = RandomValues(seed, 1 + seed * 97);
    Histogram histogram;
    for (const std::int64_t value : values) histogram.Add(value);
    std::sort(values.begin(), values.end());
    for (const std::uint32_t permille : {1u, 100u, 500u, 900u, 990u, 999u, 1000u}) {
      const std::size_t rank = (permille * values.size() + 999) / 1000;
      const auto exact = static_cast<double>(values[rank - 1]);
      const auto found = static_cast<double>(histogram.Quantile(permille));
      EXPECT_LE(std::abs(found - exact), exact / 128) << seed << " " << permille;
    }
  }
}

TEST(HistogramTest, CombineEqualsAddingEverything) {
  const std::vector<std::int64_t> values = RandomValues(7, 5000);
  Histogram whole;
  Histogram parts[3];
  std::mt19937_64 random(8);
  for (const std::int64_t value : values) {
    whole.Add(value);
    parts[random() % 3].Add(value);
  }
  Histogram forward;
  for (const Histogram& part : parts) forward.Combine(part);
  Histogram backward = parts[2];
  backward.Combine(parts[1]);
  backward.Combine(parts[0]);
  EXPECT_EQ(BucketsOf(forward), BucketsOf(whole));
  EXPECT_EQ(BucketsOf(backward), BucketsOf(whole));
  EXPECT_EQ(whole.Count(), values.size());

  forward.Combine(forward);
  EXPECT_EQ(forward.Count(), 2 * values.size());
}

TEST(HistogramTest, CountsBeyond16Bits) {
  Histogram histogram;
  for (int i = 0; i < 200'000; ++i) histogram.Add(5);
  histogram.Add(1'000'000);  // a group that is new after the first carry
  histogram.AddToBucket(5, 0xffff'ffff'ffffu);
  histogram.AddToBucket(6, 0x1'0000);
  Histogram other;
  other.Add(6);
  other.Add(5);
  other.Combine(histogram);
  const Buckets expected = {
      {5, 0xffff'ffff'ffffu + 200'001}, {6, 0x1'0001}, {Histogram::BucketOf(1'000'000), 1}};
  EXPECT_EQ(BucketsOf(other), expected);
  EXPECT_EQ(other.Count(), 0xffff'ffff'ffffu + 200'001 + 0x1'0001 + 1);
  other.Combine(other);
  EXPECT_EQ(BucketsOf(other)[0].second, 2 * (0xffff'ffff'ffffu + 200'001));
}

// Sums at the edge of 16 bits in one bucket of a group, wherever it stands, beside small ones.
TEST(HistogramTest, CombinesWhereSumsJustFitAndJustDoNot) {
  for (std::size_t edge = 64; edge < 128; ++edge) {
    for (const std::uint64_t more : {0u, 1u, 2u}) {
      Histogram a;
      Histogram b;
      for (std::size_t bucket = 64; bucket < 128; ++bucket) {
        a.AddToBucket(bucket, bucket == edge ? 0x8000 : 3);
        b.AddToBucket(bucket, bucket == edge ? 0x7ffe + more : bucket);
      }
      a.Combine(b);
      const Buckets sums = BucketsOf(a);
      ASSERT_EQ(sums.size(), 64u);
      for (const auto& [bucket, count] : sums) {
        EXPECT_EQ(count, bucket == edge ? 0xfffe + more : 3 + bucket) << edge << " " << more;
      }
      b.Combine(b);
      for (const auto& [bucket, count] : BucketsOf(b)) {
        EXPECT_EQ(count, 2 * (bucket == edge ? 0x7ffe + more : bucket)) << edge << " " << more;
      }
    }
  }
}

TEST(HistogramTest, MemoryFollowsTheGroupsInUse) {
  Histogram histogram;
  EXPECT_EQ(histogram.heap_bytes(), 0u);
  for (std::int64_t value = 1024; value < 2048; ++value) histogram.Add(value);
  EXPECT_EQ(histogram.heap_bytes(), 128u);
  histogram.Add(kGreatest);
  EXPECT_EQ(histogram.heap_bytes(), 256u);
}

}  // namespace
}  // namespace gtengine
