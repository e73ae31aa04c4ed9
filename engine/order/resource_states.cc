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
  SetHint(id, slot);
  return slot;
}

void GoroutineTable::SetHint(GoId id, std::uint32_t slot) {
  std::uint32_t& first = hints_[HintOf(id)];
  const bool is_taken = states_[first].alive && HintOf(states_[first].id) == HintOf(id);
  (is_taken ? hints_[OtherHintOf(id)] : first) = slot;
}

std::uint32_t GoroutineTable::FindElsewhere(GoId id) {
  const std::uint32_t hint = hints_[OtherHintOf(id)];
  if (IsAt(id, hint)) return hint;
  const auto found = slots_.find(Raw(id));
  if (found == slots_.end()) return kNoSlot;
  SetHint(id, found->second);
  return found->second;
}

void GoroutineTable::Remove(std::uint32_t slot) {
  GoroutineState& state = states_[slot];
  slots_.erase(Raw(state.id));
  state.alive = false;
  regions_.Clear(state.region);
  if (state.ranges != 0) ranges_[state.ranges].Clear();
  free_.push_back(slot);
}

}  // namespace gtengine::order
