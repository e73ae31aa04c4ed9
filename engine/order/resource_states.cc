#include "engine/order/resource_states.h"

#include <algorithm>
#include <utility>

namespace gtengine::order {

bool OpenRanges::Has(const Range& range) const { return std::ranges::count(ranges_, range) != 0; }

std::optional<OpenRanges::Range> OpenRanges::Take(wire::EventType begin) {
  const auto found = std::ranges::find(ranges_, begin, &Range::begin);
  if (found == ranges_.end()) return std::nullopt;
  const Range range = *found;
  *found = ranges_.back();
  ranges_.pop_back();
  return range;
}

std::uint32_t GoroutineTable::Add(GoId id, wire::GoStatus status, const Sequence& sequence) {
  std::uint32_t slot = 0;
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(states_.size());
    states_.emplace_back();
    if (4 * states_.size() > hints_.size()) {
      hints_.assign(2 * hints_.size(), kNoSlot);
      hint_mask_ = hints_.size() - 1;
    }
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  GoroutineState& state = states_[slot];
  state.id = id;
  state.status = status;
  state.SetSequence(sequence);
  state.alive = true;
  slots_.insert_or_assign(Raw(id), slot);
  hints_[HintOf(id)] = slot;
  return slot;
}

std::uint32_t GoroutineTable::FindByHash(GoId id) {
  const auto found = slots_.find(Raw(id));
  if (found == slots_.end()) return kNoSlot;
  return hints_[HintOf(id)] = found->second;
}

void GoroutineTable::Remove(std::uint32_t slot) {
  GoroutineState& state = states_[slot];
  slots_.erase(Raw(state.id));
  state.alive = false;
  if (state.extras_or_null) state.extras_or_null->Clear();
  free_.push_back(slot);
}

}  // namespace gtengine::order
