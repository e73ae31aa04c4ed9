#include "engine/analysis/distribution.h"

#include <utility>

namespace gtengine {

void Distribution::Combine(const Distribution& other) {
  if (empty()) {
    *this = other;  // one copy instead of sums
    return;
  }
  count_ += other.count_;
  const Uint128 total = sum() + other.sum();
  sum_low_ = static_cast<std::uint64_t>(total);
  sum_high_ = static_cast<std::uint64_t>(total >> 64);
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  histogram_.Combine(other.histogram_);
}

std::int64_t Distribution::Quantile(std::uint32_t permille) const {
  if (empty()) return 0;
  return std::clamp(histogram_.Quantile(permille), min_, max_);
}

std::optional<Distribution> Distribution::Restore(Uint128 sum, std::int64_t min, std::int64_t max,
                                                  Histogram histogram) {
  Uint128 count = 0;
  Uint128 least_sum = 0;
  Uint128 greatest_sum = 0;
  std::size_t first = Histogram::kBuckets;
  std::size_t last = 0;
  histogram.ForEachBucket([&](std::size_t bucket, std::uint64_t in_bucket) {
    first = std::min(first, bucket);
    last = bucket;
    count += in_bucket;
    // At most 2^63 times the count: they fit while the count fits 64 bits.
    least_sum += Uint128{in_bucket} * static_cast<std::uint64_t>(Histogram::LowerBound(bucket));
    greatest_sum += Uint128{in_bucket} * static_cast<std::uint64_t>(Histogram::UpperBound(bucket));
  });
  if (count == 0 || count > std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
  if (sum < least_sum || sum > greatest_sum) return std::nullopt;
  if (min < 0 || max < min) return std::nullopt;
  if (Histogram::BucketOf(min) != first || Histogram::BucketOf(max) != last) return std::nullopt;

  Distribution restored;
  restored.count_ = static_cast<std::uint64_t>(count);
  restored.sum_low_ = static_cast<std::uint64_t>(sum);
  restored.sum_high_ = static_cast<std::uint64_t>(sum >> 64);
  restored.min_ = min;
  restored.max_ = max;
  restored.histogram_ = std::move(histogram);
  return restored;
}

}  // namespace gtengine
