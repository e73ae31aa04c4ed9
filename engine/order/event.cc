#include "engine/order/event.h"

#include "engine/wire/event_spec.h"

namespace gtengine::order {
namespace {

using wire::EventType;

constexpr EventKind FindKind(EventType type) {
  using enum EventType;
  if (type == kSyncEvent) return EventKind::kSync;
  switch (type) {
    case kCpuSample:
      return EventKind::kStackSample;
    case kProcsChange:
    case kHeapAlloc:
    case kHeapGoal:
      return EventKind::kMetric;
    case kGoLabel:
      return EventKind::kLabel;
    case kStwBegin:
    case kGcBegin:
    case kGcSweepBegin:
    case kGcMarkAssistBegin:
      return EventKind::kRangeBegin;
    case kGcActive:
    case kGcSweepActive:
    case kGcMarkAssistActive:
      return EventKind::kRangeActive;
    case kStwEnd:
    case kGcEnd:
    case kGcSweepEnd:
    case kGcMarkAssistEnd:
      return EventKind::kRangeEnd;
    case kUserTaskBegin:
      return EventKind::kTaskBegin;
    case kUserTaskEnd:
      return EventKind::kTaskEnd;
    case kUserRegionBegin:
      return EventKind::kRegionBegin;
    case kUserRegionEnd:
      return EventKind::kRegionEnd;
    case kUserLog:
      return EventKind::kLog;
    default:
      break;
  }
  if (type >= kSpan && type <= kGoroutineStackFree) return EventKind::kExperimental;
  if (type >= kProcStart && type <= kGoStatusStack) return EventKind::kStateTransition;
  return EventKind::kBad;
}

constexpr std::string_view kKindNames[kEventKindCount] = {
    "Bad",         "Sync",        "Metric",   "Label",           "StackSample",
    "RangeBegin",  "RangeActive", "RangeEnd", "TaskBegin",       "TaskEnd",
    "RegionBegin", "RegionEnd",   "Log",      "StateTransition", "Experimental"};

}  // namespace

EventKind KindOf(EventType type) {
  static constexpr std::array<EventKind, 256> kKinds = [] {
    std::array<EventKind, 256> kinds{};
    for (std::size_t i = 0; i < kinds.size(); ++i) kinds[i] = FindKind(static_cast<EventType>(i));
    return kinds;
  }();
  return kKinds[static_cast<std::uint8_t>(type)];
}

std::string_view Name(EventKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

bool IsGoroutineTransition(EventType type) {
  return KindOf(type) == EventKind::kStateTransition &&
         !(type >= EventType::kProcStart && type <= EventType::kProcStatus);
}

GoId SubjectGoroutine(const OrderedEvent& event) {
  using enum EventType;
  switch (event.type) {
    case kGoDestroy:
    case kGoDestroySyscall:
    case kGoStop:
    case kGoBlock:
    case kGoSyscallBegin:
    case kGoSyscallEnd:
    case kGoSyscallEndBlocked:
      return event.g;
    default:
      return GoId{static_cast<std::int64_t>(event.args[0])};
  }
}

ProcId SubjectProc(const OrderedEvent& event) {
  return event.type == EventType::kProcStop ? event.p
                                            : ProcId{static_cast<std::int64_t>(event.args[0])};
}

std::uint64_t SubjectStack(const OrderedEvent& event) {
  using enum EventType;
  switch (event.type) {
    case kGoCreate:
    case kGoCreateBlocked:
      return event.args[1];
    case kGoStop:
    case kGoBlock:
    case kGoSyscallBegin:
    case kGoStatusStack:
      return ContextStack(event);
    default:
      return 0;
  }
}

}  // namespace gtengine::order
