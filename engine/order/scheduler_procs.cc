// How Ps start, stop, are stolen and are restated.
#include <fmt/format.h>

#include "engine/order/scheduler_state.h"

namespace gtengine::order {

using wire::ProcStatus;

Outcome SchedulerState::ProcStart(Step& step) {
  const ProcId p{static_cast<std::int64_t>(step.event.args[0])};
  const Sequence sequence = At(step.event.args[1]);
  ProcStateRecord* proc = procs_.Find(p);
  // Perhaps the P's status or stop is still to come on another thread; or this thread is in a
  // system call and the steal of its P is still to come.
  if (proc == nullptr || proc->status != ProcStatus::kIdle || !sequence.Succeeds(proc->sequence) ||
      step.event.p != kNoProc) {
    return Outcome::kNotYet;
  }
  if (!Require(step.event, Need::kOne, Need::kNone, Need::kAny)) return Outcome::kBroken;
  proc->status = ProcStatus::kRunning;
  proc->sequence = sequence;
  step.thread.p = p;
  return Transition(step.event, ProcState::kIdle, ProcState::kRunning);
}

Outcome SchedulerState::ProcStop(Step& step) {
  ProcStateRecord* proc = procs_.Find(step.event.p);
  if (proc == nullptr) return Broken("ProcStop on a thread without a P");
  if (proc->status != ProcStatus::kRunning && proc->status != ProcStatus::kSyscall) {
    return Broken(fmt::format("ProcStop of P {}, which is not running", Raw(proc->id)));
  }
  if (!Require(step.event, Need::kOne, Need::kOne, Need::kAny)) return Outcome::kBroken;
  proc->status = ProcStatus::kIdle;
  step.thread.p = kNoProc;
  return Transition(step.event, ProcState::kRunning, ProcState::kIdle);
}

Outcome SchedulerState::ProcSteal(Step& step) {
  const ProcId p{static_cast<std::int64_t>(step.event.args[0])};
  const Sequence sequence = At(step.event.args[1]);
  ProcStateRecord* proc = procs_.Find(p);
  if (proc == nullptr ||
      (proc->status != ProcStatus::kSyscall && proc->status != ProcStatus::kSyscallAbandoned) ||
      !sequence.Succeeds(proc->sequence)) {
    return Outcome::kNotYet;
  }
  if (!Require(step.event, Need::kOne, Need::kAny, Need::kAny)) return Outcome::kBroken;
  const ProcStatus old_status = proc->status;
  proc->status = ProcStatus::kIdle;
  proc->sequence = sequence;
  if (old_status == ProcStatus::kSyscallAbandoned) {
    // Which thread lost the P is not known, and the P counted as idle already.
    return Transition(step.event, ProcState::kIdle, ProcState::kIdle);
  }
  return ProcStealFromThread(step, p, ThreadId{static_cast<std::int64_t>(step.event.args[2])});
}

Outcome SchedulerState::ProcStealFromThread(Step& step, ProcId p, ThreadId victim) {
  if (victim == step.event.m) {
    if (step.event.p != p) {
      return Broken(fmt::format("the thread steals P {} from itself, but has P {}", Raw(p),
                                Raw(step.event.p)));
    }
    step.thread.p = kNoProc;
    return Transition(step.event, ProcState::kRunning, ProcState::kIdle);
  }
  ThreadState* thread = threads_.Find(victim);
  if (thread == nullptr) {
    return Broken(fmt::format("P {} is stolen from M {}, which is not known", Raw(p), Raw(victim)));
  }
  if (thread->p != p) {
    return Broken(fmt::format("P {} is stolen from M {}, which has P {}", Raw(p), Raw(victim),
                              Raw(thread->p)));
  }
  // The victim leaves its system call without a P; its GoSyscallEndBlocked waits for that.
  thread->p = kNoProc;
  return Transition(step.event, ProcState::kRunning, ProcState::kIdle);
}

Outcome SchedulerState::RestateProc(Step& step) {
  const ProcId p{static_cast<std::int64_t>(step.event.args[0])};
  if (static_cast<std::uint8_t>(step.event.args[1]) >= wire::kStatusCount) {
    return Broken(
        fmt::format("P {} has status {}, which does not exist", Raw(p), step.event.args[1]));
  }
  // Only the low byte counts, as in Go.
  const auto status = static_cast<wire::ProcStatus>(static_cast<std::uint8_t>(step.event.args[1]));
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
  std::uint64_t shown_status = step.event.args[1];
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
    ProcStateRecord& added = procs_.Add(p);
    added.status = status;
    added.sequence = At(0);
    from = IsFirstGeneration() ? ProcState::kUndetermined : ProcState::kNotExist;
  }
  if (status == ProcStatus::kRunning || status == ProcStatus::kSyscall) step.thread.p = p;
  if (was_in_syscall && !ShowInThreadOf(p, step.event)) {
    return Broken(fmt::format("no thread has P {}, which is about to be stolen", Raw(p)));
  }
  step.event.args[1] = shown_status;
  return Transition(step.event, from, to);
}

// The restatement of a P in a system call is written by another thread than the one that has it: it
// is shown in the context of the latter.
bool SchedulerState::ShowInThreadOf(ProcId p, OrderedEvent& event) {
  bool found = false;
  for (const ThreadState& thread : threads_) {
    if (thread.p != p) continue;
    event.m = thread.id;
    event.p = p;
    event.g = thread.g;
    event.g_slot = thread.g_slot;
    found = true;
  }
  return found;
}

}  // namespace gtengine::order
