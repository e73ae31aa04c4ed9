// Garbage collection, stop-the-world, tasks and regions: what begins, must be open to end, and
// ends.
#include <fmt/format.h>

#include "engine/order/scheduler_state.h"
#include "engine/wire/event_spec.h"

namespace gtengine::order {

using wire::EventType;

Outcome SchedulerState::GcActive(Step& step) {
  const std::uint64_t sequence = step.event.args[0];
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
  return Annotation(step);
}

Outcome SchedulerState::GcBegin(Step& step) {
  const std::uint64_t sequence = step.event.args[0];
  if (gc_state_ == GcState::kUndetermined) {
    gc_sequence_ = sequence;
    gc_state_ = GcState::kRunning;
    return Outcome::kAdvanced;
  }
  if (sequence != gc_sequence_ + 1) return Outcome::kNotYet;
  if (gc_state_ == GcState::kRunning) return Broken("GCBegin while a collection is under way");
  gc_sequence_ = sequence;
  gc_state_ = GcState::kRunning;
  return Annotation(step);
}

Outcome SchedulerState::GcEnd(Step& step) {
  const std::uint64_t sequence = step.event.args[0];
  if (sequence != gc_sequence_ + 1) return Outcome::kNotYet;
  if (gc_state_ != GcState::kRunning) return Broken("GCEnd while no collection is under way");
  gc_sequence_ = sequence;
  gc_state_ = GcState::kNotRunning;
  return Annotation(step);
}

Outcome SchedulerState::BeginRange(Step& step, OpenRanges& ranges, std::uint64_t reason) {
  const OpenRanges::Range range{.begin = step.event.type, .reason = reason};
  if (ranges.Has(range)) {
    return Broken(fmt::format("{}, but that range is open", wire::SpecOf(step.event.type).name));
  }
  ranges.Add(range);
  return Outcome::kAdvanced;
}

Outcome SchedulerState::ActiveRange(Step& step, OpenRanges& ranges) {
  const OpenRanges::Range range{.begin = wire::SpecOf(step.event.type).range_begin};
  if (ranges.Has(range) == IsFirstGeneration()) {
    return Broken(fmt::format("{}, but that range is {}", wire::SpecOf(step.event.type).name,
                              IsFirstGeneration() ? "open already" : "not open"));
  }
  if (IsFirstGeneration()) ranges.Add(range);
  return Outcome::kAdvanced;
}

Outcome SchedulerState::EndRange(Step& step, OpenRanges& ranges, std::uint64_t* reason) {
  const auto range = ranges.Take(wire::SpecOf(step.event.type).range_begin);
  if (!range) {
    return Broken(fmt::format("{}, but no such range is open", wire::SpecOf(step.event.type).name));
  }
  if (reason != nullptr) *reason = range->reason;
  return Outcome::kAdvanced;
}

Outcome SchedulerState::SweepBegin(Step& step) {
  if (!Require(step.event, Need::kOne, Need::kOne, Need::kAny)) return Outcome::kBroken;
  return BeginRange(step, procs_.Find(step.event.p)->ranges, 0);
}

Outcome SchedulerState::SweepActive(Step& step) {
  const ProcId p{static_cast<std::int64_t>(step.event.args[0])};
  ProcStateRecord* proc = procs_.Find(p);
  if (proc == nullptr) return Broken(fmt::format("GCSweepActive on unknown P {}", Raw(p)));
  return ActiveRange(step, proc->ranges);
}

Outcome SchedulerState::SweepEnd(Step& step) {
  if (!Require(step.event, Need::kOne, Need::kOne, Need::kAny)) return Outcome::kBroken;
  if (EndRange(step, procs_.Find(step.event.p)->ranges, nullptr) == Outcome::kBroken) {
    return Outcome::kBroken;
  }
  return Outcome::kAdvanced;
}

// STWBegin and GCMarkAssistBegin.
Outcome SchedulerState::GoRangeBegin(Step& step) {
  if (!RequireUserGoroutine(step.event)) return Outcome::kBroken;
  GoroutineState* goroutine = KnownGoroutine(step);
  if (goroutine == nullptr) return Outcome::kBroken;
  const std::uint64_t reason = step.event.type == EventType::kStwBegin ? step.event.args[0] : 0;
  return BeginRange(step, goroutine->extras().ranges, reason);
}

Outcome SchedulerState::GoRangeActive(Step& step) {
  const GoId g{static_cast<std::int64_t>(step.event.args[0])};
  const std::uint32_t slot = goroutines_.Find(g);
  if (slot == kNoSlot) {
    return Broken(fmt::format("GCMarkAssistActive on unknown goroutine {}", Raw(g)));
  }
  return ActiveRange(step, goroutines_.At(slot).extras().ranges);
}

Outcome SchedulerState::GoRangeEnd(Step& step) {
  if (!RequireUserGoroutine(step.event)) return Outcome::kBroken;
  GoroutineState* goroutine = KnownGoroutine(step);
  if (goroutine == nullptr) return Outcome::kBroken;
  std::uint64_t reason = 0;
  if (EndRange(step, goroutine->extras().ranges, &reason) == Outcome::kBroken) {
    return Outcome::kBroken;
  }
  if (step.event.type == EventType::kStwEnd) step.event.args[0] = reason;
  return Outcome::kAdvanced;
}

Outcome SchedulerState::TaskBegin(Step& step) {
  const auto id = static_cast<std::int64_t>(step.event.args[0]);
  if (tasks_.contains(id)) return Broken(fmt::format("task {} begins, but is open", id));
  // 0 means no parent here; only regions belong to the background task by default.
  const TaskId parent = step.event.args[1] == 0 ? kNoTask : TaskId{step.event.args[1]};
  const auto name = tables_->String(step.event.args[2]);
  if (!name) {
    return Broken(fmt::format("task {} has string {} as its name, which does not exist", id,
                              step.event.args[2]));
  }
  tasks_.emplace(id, ActiveTask{.name = NameRef(*name), .parent = parent});
  if (!RequireUserGoroutine(step.event)) return Outcome::kBroken;
  step.event.args[1] = Raw(parent);
  return Outcome::kAdvanced;
}

// The end of a task may come more than once, and without a beginning.
Outcome SchedulerState::TaskEnd(Step& step) {
  ActiveTask task;
  if (const auto found = tasks_.find(static_cast<std::int64_t>(step.event.args[0]));
      found != tasks_.end()) {
    task = found->second;
    tasks_.erase(found);
  }
  if (!RequireUserGoroutine(step.event)) return Outcome::kBroken;
  step.event.args[2] = Raw(task.parent);
  step.event.args[3] = static_cast<std::uint64_t>(task.name);
  return Outcome::kAdvanced;
}

Outcome SchedulerState::RegionBegin(Step& step) {
  if (!RequireUserGoroutine(step.event)) return Outcome::kBroken;
  const auto name = tables_->String(step.event.args[1]);
  if (!name) {
    return Broken(fmt::format("a region has string {} as its name, which does not exist",
                              step.event.args[1]));
  }
  GoroutineState* goroutine = KnownGoroutine(step);
  if (goroutine == nullptr) return Outcome::kBroken;
  goroutine->extras().regions.push_back(
      {.task = TaskId{step.event.args[0]}, .name = NameRef(*name)});
  return Outcome::kAdvanced;
}

Outcome SchedulerState::RegionEnd(Step& step) {
  if (!RequireUserGoroutine(step.event)) return Outcome::kBroken;
  const auto name = tables_->String(step.event.args[1]);
  if (!name) {
    return Broken(fmt::format("a region has string {} as its name, which does not exist",
                              step.event.args[1]));
  }
  GoroutineState* goroutine = KnownGoroutine(step);
  if (goroutine == nullptr) return Outcome::kBroken;
  std::vector<UserRegion>& open = goroutine->extras().regions;
  // One that began before the trace did is not known.
  if (!open.empty()) {
    const UserRegion ended{.task = TaskId{step.event.args[0]}, .name = NameRef(*name)};
    if (open.back() != ended) {
      return Broken(
          fmt::format("region \"{}\" ends on goroutine {}, where the innermost open one "
                      "is \"{}\"",
                      *name, Raw(step.event.g), names_.Get(open.back().name)));
    }
    open.pop_back();
  }
  return Outcome::kAdvanced;
}

}  // namespace gtengine::order
