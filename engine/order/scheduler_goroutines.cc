// How goroutines are created, run, block, enter system calls, end and are restated.
#include <fmt/format.h>

#include "engine/order/scheduler_state.h"
#include "engine/wire/event_spec.h"

namespace gtengine::order {

using wire::EventType;
using wire::GoStatus;
using wire::ProcStatus;

namespace {

constexpr GoState Shown(GoStatus status) {
  constexpr GoState kStates[] = {GoState::kUndetermined, GoState::kRunnable, GoState::kRunning,
                                 GoState::kSyscall, GoState::kWaiting};
  return kStates[static_cast<std::size_t>(status)];
}

}  // namespace

Attempt SchedulerState::GoCreate(OrderedEvent& event, ThreadState&) {
  if (!Require(event, Need::kOne, Need::kOne, Need::kAny)) return Outcome::kBroken;
  const std::uint32_t creator = goroutines_.FindFrom(event.g, event.g_slot);
  if (creator != kNoSlot && goroutines_.At(creator).status != GoStatus::kRunning) {
    return Broken(fmt::format("goroutine {} creates another, but is not running", Raw(event.g)));
  }
  const GoId g{static_cast<std::int64_t>(event.args[0])};
  if (goroutines_.Find(g) != kNoSlot) {
    return Broken(fmt::format("goroutine {} is created, but exists", Raw(g)));
  }
  const GoStatus status =
      event.type == EventType::kGoCreateBlocked ? GoStatus::kWaiting : GoStatus::kRunnable;
  const std::uint32_t slot = goroutines_.Add(g, status, At(0));
  return Transition(event, GoState::kNotExist, Shown(status), slot);
}

// A thread that the Go runtime did not start calls into Go.
Attempt SchedulerState::GoCreateSyscall(OrderedEvent& event, ThreadState& thread) {
  if (!Require(event, Need::kOne, Need::kAny, Need::kNone)) return Outcome::kBroken;
  const GoId g{static_cast<std::int64_t>(event.args[0])};
  if (goroutines_.Find(g) != kNoSlot) {
    return Broken(fmt::format("goroutine {} is created in a system call, but exists", Raw(g)));
  }
  const std::uint32_t slot = goroutines_.Add(g, GoStatus::kSyscall, At(0));
  SetGoroutine(thread, g, slot);
  return Transition(event, GoState::kNotExist, GoState::kSyscall, slot);
}

Attempt SchedulerState::GoStart(OrderedEvent& event, ThreadState& thread) {
  const GoId g{static_cast<std::int64_t>(event.args[0])};
  const Sequence sequence = At(event.args[1]);
  const std::uint32_t slot = goroutines_.Find(g);
  if (slot == kNoSlot) return Outcome::kNotYet;
  GoroutineState& state = goroutines_.At(slot);
  if (state.status != GoStatus::kRunnable || !state.IsFollowedBy(sequence)) {
    return Outcome::kNotYet;
  }
  if (!Require(event, Need::kOne, Need::kOne, Need::kNone)) return Outcome::kBroken;
  state.status = GoStatus::kRunning;
  state.SetSequence(sequence);
  SetGoroutine(thread, g, slot);
  return Transition(event, GoState::kRunnable, GoState::kRunning, slot);
}

// GoDestroy, GoStop, GoBlock: a running goroutine leaves its thread.
Attempt SchedulerState::GoStopRunning(OrderedEvent& event, ThreadState& thread) {
  if (!RequireUserGoroutine(event)) return Outcome::kBroken;
  GoroutineState* state = CurrentGoroutine(event, thread, GoStatus::kRunning);
  if (state == nullptr) return Outcome::kBroken;
  const std::uint32_t slot = event.g_slot;
  GoState to = GoState::kNotExist;
  if (event.type == EventType::kGoDestroy) {
    goroutines_.Remove(slot);
  } else {
    state->status = event.type == EventType::kGoStop ? GoStatus::kRunnable : GoStatus::kWaiting;
    to = Shown(state->status);
  }
  LoseGoroutine(thread);
  return Transition(event, GoState::kRunning, to, slot);
}

Attempt SchedulerState::GoUnblock(OrderedEvent& event, ThreadState&) {
  const Sequence sequence = At(event.args[1]);
  const std::uint32_t slot = goroutines_.Find(GoId{static_cast<std::int64_t>(event.args[0])});
  if (slot == kNoSlot) return Outcome::kNotYet;
  GoroutineState& state = goroutines_.At(slot);
  if (state.status != GoStatus::kWaiting || !state.IsFollowedBy(sequence)) {
    return Outcome::kNotYet;
  }
  // Anything may unblock a goroutine: no context is required.
  state.status = GoStatus::kRunnable;
  state.SetSequence(sequence);
  return Transition(event, GoState::kWaiting, GoState::kRunnable, slot);
}

// A coroutine switch: the next goroutine is woken, the running one blocks or ends, the next one
// runs.
Attempt SchedulerState::GoSwitch(OrderedEvent& event, ThreadState& thread) {
  if (!RequireUserGoroutine(event)) return Outcome::kBroken;
  GoroutineState* current = CurrentGoroutine(event, thread, GoStatus::kRunning);
  if (current == nullptr) return Outcome::kBroken;
  const GoId next_g{static_cast<std::int64_t>(event.args[0])};
  const Sequence sequence = At(event.args[1]);
  const std::uint32_t next_slot = goroutines_.Find(next_g);
  if (next_slot == kNoSlot) return Outcome::kNotYet;
  GoroutineState& next = goroutines_.At(next_slot);
  if (next.status != GoStatus::kWaiting || !next.IsFollowedBy(sequence)) {
    return Outcome::kNotYet;
  }
  Transition(event, GoState::kWaiting, GoState::kRunnable, next_slot);

  const std::uint32_t current_slot = event.g_slot;
  const bool ends = event.type == EventType::kGoSwitchDestroy;
  OrderedEvent& leave = (&event)[1];
  leave = event;
  leave.type = ends ? EventType::kGoDestroy : EventType::kGoBlock;
  leave.args = {};
  Transition(leave, GoState::kRunning, ends ? GoState::kNotExist : GoState::kWaiting, current_slot);
  if (ends) {
    goroutines_.Remove(current_slot);
  } else {
    current->status = GoStatus::kWaiting;
  }

  next.status = GoStatus::kRunning;
  next.SetSequence(sequence);
  SetGoroutine(thread, next_g, next_slot);
  OrderedEvent& start = (&event)[2];
  start = event;
  start.type = EventType::kGoStart;
  start.args = {event.args[0], event.args[1], 0, 0};
  start.g = kNoGoroutine;
  start.g_slot = kNoSlot;
  Transition(start, GoState::kRunnable, GoState::kRunning, next_slot);
  return {Outcome::kAdvanced, 3};
}

Attempt SchedulerState::GoSyscallBegin(OrderedEvent& event, ThreadState& thread) {
  if (!RequireUserGoroutine(event)) return Outcome::kBroken;
  GoroutineState* state = CurrentGoroutine(event, thread, GoStatus::kRunning);
  if (state == nullptr) return Outcome::kBroken;
  ProcStateRecord* proc = procs_.Find(event.p);
  if (proc == nullptr) return Broken(fmt::format("P {} is not known", Raw(event.p)));
  // The P's sequence makes it clear which system call a later steal ends, even where times lie.
  const Sequence sequence = At(event.args[0]);
  if (!sequence.Succeeds(proc->sequence)) {
    return Broken(fmt::format("GoSyscallBegin is number {} of P {}, which is at number {}",
                              sequence.number, Raw(proc->id), proc->sequence.number));
  }
  state->status = GoStatus::kSyscall;
  proc->status = ProcStatus::kSyscall;
  proc->sequence = sequence;
  return Transition(event, GoState::kRunning, GoState::kSyscall, event.g_slot);
}

Attempt SchedulerState::GoSyscallEnd(OrderedEvent& event, ThreadState& thread) {
  if (!RequireUserGoroutine(event)) return Outcome::kBroken;
  GoroutineState* state = CurrentGoroutine(event, thread, GoStatus::kSyscall);
  if (state == nullptr) return Outcome::kBroken;
  ProcStateRecord* proc = procs_.Find(event.p);
  if (proc == nullptr) return Broken(fmt::format("P {} is not known", Raw(event.p)));
  if (proc->status != ProcStatus::kSyscall) {
    return Broken(fmt::format("GoSyscallEnd, but P {} is in no system call", Raw(proc->id)));
  }
  state->status = GoStatus::kRunning;
  proc->status = ProcStatus::kRunning;
  return Transition(event, GoState::kSyscall, GoState::kRunning, event.g_slot);
}

Attempt SchedulerState::GoSyscallEndBlocked(OrderedEvent& event, ThreadState& thread) {
  // The event says that the thread lost its P during the call. While it still has one in a system
  // call, the loss (a ProcStop or a ProcSteal) is still to come.
  if (event.p != kNoProc) {
    const ProcStateRecord* proc = procs_.Find(event.p);
    if (proc == nullptr) return Broken(fmt::format("P {} is not known", Raw(event.p)));
    if (proc->status == ProcStatus::kSyscall) return Outcome::kNotYet;
  }
  if (!Require(event, Need::kOne, Need::kAny, Need::kOne)) return Outcome::kBroken;
  GoroutineState* state = CurrentGoroutine(event, thread, GoStatus::kSyscall);
  if (state == nullptr) return Outcome::kBroken;
  state->status = GoStatus::kRunnable;
  LoseGoroutine(thread);
  return Transition(event, GoState::kSyscall, GoState::kRunnable, event.g_slot);
}

// A foreign thread's goroutine goes away. Its P, if it still has one, is given up with it: thread
// ids are used again, and a later steal must not be taken for one from the new thread of that id.
Attempt SchedulerState::GoDestroySyscall(OrderedEvent& event, ThreadState& thread) {
  if (!Require(event, Need::kOne, Need::kAny, Need::kOne)) return Outcome::kBroken;
  if (CurrentGoroutine(event, thread, GoStatus::kSyscall) == nullptr) return Outcome::kBroken;
  const std::uint32_t slot = event.g_slot;
  if (event.p != kNoProc) {
    ProcStateRecord* proc = procs_.Find(event.p);
    if (proc == nullptr) return Broken(fmt::format("P {} is not known", Raw(event.p)));
    if (proc->status != ProcStatus::kSyscall) {
      return Broken(fmt::format("GoDestroySyscall, but P {} is in no system call", Raw(proc->id)));
    }
    proc->status = ProcStatus::kSyscallAbandoned;
  }
  goroutines_.Remove(slot);
  thread.p = kNoProc;
  LoseGoroutine(thread);
  if (event.p == kNoProc) return Transition(event, GoState::kSyscall, GoState::kNotExist, slot);
  // The loss of the P comes first.
  OrderedEvent& destroy = (&event)[1];
  destroy = event;
  event.type = EventType::kProcSteal;
  event.args = {static_cast<std::uint64_t>(Raw(event.p)), 0, 0, 0};
  Transition(event, ProcState::kRunning, ProcState::kIdle);
  Transition(destroy, GoState::kSyscall, GoState::kNotExist, slot);
  return {Outcome::kAdvanced, 2};
}

Attempt SchedulerState::RestateGoroutine(OrderedEvent& event, ThreadState& thread) {
  const GoId g{static_cast<std::int64_t>(event.args[0])};
  if (static_cast<std::uint8_t>(event.args[2]) >= wire::kStatusCount) {
    return Broken(
        fmt::format("goroutine {} has status {}, which does not exist", Raw(g), event.args[2]));
  }
  // Only the low byte counts, as in Go.
  const auto status = static_cast<wire::GoStatus>(static_cast<std::uint8_t>(event.args[2]));
  GoState from = Shown(status);
  std::uint32_t slot = goroutines_.Find(g);
  if (slot != kNoSlot) {
    GoroutineState& state = goroutines_.At(slot);
    if (state.status != status) {
      return Broken(fmt::format("goroutine {} is restated with status {}, but has status {}",
                                Raw(g), Raw(status), Raw(state.status)));
    }
    state.SetSequence(At(0));
  } else if (IsFirstGeneration()) {
    slot = goroutines_.Add(g, status, At(0));
    from = GoState::kUndetermined;
  } else {
    return Broken(
        fmt::format("goroutine {} turns up with a status after the first generation", Raw(g)));
  }
  if (status == wire::GoStatus::kRunning) {
    SetGoroutine(thread, g, slot);
  } else if (status == wire::GoStatus::kSyscall) {
    const ThreadId m{static_cast<std::int64_t>(event.args[1])};
    if (const Outcome outcome = BindSyscallStatus(event, thread, g, slot, m);
        outcome != Outcome::kAdvanced) {
      return outcome;
    }
  }
  if (thread.id == kNoThread) thread = {};
  return Transition(event, from, Shown(status), slot);
}

// A goroutine in a system call is bound to the thread that its status names.
Outcome SchedulerState::BindSyscallStatus(OrderedEvent& event, ThreadState& thread, GoId g,
                                          std::uint32_t slot, ThreadId m) {
  const auto mismatch = [&](GoId other) {
    return Broken(fmt::format("goroutine {} is in a system call on M {}, which has goroutine {}",
                              Raw(g), Raw(m), Raw(other)));
  };
  if (m == kNoThread) {
    return Broken(fmt::format("goroutine {} is in a system call without a thread", Raw(g)));
  }
  if (m == event.m) {
    // After the first generation the binding must have been seen before.
    if (!IsFirstGeneration() && event.g != g) return mismatch(event.g);
    SetGoroutine(thread, g, slot);
    return Outcome::kAdvanced;
  }
  // Another thread, in one call for the whole generation: it has no P.
  if (ThreadState* other = threads_.Find(m)) {
    if (other->g != g) return mismatch(other->g);
    event.g = g;
    event.g_slot = slot;
  } else {
    if (assumptions_.is_on) assumptions_.Note(assumptions_.new_threads, m);
    ThreadState& added = threads_.Add(m);
    added.g = g;
    added.g_slot = slot;
  }
  event.m = m;
  return Outcome::kAdvanced;
}

// Stands where the handlers of nearly all events are, so that calls through it need no detour.
constexpr std::array<SchedulerState::Handler, 256> SchedulerState::MakeHandlers() {
  std::array<Handler, 256> table;
  table.fill(Call<&SchedulerState::OutOfPlace>);
  const auto set = [&table](EventType type, Handler handler) {
    table[static_cast<std::uint8_t>(type)] = handler;
  };
  using enum EventType;
  using S = SchedulerState;
  for (const auto type : {kProcsChange, kGoLabel, kUserLog}) set(type, Call<&S::Annotation>);
  for (const auto type : {kHeapAlloc, kHeapGoal}) set(type, Call<&S::HeapMetric>);
  for (auto type = kSpan; type <= kGoroutineStackFree;
       type = static_cast<EventType>(Raw(type) + 1)) {
    set(type, Call<&S::Experiment>);
  }
  set(kProcStart, Call<&S::ProcStart>);
  set(kProcStop, Call<&S::ProcStop>);
  set(kProcSteal, Call<&S::ProcSteal>);
  set(kProcStatus, Call<&S::RestateProc>);
  for (const auto type : {kGoCreate, kGoCreateBlocked}) set(type, Call<&S::GoCreate>);
  set(kGoCreateSyscall, Call<&S::GoCreateSyscall>);
  set(kGoStart, Call<&S::GoStart>);
  for (const auto type : {kGoDestroy, kGoStop, kGoBlock}) set(type, Call<&S::GoStopRunning>);
  set(kGoDestroySyscall, Call<&S::GoDestroySyscall>);
  set(kGoUnblock, Call<&S::GoUnblock>);
  for (const auto type : {kGoSwitch, kGoSwitchDestroy}) set(type, Call<&S::GoSwitch>);
  set(kGoSyscallBegin, Call<&S::GoSyscallBegin>);
  set(kGoSyscallEnd, Call<&S::GoSyscallEnd>);
  set(kGoSyscallEndBlocked, Call<&S::GoSyscallEndBlocked>);
  for (const auto type : {kGoStatus, kGoStatusStack}) set(type, Call<&S::RestateGoroutine>);
  set(kGcActive, Call<&S::GcActive>);
  set(kGcBegin, Call<&S::GcBegin>);
  set(kGcEnd, Call<&S::GcEnd>);
  set(kGcSweepBegin, Call<&S::SweepBegin>);
  set(kGcSweepActive, Call<&S::SweepActive>);
  set(kGcSweepEnd, Call<&S::SweepEnd>);
  for (const auto type : {kStwBegin, kGcMarkAssistBegin}) set(type, Call<&S::GoRangeBegin>);
  set(kGcMarkAssistActive, Call<&S::GoRangeActive>);
  for (const auto type : {kStwEnd, kGcMarkAssistEnd}) set(type, Call<&S::GoRangeEnd>);
  set(kUserTaskBegin, Call<&S::TaskBegin>);
  set(kUserTaskEnd, Call<&S::TaskEnd>);
  set(kUserRegionBegin, Call<&S::RegionBegin>);
  set(kUserRegionEnd, Call<&S::RegionEnd>);
  return table;
}

constexpr std::array<SchedulerState::Handler, 256> SchedulerState::kHandlers = MakeHandlers();

}  // namespace gtengine::order
