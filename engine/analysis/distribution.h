// How a set of non-negative lengths is distributed: count, sum, least and greatest exactly,
// quantiles within 1/128.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "engine/analysis/histogram.h"
#include "engine/base/int128.h"

namespace gtengine {

// Mergeable: any order of Add and Combine over the same values gives the same state. Memory as its
// Histogram, and 48 bytes; what a row touches comes first. Not safe for concurrent writing.
class Distribution {
 public:
  Distribution() = default;

  // `value` must not be negative. O(1); allocates when the value is the first of its power of two.
  void Add(std::int64_t value) { Add(value, Histogram::BucketOf(value)); }
  // The same for a value that goes to many distributions: its bucket, once found, serves them all.
  void Add(std::int64_t value, std::size_t bucket) {
    ++count_;
    const auto added = static_cast<std::uint64_t>(value);
    sum_low_ += added;
    // Rare: a branch costs less than a second sum in memory.
    if (sum_low_ < added) [[unlikely]]
      ++sum_high_;
    // New extremes are rare: a branch costs less than a store.
    if (value < min_) [[unlikely]]
      min_ = value;
    if (value > max_) [[unlikely]]
      max_ = value;
    histogram_.AddOneTo(bucket);
  }
  // Adds all values of `other`, which may be this one.
  void Combine(const Distribution& other);

  bool empty() const { return count_ == 0; }
  std::uint64_t count() const { return count_; }
  Uint128 sum() const { return Uint128{sum_high_} << 64 | sum_low_; }
  // 0 when empty.
  std::int64_t min() const { return empty() ? 0 : min_; }
  std::int64_t max() const { return empty() ? 0 : max_; }
  // The value of rank ceil(permille * count / 1000), within 1/128 of it and never outside of min
  // and max; 0 when empty. O(buckets in use).
  std::int64_t Quantile(std::uint32_t permille) const;
  const Histogram& histogram() const { return histogram_; }

  // A distribution from what the accessors above told; nothing when no set of values has these
  // numbers (as far as the histogram can tell).
  static std::optional<Distribution> Restore(Uint128 sum, std::int64_t min, std::int64_t max,
                                             Histogram histogram);

 private:
  std::uint64_t sum_low_ = 0;
  std::uint64_t sum_high_ = 0;
  std::uint64_t count_ = 0;
  std::int64_t min_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_ = -1;
  Histogram histogram_;
};

}  // namespace gtengine
