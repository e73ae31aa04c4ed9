#include "engine/analysis/keyed_distributions.h"

namespace gtengine {

Distribution& KeyedDistributions::Find(std::uint32_t key, std::uint32_t code) {
  if (key >= heads_.size()) heads_.resize(std::size_t{key} + 1);
  for (std::uint32_t at = heads_[key]; at != 0; at = cells_[at].next) {
    if (cells_[at].code == code) return cells_[at].distribution;
  }
  std::uint32_t fresh = free_;
  if (fresh != 0) {
    free_ = cells_[fresh].next;
  } else {
    fresh = static_cast<std::uint32_t>(cells_.size());
    cells_.emplace_back();
  }
  cells_[fresh].code = code;
  cells_[fresh].next = heads_[key];
  heads_[key] = fresh;
  return cells_[fresh].distribution;
}

void KeyedDistributions::Forget(std::uint32_t key) {
  if (key >= heads_.size()) return;
  std::uint32_t at = heads_[key];
  heads_[key] = 0;
  while (at != 0) {
    const std::uint32_t next = cells_[at].next;
    cells_[at] = Cell();
    cells_[at].next = free_;
    free_ = at;
    at = next;
  }
}

}  // namespace gtengine
