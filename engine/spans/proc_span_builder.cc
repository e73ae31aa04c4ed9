#include "engine/spans/proc_span_builder.h"

#include <algorithm>
#include <vector>

namespace gtengine::spans {

using order::OrderedEvent;
using wire::EventType;

void ProcSpanBuilder::AddProc(const OrderedEvent& event) {
  const ProcId p = order::SubjectProc(event);
  Proc& proc = procs_[Raw(p)];
  const bool is_stolen = event.type == EventType::kProcSteal;
  if (proc.state != ProcState::kUndetermined) {
    Close(p, proc, event.time_ns, is_stolen ? kStolen : std::uint8_t{0});
  }
  proc = {.state = static_cast<ProcState>(event.to),
          .m = event.m,
          .start_ns = event.time_ns,
          .runnable_ns_before = RunnableUntil(event.time_ns)};
  if (static_cast<ProcState>(event.from) != ProcState::kUndetermined) return;
  proc.flags = kCutAtStart;
  proc.start_ns = trace_start_ns_;
  proc.runnable_ns_before = 0;
}

void ProcSpanBuilder::Close(ProcId p, const Proc& proc, TimeNs end_ns, std::uint8_t end_flags) {
  const auto [spans, row] = sink_.AddRow();
  const bool is_idle = proc.state == ProcState::kIdle;
  spans.p[row] = p;
  spans.state[row] = proc.state;
  spans.start_ns[row] = proc.start_ns;
  spans.end_ns[row] = end_ns;
  spans.m[row] = proc.m;
  spans.runnable_ns[row] =
      is_idle ? WrappingSubtract(RunnableUntil(end_ns), proc.runnable_ns_before) : 0;
  spans.flags[row] = proc.flags | end_flags;
}

void ProcSpanBuilder::Finish(TimeNs trace_end_ns) {
  std::vector<std::int64_t> ids;
  for (const auto& [id, proc] : procs_) {
    if (proc.state != ProcState::kUndetermined) ids.push_back(id);
  }
  std::ranges::sort(ids);
  for (const std::int64_t id : ids) Close(ProcId{id}, procs_[id], trace_end_ns, kCutAtEnd);
}

}  // namespace gtengine::spans
