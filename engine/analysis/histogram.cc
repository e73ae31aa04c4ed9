#include "engine/analysis/histogram.h"

#include "engine/base/int128.h"

namespace gtengine {

void Histogram::AddBlock(std::size_t group) {
  // Exactly as much as is needed: most histograms stop growing at a handful of groups, and there
  // are many of them.
  const std::size_t size = low_.size() + kGroupBuckets;
  low_.reserve(size);
  low_.resize(size);
  if (!high_.empty()) high_.resize(size);
  block_of_group_[group] = static_cast<std::uint8_t>(size / kGroupBuckets);
}

void Histogram::Carry(std::size_t place, std::uint64_t carry) {
  if (high_.empty()) high_.resize(low_.size());
  high_[place] += carry;
}

void Histogram::AddAt(std::size_t place, std::uint64_t count) {
  const std::uint64_t sum = low_[place] + (count & 0xffff);
  low_[place] = static_cast<std::uint16_t>(sum);
  const std::uint64_t carry = (count >> 16) + (sum >> 16);
  if (carry != 0) Carry(place, carry);
}

void Histogram::Combine(const Histogram& other) {
  for (std::size_t group = 0; group < kGroups; ++group) {
    if (other.block_of_group_[group] == 0) continue;
    const std::size_t from = (other.block_of_group_[group] - 1u) * kGroupBuckets;
    const std::size_t to = PlaceOf(group * kGroupBuckets);
    if (other.high_.empty() && AddLow(other.low_.data() + from, low_.data() + to)) continue;
    for (std::size_t i = 0; i < kGroupBuckets; ++i) AddAt(to + i, other.CountAt(from + i));
  }
}

// Adds the low bits of a group's counts, in vectors of the compiler's making. False, and nothing is
// changed, when one of them would not stay within its bits.
bool Histogram::AddLow(const std::uint16_t* from, std::uint16_t* to) {
  std::uint16_t over = 0;
  for (std::size_t i = 0; i < kGroupBuckets; ++i) {
    over |= static_cast<std::uint16_t>(to[i] + from[i]) < from[i] ? 1 : 0;
  }
  if (over != 0) return false;
  for (std::size_t i = 0; i < kGroupBuckets; ++i) {
    to[i] = static_cast<std::uint16_t>(to[i] + from[i]);
  }
  return true;
}

std::uint64_t Histogram::Count() const {
  std::uint64_t sum = 0;
  for (std::size_t place = 0; place < low_.size(); ++place) sum += CountAt(place);
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
