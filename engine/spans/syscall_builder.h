// System calls, and when their goroutines lost their Ps.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/base/mix_hash.h"
#include "engine/columns/syscalls.h"
#include "engine/order/event.h"
#include "engine/spans/column_sinks.h"
#include "engine/spans/generation_refs.h"

namespace gtengine::spans {

// Borrows the sink and the refs. Memory: 56 bytes a live goroutine.
class SyscallBuilder {
 public:
  SyscallBuilder(ColumnSink<Syscalls>& sink, GenerationRefs& refs, bool with_stacks)
      : sink_(sink), refs_(refs), with_stacks_(with_stacks) {}

  // A transition between two different states: of a goroutine, or of a P.
  void AddGoroutine(const order::OrderedEvent& event) {
    if (static_cast<GoState>(event.from) == GoState::kSyscall) {
      Close(event.subject_slot, event.time_ns, 0);
    } else if (static_cast<GoState>(event.to) == GoState::kSyscall) {
      Open(event.subject_slot, event);
    }
  }
  void AddProc(const order::OrderedEvent& event);
  void Finish(TimeNs trace_end_ns);
  std::size_t state_bytes(const Growth& growth) const {
    return HeapBytes(calls_, growth.goroutines) + RobinBytes(procs_);
  }

 private:
  struct Call {
    GoId g = kNoGoroutine;
    ProcId p = kNoProc;
    ThreadId m = kNoThread;
    TimeNs start_ns = 0;
    TimeNs lost_p_ns = 0;
    StackRef stack = kNoStack;
    bool is_open = false;
    bool has_p = false;
    std::uint8_t flags = 0;
  };
  // Who is in a call on a P: in truth, and as Go's summarizer sees it.
  struct OnProc {
    std::uint32_t slot = order::kNoSlot;
    std::uint32_t seen_slot = order::kNoSlot;
  };

  void Open(std::uint32_t slot, const order::OrderedEvent& event);
  void Close(std::uint32_t slot, TimeNs end_ns, std::uint8_t end_flags);

  ColumnSink<Syscalls>& sink_;
  GenerationRefs& refs_;
  bool with_stacks_;
  std::vector<Call> calls_;  // by slot
  tsl::robin_map<std::int64_t, OnProc, MixHash> procs_;
};

}  // namespace gtengine::spans
