// Log-linear histogram of non-negative 64-bit integers (lengths in ns): exact below 128, and 64
// buckets of equal width in every power of two above. Integers only, so that any order of adding
// and combining gives the same state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/span_lengths.h"

namespace gtengine {

// Memory: 112 bytes, and 128 for each group of 64 buckets (a power of two) that has a value; 640
// once any bucket counts more than 65535. Small counters are what keeps the histograms of all call
// sites of a trace in the near caches. Not safe for concurrent writing.
class Histogram {
 public:
  static constexpr std::size_t kGroupBuckets = kernels::kBucketsOfPower;
  static constexpr std::size_t kGroups = 58;
  static constexpr std::size_t kBuckets = kGroups * kGroupBuckets;

  // The bucket of `value`, which must not be negative. Buckets are numbered in order of their
  // values.
  static constexpr std::size_t BucketOf(std::int64_t value) {
    return static_cast<std::size_t>(kernels::BucketOfLength(static_cast<std::uint64_t>(value)));
  }
  // The smallest and the largest value that a bucket holds.
  static constexpr std::int64_t LowerBound(std::size_t bucket) {
    if (bucket < 2 * kGroupBuckets) return static_cast<std::int64_t>(bucket);
    const std::size_t mantissa = kGroupBuckets + bucket % kGroupBuckets;
    return static_cast<std::int64_t>(mantissa << Shift(bucket));
  }
  static constexpr std::int64_t UpperBound(std::size_t bucket) {
    return LowerBound(bucket) + ((std::int64_t{1} << Shift(bucket)) - 1);
  }
  // What stands for the values of a bucket: at most 1/128 (0.79 %) away from each of them.
  static constexpr std::int64_t Middle(std::size_t bucket) {
    return LowerBound(bucket) + ((std::int64_t{1} << Shift(bucket)) >> 1);
  }

  // `value` must not be negative. O(1); allocates when it is the first of its group.
  void Add(std::int64_t value) { AddOneTo(BucketOf(value)); }
  // The same for a value whose bucket is known (below kBuckets).
  void AddOneTo(std::size_t bucket) {
    const std::size_t at = PlaceOf(bucket);
    if (++low_[at] == 0) [[unlikely]]
      Carry(at, 1);
  }
  // Counts `count` values into bucket number `bucket` (below kBuckets) at once.
  void AddToBucket(std::size_t bucket, std::uint64_t count) { AddAt(PlaceOf(bucket), count); }
  // Adds all values of `other`, which may be this one.
  void Combine(const Histogram& other);

  // Number of values. O(buckets in use).
  std::uint64_t Count() const;
  // The value of rank ceil(permille * n / 1000), at least 1, in ascending order of the n values, as
  // the middle of its bucket; 0 when there are none. `permille` up to 1000: 999 is p99.9. O(buckets
  // in use).
  std::int64_t Quantile(std::uint32_t permille) const;

  // Calls visit(bucket, count) for every bucket that is not empty, in ascending order.
  template <class Visit>
  void ForEachBucket(Visit visit) const {
    for (std::size_t group = 0; group < kGroups; ++group) {
      if (block_of_group_[group] == 0) continue;
      const std::size_t block = (block_of_group_[group] - 1u) * kGroupBuckets;
      for (std::size_t i = 0; i < kGroupBuckets; ++i) {
        const std::uint64_t count = CountAt(block + i);
        if (count != 0) visit(group * kGroupBuckets + i, count);
      }
    }
  }

  // Bytes of memory beyond the object itself.
  std::size_t heap_bytes() const {
    return low_.capacity() * sizeof(low_[0]) + high_.capacity() * sizeof(high_[0]);
  }

 private:
  // Log2 of the width of a bucket.
  static constexpr std::size_t Shift(std::size_t bucket) {
    const std::size_t group = bucket / kGroupBuckets;
    return group < 2 ? 0 : group - 1;
  }

  // Where the count of a bucket is kept.
  std::size_t PlaceOf(std::size_t bucket) {
    const std::size_t group = bucket / kGroupBuckets;
    if (block_of_group_[group] == 0) [[unlikely]]
      AddBlock(group);
    return (block_of_group_[group] - 1u) * kGroupBuckets + bucket % kGroupBuckets;
  }
  std::uint64_t CountAt(std::size_t place) const {
    return low_[place] + (high_.empty() ? 0 : high_[place] << 16);
  }
  void AddAt(std::size_t place, std::uint64_t count);
  static bool AddLow(const std::uint16_t* from, std::uint16_t* to);
  void AddBlock(std::size_t group);
  void Carry(std::size_t place, std::uint64_t carry);

  // A count's low 16 bits, and the bits above: those only once there are any. Both in blocks of one
  // group, in order of first use.
  std::vector<std::uint16_t> low_;
  std::array<std::uint8_t, kGroups> block_of_group_ =
      {};  // 0: the group has none; else 1 + its number
  std::vector<std::uint64_t> high_;
};

}  // namespace gtengine
