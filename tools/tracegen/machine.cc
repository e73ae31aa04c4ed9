#include "tools/tracegen/machine.h"

#include <algorithm>

#include "engine/base/check.h"

namespace gtengine::tracegen {
namespace {

using wire::EventType;
using wire::GoStatus;
using wire::ProcStatus;

// Ids of Ms are those of the system's threads: not from 0, and not without gaps.
ThreadId IdOfThread(Index m) { return ThreadId{4000 + 2 * static_cast<std::int64_t>(m) + m / 5}; }

}  // namespace

Machine::Machine(const Settings& settings, Index threads)
    : recorder_(settings), procs_(settings.procs), nobody_(kNoThread, settings.batch_bytes) {
  goroutines_.resize(settings.goroutines);
  free_.reserve(settings.goroutines);
  for (Index g = settings.goroutines; g-- > 0;) free_.push_back(g);
  threads_.reserve(threads);
  for (Index m = 0; m < threads; ++m) threads_.emplace_back(IdOfThread(m), settings.batch_bytes);
}

Index Machine::NewGoroutine(GoStatus status, std::uint32_t start) {
  GTENGINE_CHECK(!free_.empty());
  const Index g = free_.back();
  free_.pop_back();
  goroutines_[g] = {
      .id = next_goroutine_++, .generation = generation(), .start = start, .status = status};
  ++alive_;
  return g;
}

Index Machine::Found(GoStatus status) {
  return NewGoroutine(status, tables().Start(Scramble(next_goroutine_)));
}

void Machine::FoundOn(Index m, Index p, Index g) {
  Thread& thread = threads_[m];
  thread.p = p;
  thread.g = g;
  if (p == kNone) return;
  procs_[p].m = m;
  const bool in_call = g != kNone && goroutines_[g].status == GoStatus::kSyscall;
  procs_[p].status = in_call ? ProcStatus::kSyscall : ProcStatus::kRunning;
}

void Machine::Forget(Index g) {
  goroutines_[g].status = GoStatus::kBad;
  free_.push_back(g);
  --alive_;
}

void Machine::StartProc(Index m, Index p) {
  Proc& proc = procs_[p];
  recorder_.Await(std::max(proc.time, threads_[m].robbed));
  MentionProc(m, p, proc.status);
  Emit(m, EventType::kProcStart, std::uint64_t{p}, std::uint64_t{++proc.sequence});
  proc.status = ProcStatus::kRunning;
  proc.m = m;
  threads_[m].p = p;
}

void Machine::StopProc(Index m) {
  Emit(m, EventType::kProcStop);
  Proc& proc = procs_[threads_[m].p];
  proc.time = TimeOf(m);
  proc.status = ProcStatus::kIdle;
  proc.m = kNone;
  threads_[m].p = kNone;
}

void Machine::StealProc(Index thief, Index p) {
  Proc& proc = procs_[p];
  recorder_.Await(proc.time);
  // Where it was not mentioned yet, nobody but its M can say which M that is.
  MentionProc(thief, p, ProcStatus::kSyscallAbandoned);
  Thread& victim = threads_[proc.m];
  Emit(thief, EventType::kProcSteal, std::uint64_t{p}, std::uint64_t{++proc.sequence},
       static_cast<std::uint64_t>(Raw(victim.stream.m)));
  proc.status = ProcStatus::kIdle;
  proc.m = kNone;
  proc.time = TimeOf(thief);
  victim.p = kNone;
  victim.robbed = proc.time;
}

void Machine::ChangeProcs(Index m, std::uint64_t stack) {
  Emit(m, EventType::kProcsChange, std::uint64_t{procs()}, stack);
}

Index Machine::CreateGoroutine(Index m, bool inherits_task, std::uint32_t start,
                               std::uint64_t stack) {
  const Index g = NewGoroutine(GoStatus::kRunnable, start);
  if (inherits_task && threads_[m].g != kNone) goroutines_[g].task = Running(m).task;
  Emit(m, EventType::kGoCreate, goroutines_[g].id, tables().Stack(StackKind::kStart, start, 0),
       stack);
  Release(m, goroutines_[g]);
  return g;
}

Index Machine::CreateCoroutine(Index m, std::uint32_t start, std::uint64_t stack) {
  const Index g = NewGoroutine(GoStatus::kWaiting, start);
  goroutines_[g].is_coroutine = true;
  goroutines_[g].partner = threads_[m].g;
  Running(m).partner = g;
  Emit(m, EventType::kGoCreateBlocked, goroutines_[g].id,
       tables().Stack(StackKind::kStart, start, 0), stack);
  Release(m, goroutines_[g]);
  return g;
}

void Machine::Start(Index m, Index g) {
  Goroutine& goroutine = goroutines_[g];
  Await(m, goroutine);
  MentionGoroutine(m, g);
  Emit(m, EventType::kGoStart, goroutine.id, std::uint64_t{++goroutine.sequence});
  goroutine.status = GoStatus::kRunning;
  threads_[m].g = g;
}

void Machine::Stop(Index m, std::uint64_t reason, std::uint64_t stack) {
  Emit(m, EventType::kGoStop, reason, stack);
  Release(m, Running(m));
  Running(m).status = GoStatus::kRunnable;
  threads_[m].g = kNone;
}

void Machine::Block(Index m, std::uint64_t reason, std::uint64_t stack) {
  Emit(m, EventType::kGoBlock, reason, stack);
  Release(m, Running(m));
  Running(m).status = GoStatus::kWaiting;
  threads_[m].g = kNone;
}

void Machine::Destroy(Index m) {
  Emit(m, EventType::kGoDestroy);
  Forget(threads_[m].g);
  threads_[m].g = kNone;
}

void Machine::Switch(Index m, Index next) {
  Goroutine& goroutine = goroutines_[next];
  Await(m, goroutine);
  MentionGoroutine(m, next);
  Emit(m, EventType::kGoSwitch, goroutine.id, std::uint64_t{++goroutine.sequence});
  Running(m).status = GoStatus::kWaiting;
  Release(m, Running(m));
  goroutine.status = GoStatus::kRunning;
  threads_[m].g = next;
}

void Machine::SwitchDestroy(Index m, Index next) {
  Goroutine& goroutine = goroutines_[next];
  Await(m, goroutine);
  MentionGoroutine(m, next);
  Emit(m, EventType::kGoSwitchDestroy, goroutine.id, std::uint64_t{++goroutine.sequence});
  Forget(threads_[m].g);
  goroutine.status = GoStatus::kRunning;
  goroutine.partner = kNone;
  threads_[m].g = next;
}

void Machine::Unblock(Index m, Index g, std::uint64_t stack) {
  Goroutine& goroutine = goroutines_[g];
  Await(m, goroutine);
  MentionGoroutine(m, g);
  Emit(m, EventType::kGoUnblock, goroutine.id, std::uint64_t{++goroutine.sequence}, stack);
  goroutine.status = GoStatus::kRunnable;
  Release(m, goroutine);
}

void Machine::BeginDisorder(TimeNs delay) {
  const TraceClock& clock = recorder_.clock();
  const auto is_near = [&](const Thread& thread) {
    return thread.stream.time >= clock.Stamp() &&
           thread.stream.time <= clock.Stamp() + clock.tick() + 1;
  };
  while (std::ranges::any_of(threads_, is_near)) recorder_.Skip();
  recorder_.BeginDisorder(delay);
}

void Machine::BeginSyscall(Index m, std::uint64_t stack) {
  // The P is stated with the M, before its sequence goes on.
  if (threads_[m].generation != generation()) StateThread(m);
  Proc& proc = procs_[threads_[m].p];
  Emit(m, EventType::kGoSyscallBegin, std::uint64_t{++proc.sequence}, stack);
  proc.status = ProcStatus::kSyscall;
  proc.time = TimeOf(m);
  Running(m).status = GoStatus::kSyscall;
}

void Machine::EndSyscall(Index m) {
  Emit(m, EventType::kGoSyscallEnd);
  procs_[threads_[m].p].status = ProcStatus::kRunning;
  Running(m).status = GoStatus::kRunning;
}

void Machine::EndBlockedSyscall(Index m) {
  recorder_.Await(threads_[m].robbed);
  Emit(m, EventType::kGoSyscallEndBlocked);
  Release(m, Running(m));
  Running(m).status = GoStatus::kRunnable;
  threads_[m].g = kNone;
}

void Machine::BeginStop(Index m, std::uint64_t kind, std::uint64_t stack) {
  Emit(m, EventType::kStwBegin, kind, stack);
}

void Machine::EndStop(Index m) { Emit(m, EventType::kStwEnd); }

void Machine::BeginCollection(Index m, std::uint64_t stack) {
  recorder_.Await(collection_time_);
  Emit(m, EventType::kGcBegin, ++collection_, stack);
  collection_time_ = TimeOf(m);
  is_collecting_ = true;
  collection_generation_ = generation();
}

void Machine::EndCollection(Index m) {
  if (threads_[m].generation != generation()) StateThread(m);
  recorder_.Await(collection_time_);
  Emit(m, EventType::kGcEnd, ++collection_);
  collection_time_ = TimeOf(m);
  is_collecting_ = false;
}

void Machine::BeginSweep(Index m, std::uint64_t stack) {
  Emit(m, EventType::kGcSweepBegin, stack);
  procs_[threads_[m].p].is_sweeping = true;
}

void Machine::EndSweep(Index m, std::uint64_t swept, std::uint64_t reclaimed) {
  Emit(m, EventType::kGcSweepEnd, swept, reclaimed);
  procs_[threads_[m].p].is_sweeping = false;
}

void Machine::BeginAssist(Index m, std::uint64_t stack) {
  Emit(m, EventType::kGcMarkAssistBegin, stack);
  Running(m).is_assisting = true;
}

void Machine::EndAssist(Index m) {
  Emit(m, EventType::kGcMarkAssistEnd);
  Running(m).is_assisting = false;
}

void Machine::TellHeap(Index m, std::uint64_t bytes) { Emit(m, EventType::kHeapAlloc, bytes); }

void Machine::TellHeapGoal(Index m, std::uint64_t bytes) { Emit(m, EventType::kHeapGoal, bytes); }

void Machine::BeginTask(Index m, std::uint64_t stack) {
  const std::uint64_t task = next_task_++;
  Emit(m, EventType::kUserTaskBegin, task, Running(m).task, tables().TaskName(task), stack);
  Running(m).task = task;
  Running(m).owns_task = true;
}

void Machine::EndTask(Index m, std::uint64_t stack) {
  Emit(m, EventType::kUserTaskEnd, Running(m).task, stack);
  Running(m).task = 0;
  Running(m).owns_task = false;
}

// The end of a region names it once more: what is known of the goroutine decides the name.
std::uint64_t Machine::NameOfRegion(const Goroutine& goroutine, std::uint8_t depth) const {
  return tables().RegionName(goroutine.id * 5 + depth);
}

void Machine::BeginRegion(Index m, std::uint64_t stack) {
  Goroutine& goroutine = Running(m);
  Emit(m, EventType::kUserRegionBegin, goroutine.task, NameOfRegion(goroutine, goroutine.regions),
       stack);
  ++goroutine.regions;
}

void Machine::EndRegion(Index m, std::uint64_t stack) {
  Goroutine& goroutine = Running(m);
  --goroutine.regions;
  Emit(m, EventType::kUserRegionEnd, goroutine.task, NameOfRegion(goroutine, goroutine.regions),
       stack);
}

void Machine::Log(Index m, std::uint64_t key, std::uint64_t value, std::uint64_t stack) {
  Emit(m, EventType::kUserLog, Running(m).task, key, value, stack);
}

void Machine::Label(Index m, std::uint64_t label) { Emit(m, EventType::kGoLabel, label); }

void Machine::Sample(Index m, std::uint64_t stack) {
  const Thread& thread = threads_[m];
  recorder_.Sample(static_cast<std::uint64_t>(Raw(thread.stream.m)),
                   thread.p == kNone ? ~std::uint64_t{0} : thread.p,
                   thread.g == kNone ? 0 : goroutines_[thread.g].id, stack);
}

}  // namespace gtengine::tracegen
