#include "engine/spans/syscall_builder.h"

namespace gtengine::spans {

using order::OrderedEvent;

void SyscallBuilder::Open(std::uint32_t slot, const OrderedEvent& event) {
  if (slot >= calls_.size()) calls_.resize(slot + std::size_t{1});
  Call& call = calls_[slot];
  call = {.g = order::SubjectGoroutine(event),
          .p = event.p,
          .m = event.m,
          .start_ns = event.time_ns,
          .lost_p_ns = event.time_ns,
          .stack = with_stacks_ ? refs_.Stack(order::ContextStack(event)) : kNoStack,
          .is_open = true,
          .has_p = event.p != kNoProc};
  const auto from = static_cast<GoState>(event.from);
  if (from == GoState::kUndetermined) call.flags |= kCutAtStart;
  if (call.has_p) {
    procs_[Raw(event.p)] = {.slot = slot, .seen_slot = slot};
  } else {
    call.flags |= kLossUnseen;
  }
}

// A P that goes idle leaves a goroutine that is in a call on it behind.
void SyscallBuilder::AddProc(const OrderedEvent& event) {
  if (static_cast<ProcState>(event.to) != ProcState::kIdle) return;
  const auto found = procs_.find(Raw(order::SubjectProc(event)));
  if (found == procs_.end()) return;
  OnProc& on_proc = found.value();
  if (on_proc.slot != order::kNoSlot) {
    Call& call = calls_[on_proc.slot];
    call.has_p = false;
    call.lost_p_ns = event.time_ns;
    if (on_proc.seen_slot == order::kNoSlot) call.flags |= kLossUnseen;
  }
  on_proc = {};
}

void SyscallBuilder::Close(std::uint32_t slot, TimeNs end_ns, std::uint8_t end_flags) {
  if (slot >= calls_.size() || !calls_[slot].is_open) return;
  Call& call = calls_[slot];
  const auto [syscalls, row] = sink_.AddRow();
  syscalls.g[row] = call.g;
  syscalls.p[row] = call.p;
  syscalls.m[row] = call.m;
  syscalls.start_ns[row] = call.start_ns;
  syscalls.end_ns[row] = end_ns;
  syscalls.had_p_until_ns[row] = call.has_p ? end_ns : call.lost_p_ns;
  syscalls.stack[row] = call.stack;
  syscalls.flags[row] = call.flags | end_flags;
  call.is_open = false;
  if (const auto found = procs_.find(Raw(call.p)); found != procs_.end()) {
    OnProc& on_proc = found.value();
    if (on_proc.slot == slot) on_proc.slot = order::kNoSlot;
    // Go's summarizer forgets whoever is in a call on this P by now.
    on_proc.seen_slot = order::kNoSlot;
  }
}

void SyscallBuilder::Finish(TimeNs trace_end_ns) {
  for (std::uint32_t slot = 0; slot < calls_.size(); ++slot) Close(slot, trace_end_ns, kCutAtEnd);
}

}  // namespace gtengine::spans
