#include "engine/analysis/histogram.h"

#include "engine/base/int128.h"

namespace gtengine {

void Histogram::AddBlock(std::size_t group) {
  const std::size_t blocks = counts_.size() / kGroupBuckets;
  // Exactly as much as is needed: most histograms stop growing at a handful of groups, and there
  // are many of them.
  counts_.reserve((blocks + 1) * kGroupBuckets);
  counts_.resize((blocks + 1) * kGroupBuckets);
  block_of_group_[group] = static_cast<std::uint8_t>(blocks + 1);
}

void Histogram::Combine(const Histogram& other) {
  for (std::size_t group = 0; group < kGroups; ++group) {
    if (other.block_of_group_[group] == 0) continue;
    if (block_of_group_[group] == 0) AddBlock(group);
    const std::uint64_t* from = &other.counts_[(other.block_of_group_[group] - 1u) * kGroupBuckets];
    std::uint64_t* to = &counts_[(block_of_group_[group] - 1u) * kGroupBuckets];
    for (std::size_t i = 0; i < kGroupBuckets; ++i) to[i] += from[i];
  }
}

std::uint64_t Histogram::Count() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts_) sum += count;
  return sum;
}

std::int64_t Histogram::Quantile(std::uint32_t permille) const {
  const Uint128 scaled = Uint128{Count()} * permille;
  const Uint128 rank = scaled == 0 ? 1 : (scaled + 999) / 1000;
  Uint128 seen = 0;
  std::int64_t answer = 0;
  ForEachBucket([&](std::size_t bucket, std::uint64_t count) {
    if (seen < rank) answer = Middle(bucket);
    seen += count;
  });
  return answer;
}

}  // namespace gtengine
