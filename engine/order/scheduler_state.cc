#include "engine/order/scheduler_state.h"

#include <fmt/format.h>

#include <utility>

#include "engine/wire/event_spec.h"

namespace gtengine::order {

using wire::EventType;

constexpr std::array<SchedulerState::Handler, 256> SchedulerState::MakeHandlers() {
  std::array<Handler, 256> table;
  table.fill(&SchedulerState::OutOfPlace);
  const auto set = [&table](EventType type, Handler handler) {
    table[static_cast<std::uint8_t>(type)] = handler;
  };
  using enum EventType;
  using S = SchedulerState;
  for (const auto type : {kProcsChange, kGoLabel, kUserLog}) set(type, &S::Annotation);
  for (const auto type : {kHeapAlloc, kHeapGoal}) set(type, &S::HeapMetric);
  for (auto type = kSpan; type <= kGoroutineStackFree;
       type = static_cast<EventType>(Raw(type) + 1)) {
    set(type, &S::Experiment);
  }
  set(kProcStart, &S::ProcStart);
  set(kProcStop, &S::ProcStop);
  set(kProcSteal, &S::ProcSteal);
  set(kProcStatus, &S::RestateProc);
  for (const auto type : {kGoCreate, kGoCreateBlocked}) set(type, &S::GoCreate);
  set(kGoCreateSyscall, &S::GoCreateSyscall);
  set(kGoStart, &S::GoStart);
  for (const auto type : {kGoDestroy, kGoStop, kGoBlock}) set(type, &S::GoStopRunning);
  set(kGoDestroySyscall, &S::GoDestroySyscall);
  set(kGoUnblock, &S::GoUnblock);
  for (const auto type : {kGoSwitch, kGoSwitchDestroy}) set(type, &S::GoSwitch);
  set(kGoSyscallBegin, &S::GoSyscallBegin);
  set(kGoSyscallEnd, &S::GoSyscallEnd);
  set(kGoSyscallEndBlocked, &S::GoSyscallEndBlocked);
  for (const auto type : {kGoStatus, kGoStatusStack}) set(type, &S::RestateGoroutine);
  set(kGcActive, &S::GcActive);
  set(kGcBegin, &S::GcBegin);
  set(kGcEnd, &S::GcEnd);
  set(kGcSweepBegin, &S::SweepBegin);
  set(kGcSweepActive, &S::SweepActive);
  set(kGcSweepEnd, &S::SweepEnd);
  for (const auto type : {kStwBegin, kGcMarkAssistBegin}) set(type, &S::GoRangeBegin);
  set(kGcMarkAssistActive, &S::GoRangeActive);
  for (const auto type : {kStwEnd, kGcMarkAssistEnd}) set(type, &S::GoRangeEnd);
  set(kUserTaskBegin, &S::TaskBegin);
  set(kUserTaskEnd, &S::TaskEnd);
  set(kUserRegionBegin, &S::RegionBegin);
  set(kUserRegionEnd, &S::RegionEnd);
  return table;
}

constexpr std::array<SchedulerState::Handler, 256> SchedulerState::kHandlers = MakeHandlers();

void SchedulerState::BeginGeneration(std::uint64_t number, const wire::GenerationTables& tables) {
  generation_ = number;
  tables_ = &tables;
  CompactNames();
}

// Where the state of a thread is. Events without a thread have a state that holds nothing.
void SchedulerState::Bind(ThreadHandle& thread) {
  if (first_generation_ == 0) first_generation_ = generation_;
  ThreadState* known = thread.m == kNoThread ? &no_thread_ : threads_.Find(thread.m);
  thread.state_or_null = known != nullptr ? known : &threads_.Add(thread.m);
}

Outcome SchedulerState::OutOfPlace(Step& step) {
  return Broken(fmt::format("{} stands in a thread's stream", wire::SpecOf(step.event.type).name));
}

Outcome SchedulerState::Broken(std::string what) {
  what_ = std::move(what);
  return Outcome::kBroken;
}

void SchedulerState::ExplainUnmet(const OrderedEvent& event, Need m, Need p, Need g) {
  const auto explain = [this](Need need, bool has, const char* resource) {
    if (Meets(need, has)) return false;
    what_ = has ? fmt::format("the thread has a {} where it must have none", resource)
                : fmt::format("the thread has no {} where it must have one", resource);
    return true;
  };
  explain(m, event.m != kNoThread, "number") || explain(p, event.p != kNoProc, "P") ||
      explain(g, event.g != kNoGoroutine, "goroutine");
}

GoroutineState* SchedulerState::KnownGoroutine(Step& step) {
  const std::uint32_t slot = goroutines_.FindFrom(step.event.g, step.event.g_slot);
  if (slot == kNoSlot) {
    what_ = fmt::format("goroutine {} on this thread is not known", Raw(step.event.g));
    return nullptr;
  }
  step.event.g_slot = step.thread.g_slot = slot;
  return &goroutines_.At(slot);
}

GoroutineState* SchedulerState::CurrentGoroutine(Step& step, wire::GoStatus status) {
  GoroutineState* known = KnownGoroutine(step);
  if (known == nullptr) return nullptr;
  GoroutineState& state = *known;
  if (state.status != status) {
    what_ = fmt::format("{} while goroutine {} is in another state",
                        wire::SpecOf(step.event.type).name, Raw(state.id));
    return nullptr;
  }
  return &state;
}

Outcome SchedulerState::Annotation(Step& step) {
  return RequireUserGoroutine(step.event) ? Outcome::kAdvanced : Outcome::kBroken;
}

Outcome SchedulerState::HeapMetric(Step& step) {
  return Require(step.event, Need::kOne, Need::kOne, Need::kAny) ? Outcome::kAdvanced
                                                                 : Outcome::kBroken;
}

Outcome SchedulerState::Experiment(Step& step) {
  return Require(step.event, Need::kOne, Need::kAny, Need::kAny) ? Outcome::kAdvanced
                                                                 : Outcome::kBroken;
}

void SchedulerState::CompactNames() {
  constexpr std::size_t kWorthIt = 4096;
  if (names_.size() < kWorthIt) return;
  StringTable kept;
  for (auto entry = tasks_.begin(); entry != tasks_.end(); ++entry) {
    StringRef& name = entry.value().name;
    name = kept.Intern(names_.Get(name));
  }
  goroutines_.ForEach([&](GoroutineState& state) {
    if (!state.extras_or_null) return;
    for (UserRegion& region : state.extras_or_null->regions) {
      region.name = kept.Intern(names_.Get(region.name));
    }
  });
  names_ = std::move(kept);
}

}  // namespace gtengine::order
