#include "engine/analysis/keyed_distributions.h"

#include <algorithm>

namespace gtengine {

Distribution& KeyedDistributions::Find(std::uint32_t key, std::uint32_t code) {
  if (key >= key_limit_) {
    key_limit_ = std::size_t{key} + 1;
    heads_.resize(key_limit_);
  }
  const std::uint32_t head = heads_[key].cell;
  for (std::uint32_t before = 0, at = head; at != 0; before = at, at = cells_[at].next) {
    if (cells_[at].code != code) continue;
    // The most frequent code belongs in front, where At looks first.
    if (cells_[at].distribution.count() > cells_[head].distribution.count()) {
      cells_[before].next = cells_[at].next;
      cells_[at].next = head;
      heads_[key] = {at, code};
    }
    return cells_[at].distribution;
  }
  std::uint32_t fresh = free_;
  if (fresh != 0) {
    free_ = cells_[fresh].next;
  } else {
    fresh = static_cast<std::uint32_t>(cells_.size());
    cells_.emplace_back();
  }
  cells_[fresh].code = code;
  cells_[fresh].next = head;
  heads_[key] = {fresh, code};
  return cells_[fresh].distribution;
}

std::size_t KeyedDistributions::heap_bytes(std::size_t more_keys) {
  constexpr std::uint32_t kCallsBetween = 512;
  if (4 * cells_.size() > 5 * counted_cells_ || ++calls_ == kCallsBetween) {
    counted_cells_ = cells_.size();
    calls_ = 0;
    histogram_bytes_ = 0;
    for (const Cell& cell : cells_) histogram_bytes_ += cell.distribution.histogram().heap_bytes();
  }
  const std::size_t each = histogram_bytes_ / counted_cells_ + 1;
  const std::size_t more_cells = std::min(more_keys, cells_.size());
  return HeapBytes(heads_, more_keys) + HeapBytes(cells_, more_cells) +
         (cells_.size() + more_cells) * each;
}

void KeyedDistributions::Forget(std::uint32_t key) {
  if (key >= heads_.size()) return;
  std::uint32_t at = heads_[key].cell;
  heads_[key] = {};
  while (at != 0) {
    const std::uint32_t next = cells_[at].next;
    cells_[at] = Cell();
    cells_[at].next = free_;
    free_ = at;
    at = next;
  }
}

}  // namespace gtengine
