// The scheduler's state as it is between two generations, told without slots and refs.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/order/scheduler_state.h"

namespace gtengine::order {
namespace {

template <class Items>
void SortById(Items& items) {
  std::ranges::sort(items, {}, [](const auto& item) { return item.id; });
}

}  // namespace

BoundaryState SchedulerState::Boundary(TimeNs last_ns) const {
  BoundaryState state;
  state.last_ns = last_ns;
  state.gc = gc_state_;
  state.gc_sequence = gc_sequence_;
  std::vector<std::pair<GoId, std::uint32_t>> slots;
  slots.reserve(goroutines_.live());
  goroutines_.ForEach([&](const GoroutineState& goroutine) {
    slots.emplace_back(goroutine.id, goroutines_.Find(goroutine.id));
  });
  std::ranges::sort(slots);
  state.goroutines.reserve(slots.size());
  for (const auto& [g, slot] : slots) AddGoroutine(goroutines_.At(slot), state);
  for (const ProcStateRecord& proc : procs_) {
    state.procs.push_back({.id = proc.id, .status = proc.status, .ranges = proc.ranges.all()});
  }
  for (const ThreadState& thread : threads_) {
    state.threads.push_back({.id = thread.id, .g = thread.g, .p = thread.p});
  }
  tasks_.ForEach([&](const ActiveTask& task) {
    state.tasks.push_back(
        {.id = task.id, .parent = task.parent, .name = std::string(names_.Get(task.name))});
  });
  SortById(state.procs);
  SortById(state.threads);
  SortById(state.tasks);
  return state;
}

void SchedulerState::AddGoroutine(const GoroutineState& goroutine, BoundaryState& state) const {
  BoundaryState::Goroutine added{.id = goroutine.id,
                                 .status = goroutine.status,
                                 .is_from_before = goroutine.is_from_before,
                                 .ranges = 0,
                                 .regions = 0};
  for (const OpenRanges::Range& range : goroutines_.RangesOf(goroutine).all()) {
    state.goroutine_ranges.push_back(range);
    ++added.ranges;
  }
  const OpenRegions& regions = goroutines_.regions();
  for (std::uint32_t region = goroutine.region; region != OpenRegions::kNone;
       region = regions.Around(region)) {
    const UserRegion& open = regions.Get(region);
    state.regions.push_back({.task = open.task, .name = std::string(names_.Get(open.name))});
    ++added.regions;
  }
  state.goroutines.push_back(added);
}

}  // namespace gtengine::order
