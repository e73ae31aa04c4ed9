// The scheduler state machine that puts the events of a trace in order: what a thread's next event
// may do depends on what goroutines, Ps and threads have done so far.
//
// It follows Go's reader (internal/trace/order.go) rule by rule: same events, same verdicts.
#pragma once

#include <tsl/robin_map.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "engine/base/ids.h"
#include "engine/columns/string_table.h"
#include "engine/order/event.h"
#include "engine/order/resource_states.h"
#include "engine/wire/generation_tables.h"

namespace gtengine::order {

enum class Outcome : std::uint8_t {
  kAdvanced,  // the event took place; it is in the emission
  kNotYet,    // something on another thread must come first; nothing has changed
  kBroken,    // no order can hold this event: the trace is broken
};

// The events that one step gives, in order, written to memory of the caller's. The first is there
// from the beginning, as a draft: what the thread wrote (type, time and arguments), without context
// and transition.
struct Emission {
  static constexpr std::size_t kMax = 3;
  OrderedEvent* events;  // room for kMax
  std::size_t count = 0;
};

// A thread as the caller names it, and where its state was found the last time. A handle belongs to
// one SchedulerState.
struct ThreadHandle {
  ThreadId m = kNoThread;
  ThreadState* state_or_null = nullptr;
};

// State lives across generations. One thread at a time. Memory grows with live goroutines, open
// tasks and regions, and all Ps and threads seen.
class SchedulerState {
 public:
  // Must be called before the events of each generation. `tables` stays borrowed until the next
  // call.
  void BeginGeneration(std::uint64_t number, const wire::GenerationTables& tables);

  // Tries to let the drafted event of `thread` take place. On kAdvanced `out` holds its events
  // (times as the thread wrote them); on kBroken what() says why; otherwise the draft is void.
  Outcome Advance(ThreadHandle& thread, Emission& out) {
    if (thread.m == kNoThread) [[unlikely]]
      no_thread_ = {};
    if (thread.state_or_null == nullptr) [[unlikely]]
      Bind(thread);
    ThreadState& state = *thread.state_or_null;
    OrderedEvent& draft = out.events[0];
    draft.m = thread.m;
    draft.p = state.p;
    draft.g = state.g;
    draft.from = draft.to = 0;
    draft.g_slot = state.g_slot;
    draft.subject_slot = kNoSlot;
    out.count = 1;
    const Handler handler = kHandlers[static_cast<std::uint8_t>(draft.type)];
    Step step{.event = draft, .thread = state, .out = out};
    return (this->*handler)(step);
  }

  const std::string& what() const { return what_; }

  // Names of ended tasks, for OrderedEvent args. Refs are good until the next BeginGeneration.
  const StringTable& names() const { return names_; }

  std::size_t live_goroutines() const { return goroutines_.live(); }
  std::size_t goroutine_slots() const { return goroutines_.slot_count(); }

 private:
  enum class GcState : std::uint8_t { kUndetermined, kNotRunning, kRunning };
  enum class Need : std::uint8_t { kNone, kAny, kOne };

  // One attempt to advance. The draft has the context before the event; the thread's state is
  // changed, to the context after it, only when the event takes place.
  struct Step {
    OrderedEvent& event;
    ThreadState& thread;
    Emission& out;
  };

  struct ActiveTask {
    StringRef name = kEmptyString;
    TaskId parent = kNoTask;
  };

  using Handler = Outcome (SchedulerState::*)(Step&);
  static constexpr std::array<Handler, 256> MakeHandlers();
  static const std::array<Handler, 256> kHandlers;

  void Bind(ThreadHandle& thread);
  Outcome OutOfPlace(Step& step);
  Outcome Annotation(Step& step);
  Outcome HeapMetric(Step& step);
  Outcome Experiment(Step& step);

  Outcome ProcStart(Step& step);
  Outcome ProcStop(Step& step);
  Outcome ProcSteal(Step& step);
  Outcome ProcStealFromThread(Step& step, ProcId p, ThreadId victim);
  Outcome RestateProc(Step& step);

  Outcome GoCreate(Step& step);
  Outcome GoCreateSyscall(Step& step);
  Outcome GoStart(Step& step);
  Outcome GoStopRunning(Step& step);
  Outcome GoDestroySyscall(Step& step);
  Outcome GoUnblock(Step& step);
  Outcome GoSwitch(Step& step);
  Outcome GoSyscallBegin(Step& step);
  Outcome GoSyscallEnd(Step& step);
  Outcome GoSyscallEndBlocked(Step& step);
  Outcome RestateGoroutine(Step& step);
  Outcome BindSyscallStatus(Step& step, GoId g, std::uint32_t slot, ThreadId m);
  bool ShowInThreadOf(ProcId p, OrderedEvent& event);

  Outcome GcActive(Step& step);
  Outcome GcBegin(Step& step);
  Outcome GcEnd(Step& step);
  Outcome SweepBegin(Step& step);
  Outcome SweepActive(Step& step);
  Outcome SweepEnd(Step& step);
  Outcome GoRangeBegin(Step& step);
  Outcome GoRangeActive(Step& step);
  Outcome GoRangeEnd(Step& step);

  Outcome TaskBegin(Step& step);
  Outcome TaskEnd(Step& step);
  Outcome RegionBegin(Step& step);
  Outcome RegionEnd(Step& step);

  Outcome BeginRange(Step& step, OpenRanges& ranges, std::uint64_t reason);
  Outcome ActiveRange(Step& step, OpenRanges& ranges);
  Outcome EndRange(Step& step, OpenRanges& ranges, std::uint64_t* reason);

  // The goroutine on the thread, in whatever status; null after setting what().
  GoroutineState* KnownGoroutine(Step& step);
  // The goroutine on the thread, which must be in this status; null after setting what().
  GoroutineState* CurrentGoroutine(Step& step, wire::GoStatus status);
  static bool Meets(Need need, bool has) {
    return need == Need::kAny || has == (need == Need::kOne);
  }
  // Whether the context of the event is what it must be; says why not by what().
  bool Require(const OrderedEvent& event, Need m, Need p, Need g) {
    if (Meets(m, event.m != kNoThread) && Meets(p, event.p != kNoProc) &&
        Meets(g, event.g != kNoGoroutine)) [[likely]] {
      return true;
    }
    ExplainUnmet(event, m, p, g);
    return false;
  }
  void ExplainUnmet(const OrderedEvent& event, Need m, Need p, Need g);
  bool RequireUserGoroutine(const OrderedEvent& event) {
    return Require(event, Need::kOne, Need::kOne, Need::kOne);
  }
  // States the transition that the event stands for.
  static Outcome Transition(OrderedEvent& event, GoState from, GoState to, std::uint32_t slot) {
    event.from = static_cast<std::uint8_t>(from);
    event.to = static_cast<std::uint8_t>(to);
    event.subject_slot = slot;
    return Outcome::kAdvanced;
  }
  static Outcome Transition(OrderedEvent& event, ProcState from, ProcState to) {
    event.from = static_cast<std::uint8_t>(from);
    event.to = static_cast<std::uint8_t>(to);
    return Outcome::kAdvanced;
  }
  // One more event behind those of the step: a copy of the last one, for another type.
  static OrderedEvent& EmitAnother(Step& step, wire::EventType type) {
    OrderedEvent& event = step.out.events[step.out.count++];
    event = (&event)[-1];
    event.type = type;
    return event;
  }
  // Makes a goroutine the thread's own, or none.
  static void SetGoroutine(ThreadState& thread, GoId g, std::uint32_t slot) {
    thread.g = g;
    thread.g_slot = slot;
  }
  static void LoseGoroutine(ThreadState& thread) { SetGoroutine(thread, kNoGoroutine, kNoSlot); }
  Outcome Broken(std::string what);
  StringRef NameRef(std::string_view name) { return names_.Intern(name); }
  void CompactNames();
  bool IsFirstGeneration() const { return generation_ == first_generation_; }
  Sequence At(std::uint64_t number) const { return {.generation = generation_, .number = number}; }

  const wire::GenerationTables* tables_ = nullptr;
  std::uint64_t generation_ = 0;
  std::uint64_t first_generation_ = 0;  // the first that had an event; 0: none yet

  GoroutineTable goroutines_;
  ResourceTable<ProcId, ProcStateRecord> procs_;
  ResourceTable<ThreadId, ThreadState> threads_;
  ThreadState no_thread_;  // what events without a thread have: nothing
  tsl::robin_map<std::int64_t, ActiveTask, MixHash> tasks_;
  std::uint64_t gc_sequence_ = 0;
  GcState gc_state_ = GcState::kUndetermined;
  StringTable names_;  // of open tasks and regions
  std::string what_;
};

}  // namespace gtengine::order
