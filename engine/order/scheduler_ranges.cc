// Garbage collection, stop-the-world, tasks and regions: what begins, must be open to end, and
// ends.
#include <fmt/format.h>

#include <algorithm>

#include "engine/order/scheduler_state.h"
#include "engine/wire/event_spec.h"

namespace gtengine::order {

using wire::EventType;

Attempt SchedulerState::GcActive(OrderedEvent& event, ThreadState& thread) {
  const std::uint64_t sequence = event.args[0];
  if (IsFirstGeneration()) {
    if (gc_state_ != GcState::kUndetermined) {
      return Broken("GCActive is not the first garbage collection event of the first generation");
    }
    gc_sequence_ = sequence;
    gc_state_ = GcState::kRunning;
    return Outcome::kAdvanced;
  }
  if (sequence != gc_sequence_ + 1) return Outcome::kNotYet;
  if (gc_state_ != GcState::kRunning) return Broken("GCActive while no collection is under way");
  gc_sequence_ = sequence;
  return Annotation(event, thread);
}

Attempt SchedulerState::GcBegin(OrderedEvent& event, ThreadState& thread) {
  const std::uint64_t sequence = event.args[0];
  if (gc_state_ == GcState::kUndetermined) {
    gc_sequence_ = sequence;
    gc_state_ = GcState::kRunning;
    if (!assumptions_.is_on) return Outcome::kAdvanced;
    assumptions_.first_gc = sequence;
    return Annotation(event, thread);
  }
  if (sequence != gc_sequence_ + 1) return Outcome::kNotYet;
  if (gc_state_ == GcState::kRunning) return Broken("GCBegin while a collection is under way");
  gc_sequence_ = sequence;
  gc_state_ = GcState::kRunning;
  return Annotation(event, thread);
}

Attempt SchedulerState::GcEnd(OrderedEvent& event, ThreadState& thread) {
  const std::uint64_t sequence = event.args[0];
  if (sequence != gc_sequence_ + 1) return Outcome::kNotYet;
  if (gc_state_ != GcState::kRunning) return Broken("GCEnd while no collection is under way");
  gc_sequence_ = sequence;
  gc_state_ = GcState::kNotRunning;
  return Annotation(event, thread);
}

void SchedulerState::AddRange(OpenRanges& ranges, const OpenRanges::Range& range) {
  const std::size_t before = ranges.heap_bytes();
  ranges.Add(range);
  open_range_bytes_ += ranges.heap_bytes() - before;
}

Outcome SchedulerState::BeginRange(const OrderedEvent& event, OpenRanges& ranges,
                                   std::uint64_t reason) {
  const OpenRanges::Range range{.begin = event.type, .reason = reason};
  if (ranges.Has(range)) {
    return Broken(fmt::format("{}, but that range is open", wire::SpecOf(event.type).name));
  }
  AddRange(ranges, range);
  return Outcome::kAdvanced;
}

Outcome SchedulerState::ActiveRange(const OrderedEvent& event, OpenRanges& ranges) {
  const OpenRanges::Range range{.begin = wire::SpecOf(event.type).range_begin};
  if (ranges.Has(range) == IsFirstGeneration()) {
    return Broken(fmt::format("{}, but that range is {}", wire::SpecOf(event.type).name,
                              IsFirstGeneration() ? "open already" : "not open"));
  }
  if (IsFirstGeneration()) AddRange(ranges, range);
  return Outcome::kAdvanced;
}

Outcome SchedulerState::EndRange(const OrderedEvent& event, OpenRanges& ranges,
                                 std::uint64_t* reason) {
  const auto range = ranges.Take(wire::SpecOf(event.type).range_begin);
  if (!range) {
    return Broken(fmt::format("{}, but no such range is open", wire::SpecOf(event.type).name));
  }
  if (reason != nullptr) *reason = range->reason;
  return Outcome::kAdvanced;
}

Attempt SchedulerState::SweepBegin(OrderedEvent& event, ThreadState&) {
  if (!Require(event, Need::kOne, Need::kOne, Need::kAny)) return Outcome::kBroken;
  return BeginRange(event, procs_.Find(event.p)->ranges, 0);
}

Attempt SchedulerState::SweepActive(OrderedEvent& event, ThreadState&) {
  const ProcId p{static_cast<std::int64_t>(event.args[0])};
  ProcStateRecord* proc = procs_.Find(p);
  if (proc == nullptr) return Broken(fmt::format("GCSweepActive on unknown P {}", Raw(p)));
  return ActiveRange(event, proc->ranges);
}

Attempt SchedulerState::SweepEnd(OrderedEvent& event, ThreadState&) {
  if (!Require(event, Need::kOne, Need::kOne, Need::kAny)) return Outcome::kBroken;
  if (EndRange(event, procs_.Find(event.p)->ranges, nullptr) == Outcome::kBroken) {
    return Outcome::kBroken;
  }
  return Outcome::kAdvanced;
}

// STWBegin and GCMarkAssistBegin.
Attempt SchedulerState::GoRangeBegin(OrderedEvent& event, ThreadState& thread) {
  if (!RequireUserGoroutine(event)) return Outcome::kBroken;
  GoroutineState* goroutine = KnownGoroutine(event, thread);
  if (goroutine == nullptr) return Outcome::kBroken;
  const std::uint64_t reason = event.type == EventType::kStwBegin ? event.args[0] : 0;
  return BeginRange(event, goroutines_.RangesOf(*goroutine), reason);
}

Attempt SchedulerState::GoRangeActive(OrderedEvent& event, ThreadState&) {
  const GoId g{static_cast<std::int64_t>(event.args[0])};
  const std::uint32_t slot = goroutines_.Find(g);
  if (slot == kNoSlot) {
    return Broken(fmt::format("GCMarkAssistActive on unknown goroutine {}", Raw(g)));
  }
  return ActiveRange(event, goroutines_.RangesOf(goroutines_.At(slot)));
}

Attempt SchedulerState::GoRangeEnd(OrderedEvent& event, ThreadState& thread) {
  if (!RequireUserGoroutine(event)) return Outcome::kBroken;
  GoroutineState* goroutine = KnownGoroutine(event, thread);
  if (goroutine == nullptr) return Outcome::kBroken;
  std::uint64_t reason = 0;
  if (EndRange(event, goroutines_.RangesOf(*goroutine), &reason) == Outcome::kBroken) {
    return Outcome::kBroken;
  }
  if (event.type == EventType::kStwEnd) event.args[0] = reason;
  return Outcome::kAdvanced;
}

Attempt SchedulerState::TaskBegin(OrderedEvent& event, ThreadState&) {
  const std::uint64_t id = event.args[0];
  if (tasks_.Find(id) != kNoSlot) {
    return Broken(fmt::format("task {} begins, but is open", static_cast<std::int64_t>(id)));
  }
  // 0 means no parent here; only regions belong to the background task by default.
  const TaskId parent = event.args[1] == 0 ? kNoTask : TaskId{event.args[1]};
  const auto name = NameOf(event.args[2]);
  if (!name) {
    return Broken(fmt::format("task {} has string {} as its name, which does not exist",
                              static_cast<std::int64_t>(id), event.args[2]));
  }
  assumptions_.least_task = std::min(assumptions_.least_task, id);
  ActiveTask& task = tasks_.At(tasks_.Add(id));
  task.parent = parent;
  task.name = *name;
  if (!RequireUserGoroutine(event)) return Outcome::kBroken;
  event.args[1] = Raw(parent);
  return Outcome::kAdvanced;
}

// The end of a task may come more than once, and without a beginning.
Attempt SchedulerState::TaskEnd(OrderedEvent& event, ThreadState&) {
  ++ended_tasks_;
  ActiveTask ended;
  if (const std::uint32_t slot = tasks_.Find(event.args[0]); slot != kNoSlot) {
    ended = tasks_.At(slot);
    tasks_.Remove(slot);
  } else if (assumptions_.is_on) {
    assumptions_.Note(assumptions_.ended_tasks, event.args[0]);
  }
  if (!RequireUserGoroutine(event)) return Outcome::kBroken;
  event.args[2] = Raw(ended.parent);
  event.args[3] = static_cast<std::uint64_t>(ended.name);
  return Outcome::kAdvanced;
}

std::optional<StringRef> SchedulerState::RegionName(const OrderedEvent& event) {
  const auto name = NameOf(event.args[1]);
  if (!name) {
    what_ = fmt::format("a region has string {} as its name, which does not exist", event.args[1]);
  }
  return name;
}

Attempt SchedulerState::RegionBegin(OrderedEvent& event, ThreadState& thread) {
  if (!RequireUserGoroutine(event)) return Outcome::kBroken;
  const auto name = RegionName(event);
  if (!name) return Outcome::kBroken;
  GoroutineState* goroutine = KnownGoroutine(event, thread);
  if (goroutine == nullptr) return Outcome::kBroken;
  goroutines_.regions().Push(goroutine->region, {.task = TaskId{event.args[0]}, .name = *name});
  return Outcome::kAdvanced;
}

Attempt SchedulerState::RegionEnd(OrderedEvent& event, ThreadState& thread) {
  if (!RequireUserGoroutine(event)) return Outcome::kBroken;
  const auto name = RegionName(event);
  if (!name) return Outcome::kBroken;
  GoroutineState* goroutine = KnownGoroutine(event, thread);
  if (goroutine == nullptr) return Outcome::kBroken;
  const UserRegion ended{.task = TaskId{event.args[0]}, .name = *name};
  // One that began before the trace did is not known.
  if (goroutine->region == OpenRegions::kNone) {
    if (assumptions_.is_on && goroutine->is_from_before) NoteRegionEnd(event.g, ended);
    return Outcome::kAdvanced;
  }
  const UserRegion& innermost = goroutines_.regions().Get(goroutine->region);
  if (innermost != ended) {
    return Broken(
        fmt::format("region \"{}\" ends on goroutine {}, where the innermost open one is \"{}\"",
                    names_.Get(*name), Raw(event.g), names_.Get(innermost.name)));
  }
  goroutines_.regions().Pop(goroutine->region);
  return Outcome::kAdvanced;
}

}  // namespace gtengine::order
