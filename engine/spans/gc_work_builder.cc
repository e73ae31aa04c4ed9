#include "engine/spans/gc_work_builder.h"

#include <algorithm>
#include <string_view>

namespace gtengine::spans {

using order::OrderedEvent;
using wire::EventType;

namespace {

bool IsExecuting(std::uint8_t state) {
  return static_cast<GoState>(state) == GoState::kRunning ||
         static_cast<GoState>(state) == GoState::kSyscall;
}

}  // namespace

void GcWorkBuilder::AddRange(const OrderedEvent& event) {
  switch (event.type) {
    case EventType::kGcSweepBegin:
      sweeps_.try_emplace(Raw(event.p), event.time_ns);
      return;
    case EventType::kGcSweepActive:
      // Later generations restate what is known by then.
      sweeps_.try_emplace(static_cast<std::int64_t>(event.args[0]), trace_start_ns_);
      return;
    case EventType::kGcSweepEnd:
      return EndSweep(event.p, event.time_ns);
    case EventType::kGcMarkAssistBegin:
    case EventType::kGcMarkAssistActive: {
      const bool is_found = event.type == EventType::kGcMarkAssistActive;
      // One that does not run tells of itself when it does.
      if (is_found && static_cast<std::int64_t>(event.args[0]) != Raw(event.g)) return;
      Goroutine& goroutine = Of(event.g_slot);
      if (goroutine.is_followed) return;
      return Start(goroutine, event.p, GcWorkKind::kMarkAssist,
                   is_found ? trace_start_ns_ : event.time_ns);
    }
    case EventType::kGcMarkAssistEnd: {
      Goroutine& goroutine = Of(event.g_slot);
      if (goroutine.kind == GcWorkKind::kMarkAssist) Stop(goroutine, event.time_ns);
      goroutine = {};
      return;
    }
    default:
      return;
  }
}

void GcWorkBuilder::AddLabel(const OrderedEvent& event) {
  const std::string_view label = strings_.Get(refs_.String(event.args[0]));
  if (!label.starts_with("GC ") || event.g == kNoGoroutine) return;
  Goroutine& goroutine = Of(event.g_slot);
  Stop(goroutine, event.time_ns);
  goroutine = {};
  if (label == "GC (idle)") return;
  const bool is_dedicated = label == "GC (dedicated)";
  Start(goroutine, event.p, is_dedicated ? GcWorkKind::kDedicatedMark : GcWorkKind::kMark,
        event.time_ns);
}

void GcWorkBuilder::Move(const OrderedEvent& event) {
  Goroutine& goroutine = goroutines_[event.subject_slot];
  const bool was_executing = IsExecuting(event.from);
  const bool is_executing = IsExecuting(event.to);
  if (was_executing && !is_executing) {
    Stop(goroutine, event.time_ns);
    // A mark worker is told its mode anew each time it runs.
    if (goroutine.kind != GcWorkKind::kMarkAssist) goroutine = {};
  } else if (!was_executing && is_executing) {
    Start(goroutine, event.p, goroutine.kind, event.time_ns);
  }
  if (static_cast<GoState>(event.to) == GoState::kNotExist) goroutine = {};
}

void GcWorkBuilder::Start(Goroutine& goroutine, ProcId p, GcWorkKind kind, TimeNs now_ns) {
  goroutine = {.p = p, .since_ns = now_ns, .kind = kind, .is_followed = true, .is_working = true};
}

void GcWorkBuilder::Stop(Goroutine& goroutine, TimeNs now_ns) {
  if (!goroutine.is_working) return;
  goroutine.is_working = false;
  Write(goroutine.p, goroutine.kind, goroutine.since_ns, now_ns);
}

void GcWorkBuilder::EndSweep(ProcId p, TimeNs now_ns) {
  const auto found = sweeps_.find(Raw(p));
  if (found == sweeps_.end()) return;
  Write(p, GcWorkKind::kSweep, found->second, now_ns);
  sweeps_.erase(found);
}

void GcWorkBuilder::Write(ProcId p, GcWorkKind kind, TimeNs start_ns, TimeNs end_ns) {
  const auto [work, row] = sink_.AddRow();
  work.p[row] = p;
  work.kind[row] = kind;
  work.start_ns[row] = start_ns;
  work.end_ns[row] = end_ns;
}

void GcWorkBuilder::Finish(TimeNs trace_end_ns) {
  for (Goroutine& goroutine : goroutines_) Stop(goroutine, trace_end_ns);
  std::vector<std::int64_t> sweeping;
  for (const auto& [p, since_ns] : sweeps_) sweeping.push_back(p);
  std::ranges::sort(sweeping);
  for (const std::int64_t p : sweeping) EndSweep(ProcId{p}, trace_end_ns);
}

}  // namespace gtengine::spans
