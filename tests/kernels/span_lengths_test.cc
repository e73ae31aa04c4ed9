#include "kernels/span_lengths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "engine/base/int128.h"
#include "tests/kernels/decode_comparison.h"

namespace gtengine::kernels {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

// Measures spans with each target, from `misalignment` elements into its memory, and expects what
// the oracle says, and nothing written behind the end.
void Compare(const std::vector<std::int64_t>& start, const std::vector<std::int64_t>& end,
             std::size_t misalignment = 0) {
  const std::size_t count = start.size();
  std::vector<std::int64_t> expected_lengths(count);
  std::vector<std::uint16_t> expected_buckets(count);
  MeasureSpansScalar(start.data(), end.data(), count, expected_lengths.data(),
                     expected_buckets.data());
  const auto moved = [&](const std::vector<std::int64_t>& values) {
    std::vector<std::int64_t> copy(misalignment);
    copy.insert(copy.end(), values.begin(), values.end());
    return copy;
  };
  const std::vector<std::int64_t> starts = moved(start);
  const std::vector<std::int64_t> ends = moved(end);
  for (const std::int64_t target : Targets()) {
    const UseTarget use(target);
    std::vector<std::int64_t> lengths(misalignment + count + 1, 77);
    std::vector<std::uint16_t> buckets(misalignment + count + 1, 77);
    MeasureSpans(starts.data() + misalignment, ends.data() + misalignment, count,
                 lengths.data() + misalignment, buckets.data() + misalignment);
    EXPECT_EQ(lengths.back(), 77) << hwy::TargetName(target);
    EXPECT_EQ(buckets.back(), 77) << hwy::TargetName(target);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(lengths[misalignment + i], expected_lengths[i]) << hwy::TargetName(target);
      ASSERT_EQ(buckets[misalignment + i], expected_buckets[i])
          << hwy::TargetName(target) << ", length " << expected_lengths[i];
    }
  }
}

// The same spans, all beginning at 0.
void CompareLengths(const std::vector<std::int64_t>& lengths) {
  Compare(std::vector<std::int64_t>(lengths.size()), lengths);
}

TEST(SpanLengthsTest, TheOracleIsWhatTheDefinitionSays) {
  std::vector<std::int64_t> start = {5, 100, 0, kMin, kMax, 0, 7};
  std::vector<std::int64_t> end = {5, 99, 130, kMax, kMin, kMax, 71};
  std::vector<std::int64_t> lengths(start.size());
  std::vector<std::uint16_t> buckets(start.size());
  MeasureSpansScalar(start.data(), end.data(), start.size(), lengths.data(), buckets.data());
  EXPECT_EQ(lengths, (std::vector<std::int64_t>{0, -1, 130, -1, 1, kMax, 64}));
  EXPECT_EQ(buckets, (std::vector<std::uint16_t>{0, 0, 129, 0, 1, 3711, 64}));
}

TEST(SpanLengthsTest, BucketsAreInOrderAndAsWideAsTold) {
  std::uint64_t bucket = 0;
  std::uint64_t begin = 0;  // of the bucket
  while (bucket < 3711) {
    // 1, 1, ..., then 64 of each power of two.
    const std::uint64_t width =
        bucket < 128 ? 1 : std::uint64_t{1} << (bucket / kBucketsOfPower - 1);
    ASSERT_EQ(BucketOfLength(begin), bucket);
    ASSERT_EQ(BucketOfLength(begin + width - 1), bucket);
    begin += width;
    ++bucket;
    ASSERT_EQ(BucketOfLength(begin), bucket);
  }
  EXPECT_EQ(BucketOfLength(static_cast<std::uint64_t>(kMax)), 3711u);
}

// Every number of spans around several vectors, everywhere in one.
TEST(SpanLengthsTest, AgreesOnAnyCountAndPlace) {
  Random random(51);
  for (std::size_t count = 0; count <= 70; ++count) {
    for (std::size_t misalignment = 0; misalignment < 8; ++misalignment) {
      std::vector<std::int64_t> start(count);
      std::vector<std::int64_t> end(count);
      for (std::size_t i = 0; i < count; ++i) {
        start[i] = static_cast<std::int64_t>(random() >> 8);
        end[i] = start[i] + static_cast<std::int64_t>(random() >> (10 + random() % 50));
      }
      Compare(start, end, misalignment);
      ASSERT_FALSE(HasFailure());
    }
  }
}

// Both ends of every bucket, where a conversion that rounds would be one too far.
TEST(SpanLengthsTest, AgreesAtTheEdgesOfEveryBucket) {
  std::vector<std::int64_t> lengths;
  for (int bits = 0; bits < 63; ++bits) {
    for (std::uint64_t part = 0; part < 64; ++part) {
      const std::uint64_t power = std::uint64_t{1} << bits;
      const auto edge = static_cast<std::int64_t>(
          power + static_cast<std::uint64_t>((Uint128{power} * part) / 64));
      for (const std::int64_t near : {-2, -1, 0, 1, 2}) lengths.push_back(edge + near);
    }
  }
  lengths.insert(lengths.end(), {0, kMax, kMax - 1, kMin, kMin + 1, -1, (std::int64_t{1} << 53) - 1,
                                 (std::int64_t{1} << 54) - 1, (std::int64_t{1} << 62) - 1});
  CompareLengths(lengths);
}

TEST(SpanLengthsTest, AgreesOnLengthsOfEverySize) {
  Random random(52);
  std::vector<std::int64_t> lengths;
  for (int i = 0; i < 200'000; ++i) {
    lengths.push_back(static_cast<std::int64_t>(random() >> (random() % 64)));
  }
  CompareLengths(lengths);
}

// Starts and ends that are anything, as a hostile trace may state them.
TEST(SpanLengthsTest, AgreesWhereLengthsWrap) {
  Random random(53);
  std::vector<std::int64_t> start;
  std::vector<std::int64_t> end;
  const std::int64_t special[] = {kMin, kMin + 1, -1, 0, 1, kMax - 1, kMax};
  for (const std::int64_t a : special) {
    for (const std::int64_t b : special) {
      start.push_back(a);
      end.push_back(b);
    }
  }
  for (int i = 0; i < 10'000; ++i) {
    start.push_back(static_cast<std::int64_t>(random()));
    end.push_back(static_cast<std::int64_t>(random()));
  }
  Compare(start, end);
}

}  // namespace
}  // namespace gtengine::kernels
