// The scheduler state machine that puts the events of a trace in order: what a thread's next event
// may do depends on what goroutines, Ps and threads have done so far.
//
// It follows Go's reader (internal/trace/order.go) rule by rule: same events, same verdicts.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/base/ids.h"
#include "engine/columns/string_table.h"
#include "engine/order/boundary_state.h"
#include "engine/order/event.h"
#include "engine/order/resource_states.h"
#include "engine/wire/generation_tables.h"

namespace gtengine::order {

enum class Outcome : std::uint8_t {
  kAdvanced,  // the event took place
  kNotYet,    // something on another thread must come first; nothing has changed
  kBroken,    // no order can hold this event: the trace is broken
};

// What an attempt to let an event take place gave.
struct Attempt {
  static constexpr std::size_t kMaxEvents = 3;

  // One event, if any.
  Attempt(Outcome what, std::uint8_t event_count = 1) : outcome(what), events(event_count) {}

  Outcome outcome;
  std::uint8_t events;
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

  // Tries to let an event of `thread` take place. `event` is the first of kMaxEvents and holds what
  // the thread wrote: type, time and arguments. On kAdvanced the attempt's number of events stand
  // there, in order (times as the thread wrote them); on kBroken what() says why; else they are
  // void.
  Attempt Advance(OrderedEvent& event, ThreadHandle& thread) {
    if (thread.state_or_null == nullptr) [[unlikely]]
      Bind(thread);
    ThreadState& state = *thread.state_or_null;
    event.m = state.id;
    event.p = state.p;
    event.g = state.g;
    event.from = event.to = 0;
    event.g_slot = state.g_slot;
    event.subject_slot = kNoSlot;
    return kHandlers[static_cast<std::uint8_t>(event.type)](*this, event, state);
  }

  const std::string& what() const { return what_; }

  // The state between two generations; `last_ns` goes into it. Cost: tens of ns a goroutine.
  BoundaryState Boundary(TimeNs last_ns) const;
  // This state began in the middle of a trace, and its first generation is over: from here on, what
  // is taken for granted about what was before is noted down.
  void AssumeFromHere();
  const Assumptions& assumptions() const { return assumptions_; }
  // Slot of a live goroutine, else kNoSlot.
  std::uint32_t SlotOf(GoId g) const { return goroutines_.Find(g); }

  // Names of ended tasks, for OrderedEvent args. Refs are good until the next BeginGeneration.
  const StringTable& names() const { return names_; }

  // UserTaskEnd events so far.
  std::uint64_t ended_tasks() const { return ended_tasks_; }

  std::size_t live_goroutines() const { return goroutines_.live(); }
  std::size_t goroutine_slots() const { return goroutines_.slot_count(); }
  // Bytes of memory at most while the state grows by so much. Tens of ns.
  std::size_t state_bytes(const Growth& growth) const;

  // For whoever looks ahead.
  const SlotTable<GoroutineState>& goroutine_states() const { return goroutines_.states(); }
  const SlotTable<ActiveTask>& tasks() const { return tasks_; }

 private:
  using GcState = BoundaryState::Gc;
  enum class Need : std::uint8_t { kNone, kAny, kOne };

  // A handler finds the context before the event in it; it changes the thread's state, to the
  // context behind the event, only when the event takes place.
  using Handler = Attempt (*)(SchedulerState&, OrderedEvent&, ThreadState&);
  template <auto Member>
  static Attempt Call(SchedulerState& state, OrderedEvent& event, ThreadState& thread) {
    return (state.*Member)(event, thread);
  }
  static constexpr std::array<Handler, 256> MakeHandlers();
  static const std::array<Handler, 256> kHandlers;

  void Bind(ThreadHandle& thread);
  Attempt OutOfPlace(OrderedEvent& event, ThreadState& thread);
  Attempt Annotation(OrderedEvent& event, ThreadState& thread);
  Attempt HeapMetric(OrderedEvent& event, ThreadState& thread);
  Attempt Experiment(OrderedEvent& event, ThreadState& thread);

  Attempt ProcStart(OrderedEvent& event, ThreadState& thread);
  Attempt ProcStop(OrderedEvent& event, ThreadState& thread);
  Attempt ProcSteal(OrderedEvent& event, ThreadState& thread);
  Outcome ProcStealFromThread(OrderedEvent& event, ThreadState& thread, ProcId p, ThreadId victim);
  Attempt RestateProc(OrderedEvent& event, ThreadState& thread);

  Attempt GoCreate(OrderedEvent& event, ThreadState& thread);
  Attempt GoCreateSyscall(OrderedEvent& event, ThreadState& thread);
  Attempt GoStart(OrderedEvent& event, ThreadState& thread);
  Attempt GoStopRunning(OrderedEvent& event, ThreadState& thread);
  Attempt GoDestroySyscall(OrderedEvent& event, ThreadState& thread);
  Attempt GoUnblock(OrderedEvent& event, ThreadState& thread);
  Attempt GoSwitch(OrderedEvent& event, ThreadState& thread);
  Attempt GoSyscallBegin(OrderedEvent& event, ThreadState& thread);
  Attempt GoSyscallEnd(OrderedEvent& event, ThreadState& thread);
  Attempt GoSyscallEndBlocked(OrderedEvent& event, ThreadState& thread);
  Attempt RestateGoroutine(OrderedEvent& event, ThreadState& thread);
  Outcome BindSyscallStatus(OrderedEvent& event, ThreadState& thread, GoId g, std::uint32_t slot,
                            ThreadId m);
  bool ShowInThreadOf(ProcId p, OrderedEvent& event);

  Attempt GcActive(OrderedEvent& event, ThreadState& thread);
  Attempt GcBegin(OrderedEvent& event, ThreadState& thread);
  Attempt GcEnd(OrderedEvent& event, ThreadState& thread);
  Attempt SweepBegin(OrderedEvent& event, ThreadState& thread);
  Attempt SweepActive(OrderedEvent& event, ThreadState& thread);
  Attempt SweepEnd(OrderedEvent& event, ThreadState& thread);
  Attempt GoRangeBegin(OrderedEvent& event, ThreadState& thread);
  Attempt GoRangeActive(OrderedEvent& event, ThreadState& thread);
  Attempt GoRangeEnd(OrderedEvent& event, ThreadState& thread);

  Attempt TaskBegin(OrderedEvent& event, ThreadState& thread);
  Attempt TaskEnd(OrderedEvent& event, ThreadState& thread);
  Attempt RegionBegin(OrderedEvent& event, ThreadState& thread);
  Attempt RegionEnd(OrderedEvent& event, ThreadState& thread);

  void AddRange(OpenRanges& ranges, const OpenRanges::Range& range);
  Outcome BeginRange(const OrderedEvent& event, OpenRanges& ranges, std::uint64_t reason);
  Outcome ActiveRange(const OrderedEvent& event, OpenRanges& ranges);
  Outcome EndRange(const OrderedEvent& event, OpenRanges& ranges, std::uint64_t* reason);

  // The goroutine on the thread, in whatever status; null after setting what().
  GoroutineState* KnownGoroutine(OrderedEvent& event, ThreadState& thread) {
    const std::uint32_t slot = goroutines_.FindFrom(event.g, event.g_slot);
    if (slot == kNoSlot) [[unlikely]] {
      ExplainUnknown(event.g);
      return nullptr;
    }
    event.g_slot = thread.g_slot = slot;
    return &goroutines_.At(slot);
  }
  // The goroutine on the thread, which must be in this status; null after setting what().
  GoroutineState* CurrentGoroutine(OrderedEvent& event, ThreadState& thread,
                                   wire::GoStatus status) {
    GoroutineState* state = KnownGoroutine(event, thread);
    if (state == nullptr || state->status == status) [[likely]]
      return state;
    ExplainStatus(event);
    return nullptr;
  }
  void ExplainUnknown(GoId g);
  void ExplainStatus(const OrderedEvent& event);
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
  // Makes a goroutine the thread's own, or none.
  static void SetGoroutine(ThreadState& thread, GoId g, std::uint32_t slot) {
    thread.g = g;
    thread.g_slot = slot;
  }
  static void LoseGoroutine(ThreadState& thread) { SetGoroutine(thread, kNoGoroutine, kNoSlot); }
  Outcome Broken(std::string what);
  // Ref into names_ of a string of the generation; nothing when the generation does not have it.
  std::optional<StringRef> NameOf(std::uint64_t string_id) {
    if (string_id == 0) return kEmptyString;
    const auto position = tables_->StringPosition(string_id);
    if (!position) return std::nullopt;
    if (*position < name_of_string_.size() && name_of_string_[*position] != kEmptyString) {
      return name_of_string_[*position];
    }
    return InternName(string_id, *position);
  }
  // Likewise of the region that an event begins or ends, after setting what().
  std::optional<StringRef> RegionName(const OrderedEvent& event);
  StringRef InternName(std::uint64_t string_id, std::uint32_t position);
  void CompactNames();
  void AddGoroutine(const GoroutineState& goroutine, BoundaryState& state) const;
  void NoteRegionEnd(GoId g, const UserRegion& region);
  bool IsFirstGeneration() const { return generation_ == first_generation_; }
  Sequence At(std::uint64_t number) const {
    return {.number = number, .generation = generation_ordinal_};
  }

  const wire::GenerationTables* tables_ = nullptr;
  std::uint64_t generation_ = 0;
  std::uint32_t generation_ordinal_ = 0;
  std::uint64_t first_generation_ = 0;  // the first that had an event; 0: none yet

  GoroutineTable goroutines_;
  ResourceTable<ProcId, ProcStateRecord> procs_;
  ResourceTable<ThreadId, ThreadState> threads_;
  ThreadState no_thread_;  // what events without a thread have: nothing
  SlotTable<ActiveTask> tasks_;
  std::uint64_t ended_tasks_ = 0;
  std::size_t open_range_bytes_ = 0;  // what all OpenRanges own
  std::uint64_t gc_sequence_ = 0;
  GcState gc_state_ = GcState::kUndetermined;
  StringTable names_;  // of open tasks and regions
  // Names by position of their string in the generation; empty: not asked for yet, or empty.
  std::vector<StringRef> name_of_string_;
  Assumptions assumptions_;
  std::string what_;
};

}  // namespace gtengine::order
