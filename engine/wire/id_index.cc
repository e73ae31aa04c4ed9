#include "engine/wire/id_index.h"

#include <algorithm>

namespace gtengine::wire {

void IdIndex::Clear() {
  contiguous_ = 0;
  ids_.clear();
  dense_.clear();
  sparse_.clear();
}

std::optional<std::uint64_t> IdIndex::Seal() {
  const std::uint64_t max_id = ids_.empty() ? 0 : *std::ranges::max_element(ids_);
  const bool dense = max_id / 4 <= ids_.size() + 256;
  dense_.assign(dense ? static_cast<std::size_t>(max_id) + 1 : 0, kAbsent);
  for (std::uint32_t position = 0; position < ids_.size(); ++position) {
    const std::uint64_t id = ids_[position];
    if (id == 0) return id;
    if (dense) {
      if (dense_[static_cast<std::size_t>(id)] != kAbsent) return id;
      dense_[static_cast<std::size_t>(id)] = position;
    } else if (!sparse_.emplace(id, position).second) {
      return id;
    }
  }
  while (contiguous_ + 1 < dense_.size() &&
         dense_[static_cast<std::size_t>(contiguous_) + 1] != kAbsent) {
    ++contiguous_;
  }
  return std::nullopt;
}

}  // namespace gtengine::wire
