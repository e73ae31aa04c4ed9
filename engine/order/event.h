// One event of a trace in its place in the order: what Go's trace.Event is.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/columns/states.h"
#include "engine/wire/event_spec.h"
#include "engine/wire/format.h"
#include "engine/wire/generation_tables.h"

namespace gtengine::order {

// The type of a Sync event, which stands before each generation and at the end, and in no file.
inline constexpr wire::EventType kSyncEvent{255};

// Slot of no goroutine; the others follow it.
inline constexpr std::uint32_t kNoSlot = 0;

// 80 bytes; written once, in chunks that stay in the near caches.
//
// `m`, `p` and `g` are the context before the event. Arguments are as on the wire without the time
// difference, with these exceptions:
//   ProcStatus      args[1], where it restates a P as abandoned, is the status that the P has
//   UserTaskBegin   args[1] (parent) is kNoTask where the wire has 0
//   UserTaskEnd     args[2] is the parent, args[3] a ref into SchedulerState::names()
//   STWEnd          args[0] is the string id of the kind that its STWBegin named
//   CPUSample       args[0] is the stack
//   Sync            args[0] is its number, from 1
//   GoSwitch, GoSwitchDestroy: the event stands for the wakening of the goroutine it names; a
//   GoBlock or GoDestroy of the running one and a GoStart follow it.
struct OrderedEvent {
  TimeNs time_ns = 0;
  ThreadId m = kNoThread;
  ProcId p = kNoProc;
  GoId g = kNoGoroutine;
  std::array<std::uint64_t, wire::kMaxTimedArgs> args{};
  wire::EventType type = wire::EventType::kNone;
  // States of the goroutine (GoState) or P (ProcState) that makes a transition; 0 otherwise.
  std::uint8_t from = 0;
  std::uint8_t to = 0;
  // Dense numbers of the goroutine in the context, and of the one that makes a transition: each is
  // good while the goroutine lives and used again afterwards.
  std::uint32_t g_slot = kNoSlot;
  std::uint32_t subject_slot = kNoSlot;
};

// Kinds of events, as Go's reader groups the types.
enum class EventKind : std::uint8_t {
  kBad,
  kSync,
  kMetric,
  kLabel,
  kStackSample,
  kRangeBegin,
  kRangeActive,
  kRangeEnd,
  kTaskBegin,
  kTaskEnd,
  kRegionBegin,
  kRegionEnd,
  kLog,
  kStateTransition,
  kExperimental,
};
inline constexpr std::size_t kEventKindCount = 15;

EventKind KindOf(wire::EventType type);
std::string_view Name(EventKind kind);

// For a state transition: whether a goroutine makes it (otherwise a P), and which.
bool IsGoroutineTransition(wire::EventType type);
GoId SubjectGoroutine(const OrderedEvent& event);
ProcId SubjectProc(const OrderedEvent& event);

// Stack id of the goroutine running where the event happened; 0: none.
inline std::uint64_t ContextStack(const OrderedEvent& event) {
  if (event.type == wire::EventType::kCpuSample) return event.args[0];
  const std::uint8_t position = wire::IdPositionsOf(event.type).stacks[0];
  return position == 0 ? 0 : event.args[position - 1u];
}
// Stack id of the goroutine that makes a transition, where the event tells it (a new goroutine's
// first stack; its own where it stops, blocks, enters a system call or is restated); 0: none.
std::uint64_t SubjectStack(const OrderedEvent& event);

}  // namespace gtengine::order
