// How Ps start, stop, are stolen and are restated.
#include <fmt/format.h>

#include "engine/order/scheduler_state.h"

namespace gtengine::order {

using wire::ProcStatus;

Attempt SchedulerState::ProcStart(OrderedEvent& event, ThreadState& thread) {
  const ProcId p{static_cast<std::int64_t>(event.args[0])};
  const Sequence sequence = At(event.args[1]);
  ProcStateRecord* proc = procs_.Find(p);
  // Perhaps the P's status or stop is still to come on another thread; or this thread is in a
  // system call and the steal of its P is still to come.
  if (proc == nullptr || proc->status != ProcStatus::kIdle || !sequence.Succeeds(proc->sequence) ||
      event.p != kNoProc) {
    return Outcome::kNotYet;
  }
  if (!Require(event, Need::kOne, Need::kNone, Need::kAny)) return Outcome::kBroken;
  proc->status = ProcStatus::kRunning;
  proc->sequence = sequence;
  thread.p = p;
  return Transition(event, ProcState::kIdle, ProcState::kRunning);
}

Attempt SchedulerState::ProcStop(OrderedEvent& event, ThreadState& thread) {
  ProcStateRecord* proc = procs_.Find(event.p);
  if (proc == nullptr) return Broken("ProcStop on a thread without a P");
  if (proc->status != ProcStatus::kRunning && proc->status != ProcStatus::kSyscall) {
    return Broken(fmt::format("ProcStop of P {}, which is not running", Raw(proc->id)));
  }
  if (!Require(event, Need::kOne, Need::kOne, Need::kAny)) return Outcome::kBroken;
  proc->status = ProcStatus::kIdle;
  thread.p = kNoProc;
  return Transition(event, ProcState::kRunning, ProcState::kIdle);
}

Attempt SchedulerState::ProcSteal(OrderedEvent& event, ThreadState& thread) {
  const ProcId p{static_cast<std::int64_t>(event.args[0])};
  const Sequence sequence = At(event.args[1]);
  ProcStateRecord* proc = procs_.Find(p);
  if (proc == nullptr ||
      (proc->status != ProcStatus::kSyscall && proc->status != ProcStatus::kSyscallAbandoned) ||
      !sequence.Succeeds(proc->sequence)) {
    return Outcome::kNotYet;
  }
  if (!Require(event, Need::kOne, Need::kAny, Need::kAny)) return Outcome::kBroken;
  const ProcStatus old_status = proc->status;
  proc->status = ProcStatus::kIdle;
  proc->sequence = sequence;
  if (old_status == ProcStatus::kSyscallAbandoned) {
    // Which thread lost the P is not known, and the P counted as idle already.
    return Transition(event, ProcState::kIdle, ProcState::kIdle);
  }
  return ProcStealFromThread(event, thread, p, ThreadId{static_cast<std::int64_t>(event.args[2])});
}

Outcome SchedulerState::ProcStealFromThread(OrderedEvent& event, ThreadState& thread, ProcId p,
                                            ThreadId victim) {
  if (victim == event.m) {
    if (event.p != p) {
      return Broken(
          fmt::format("the thread steals P {} from itself, but has P {}", Raw(p), Raw(event.p)));
    }
    thread.p = kNoProc;
    return Transition(event, ProcState::kRunning, ProcState::kIdle);
  }
  ThreadState* other = threads_.Find(victim);
  if (other == nullptr) {
    return Broken(fmt::format("P {} is stolen from M {}, which is not known", Raw(p), Raw(victim)));
  }
  if (other->p != p) {
    return Broken(fmt::format("P {} is stolen from M {}, which has P {}", Raw(p), Raw(victim),
                              Raw(other->p)));
  }
  // The victim leaves its system call without a P; its GoSyscallEndBlocked waits for that.
  other->p = kNoProc;
  return Transition(event, ProcState::kRunning, ProcState::kIdle);
}

Attempt SchedulerState::RestateProc(OrderedEvent& event, ThreadState& thread) {
  const ProcId p{static_cast<std::int64_t>(event.args[0])};
  if (static_cast<std::uint8_t>(event.args[1]) >= wire::kStatusCount) {
    return Broken(fmt::format("P {} has status {}, which does not exist", Raw(p), event.args[1]));
  }
  // Only the low byte counts, as in Go.
  const auto status = static_cast<wire::ProcStatus>(static_cast<std::uint8_t>(event.args[1]));
  const auto shown = [](wire::ProcStatus of) {
    switch (of) {
      case ProcStatus::kRunning:
      case ProcStatus::kSyscall:
        return ProcState::kRunning;
      case ProcStatus::kIdle:
      case ProcStatus::kSyscallAbandoned:
        return ProcState::kIdle;
      case ProcStatus::kBad:
        break;
    }
    return ProcState::kUndetermined;
  };
  ProcState from = shown(status);
  ProcState to = from;
  std::uint64_t shown_status = event.args[1];
  bool was_in_syscall = false;
  if (ProcStateRecord* proc = procs_.Find(p)) {
    if (status == ProcStatus::kSyscallAbandoned && proc->status == ProcStatus::kSyscall) {
      // Nothing was lost: we know which thread has it.
      was_in_syscall = true;
      from = to = ProcState::kRunning;
      shown_status = Raw(ProcStatus::kSyscall);
    } else if (status == ProcStatus::kSyscallAbandoned && proc->status == status) {
      shown_status = Raw(status);
    } else if (proc->status != status) {
      return Broken(fmt::format("P {} is restated with status {}, but has status {}", Raw(p),
                                Raw(status), Raw(proc->status)));
    }
    proc->sequence = At(0);
  } else {
    if (assumptions_.is_on) assumptions_.Note(assumptions_.new_procs, p);
    ProcStateRecord& added = procs_.Add(p);
    added.status = status;
    added.sequence = At(0);
    from = IsFirstGeneration() ? ProcState::kUndetermined : ProcState::kNotExist;
  }
  if (status == ProcStatus::kRunning || status == ProcStatus::kSyscall) thread.p = p;
  if (was_in_syscall && !ShowInThreadOf(p, event)) {
    return Broken(fmt::format("no thread has P {}, which is about to be stolen", Raw(p)));
  }
  if (thread.id == kNoThread) thread = {};
  event.args[1] = shown_status;
  return Transition(event, from, to);
}

// The restatement of a P in a system call is written by another thread than the one that has it: it
// is shown in the context of the latter (of several, which no runtime writes, the last by id).
bool SchedulerState::ShowInThreadOf(ProcId p, OrderedEvent& event) {
  const ThreadState* found = nullptr;
  for (const ThreadState& thread : threads_) {
    if (thread.p == p && (found == nullptr || thread.id > found->id)) found = &thread;
  }
  if (found == nullptr) return false;
  event.m = found->id;
  event.p = p;
  event.g = found->g;
  event.g_slot = found->g_slot;
  return true;
}

}  // namespace gtengine::order
