// Log-linear histogram of non-negative 64-bit integers (lengths in ns): exact below 128, and 64
// buckets of equal width in every power of two above. Integers only, so that any order of adding
// and combining gives the same state.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gtengine {

// Memory: 88 bytes, and 512 for each group of 64 buckets that has a value. Not safe for concurrent
// writing.
class Histogram {
 public:
  static constexpr std::size_t kGroupBuckets = 64;
  static constexpr std::size_t kGroups = 58;
  static constexpr std::size_t kBuckets = kGroups * kGroupBuckets;

  // The bucket of `value`, which must not be negative. Buckets are numbered in order of their
  // values.
  static constexpr std::size_t BucketOf(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    const auto shift = static_cast<std::size_t>(std::bit_width(bits | kGroupBuckets)) - 7;
    return shift * kGroupBuckets + static_cast<std::size_t>(bits >> shift);
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
  void Add(std::int64_t value) { ++CountOf(BucketOf(value)); }
  // Counts `count` values into bucket number `bucket` (below kBuckets) at once.
  void AddToBucket(std::size_t bucket, std::uint64_t count) { CountOf(bucket) += count; }
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
      const std::uint64_t* counts = &counts_[(block_of_group_[group] - 1u) * kGroupBuckets];
      for (std::size_t i = 0; i < kGroupBuckets; ++i) {
        if (counts[i] != 0) visit(group * kGroupBuckets + i, counts[i]);
      }
    }
  }

  // Bytes of memory beyond the object itself.
  std::size_t heap_bytes() const { return counts_.capacity() * sizeof(counts_[0]); }

 private:
  // Log2 of the width of a bucket.
  static constexpr std::size_t Shift(std::size_t bucket) {
    const std::size_t group = bucket / kGroupBuckets;
    return group < 2 ? 0 : group - 1;
  }

  std::uint64_t& CountOf(std::size_t bucket) {
    const std::size_t group = bucket / kGroupBuckets;
    if (block_of_group_[group] == 0) [[unlikely]]
      AddBlock(group);
    return counts_[(block_of_group_[group] - 1u) * kGroupBuckets + bucket % kGroupBuckets];
  }
  void AddBlock(std::size_t group);

  std::array<std::uint8_t, kGroups> block_of_group_ =
      {};                              // 0: the group has none; else 1 + its number
  std::vector<std::uint64_t> counts_;  // blocks in order of first use
};

}  // namespace gtengine
