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
  const std::uint32_t slot = states_.Add(static_cast<std::uint64_t>(Raw(id)));
  GoroutineState& state = states_.At(slot);
  state.status = status;
  state.SetSequence(sequence);
  state.is_from_before = false;
  return slot;
}

void GoroutineTable::Remove(std::uint32_t slot) {
  GoroutineState& state = states_.At(slot);
  regions_.Clear(state.region);
  if (state.ranges != 0) ranges_[state.ranges].Clear();
  states_.Remove(slot);
}

}  // namespace gtengine::order
