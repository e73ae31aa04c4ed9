// Spans of Ps.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>

#include "engine/base/heap_bytes.h"
#include "engine/base/mix_hash.h"
#include "engine/columns/proc_spans.h"
#include "engine/order/event.h"
#include "engine/spans/column_sinks.h"

namespace gtengine::spans {

// Borrows the sink. Memory: some 50 bytes a P.
class ProcSpanBuilder {
 public:
  explicit ProcSpanBuilder(ColumnSink<ProcSpans>& sink) : sink_(sink) {}

  void Begin(TimeNs trace_start_ns) { trace_start_ns_ = trace_start_ns; }
  // A transition between two different states: of a P, or of a goroutine, for runnable_ns.
  void AddProc(const order::OrderedEvent& event);
  void AddGoroutine(const order::OrderedEvent& event) {
    if (static_cast<GoState>(event.to) == GoState::kRunnable) {
      if (runnable_++ == 0) runnable_since_ns_ = event.time_ns;
    } else if (static_cast<GoState>(event.from) == GoState::kRunnable) {
      const TimeNs until_now_ns = RunnableUntil(event.time_ns);
      if (--runnable_ == 0) runnable_ns_ = until_now_ns;
    }
  }
  void Finish(TimeNs trace_end_ns);
  std::size_t state_bytes() const { return RobinBytes(procs_); }

 private:
  struct Proc {
    ProcState state = ProcState::kUndetermined;
    std::uint8_t flags = 0;
    ThreadId m = kNoThread;
    TimeNs start_ns = 0;
    TimeNs runnable_ns_before = 0;
  };

  void Close(ProcId p, const Proc& proc, TimeNs end_ns, std::uint8_t end_flags);
  // How much time until now had a runnable goroutine.
  TimeNs RunnableUntil(TimeNs now_ns) const {
    return runnable_ > 0 ? WrappingAdd(runnable_ns_, WrappingSubtract(now_ns, runnable_since_ns_))
                         : runnable_ns_;
  }

  ColumnSink<ProcSpans>& sink_;
  TimeNs trace_start_ns_ = 0;
  tsl::robin_map<std::int64_t, Proc, MixHash> procs_;
  std::uint64_t runnable_ = 0;  // goroutines
  TimeNs runnable_since_ns_ = 0;
  TimeNs runnable_ns_ = 0;
};

}  // namespace gtengine::spans
