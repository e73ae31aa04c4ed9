#include "engine/wire/event_spec.h"

#include <initializer_list>

#include "engine/base/ids.h"

namespace gtengine::wire {
namespace {

using Names = std::initializer_list<std::string_view>;
using Positions = std::initializer_list<std::uint8_t>;

class SpecTable {
 public:
  constexpr SpecTable();
  constexpr const EventSpec& operator[](EventType type) const {
    return specs_[static_cast<std::uint8_t>(type)];
  }

 private:
  constexpr EventSpec& Add(EventType type, std::string_view name, EventClass event_class,
                           Names args) {
    EventSpec& spec = specs_[static_cast<std::uint8_t>(type)];
    spec.name = name;
    spec.event_class = event_class;
    for (const std::string_view arg : args) spec.args[spec.arg_count++] = arg;
    return spec;
  }
  constexpr void Structural(EventType type, std::string_view name, Names args = {},
                            Trailer trailer = Trailer::kNone) {
    Add(type, name, EventClass::kStructural, args).trailer = trailer;
  }
  constexpr void Timed(EventType type, std::string_view name, Names args, Positions stacks = {},
                       Positions strings = {}, EventType range_begin = EventType::kNone) {
    EventSpec& spec = Add(type, name, EventClass::kTimed, args);
    std::size_t i = 0;
    for (const std::uint8_t position : stacks) spec.stacks[i++] = position;
    i = 0;
    for (const std::uint8_t position : strings) spec.strings[i++] = position;
    spec.range_begin = range_begin;
  }
  constexpr void AddStructure();
  constexpr void AddScheduling();
  constexpr void AddCollection();
  constexpr void AddAnnotations();
  constexpr void AddExperiments();

  std::array<EventSpec, 256> specs_;
};

constexpr SpecTable::SpecTable() {
  AddStructure();
  AddScheduling();
  AddCollection();
  AddAnnotations();
  AddExperiments();
}

constexpr void SpecTable::AddStructure() {
  using enum EventType;
  Structural(kEventBatch, "EventBatch", {"gen", "m", "time", "size"});
  Structural(kStacks, "Stacks");
  Structural(kStack, "Stack", {"id", "nframes"}, Trailer::kFrames);
  Structural(kStrings, "Strings");
  Structural(kString, "String", {"id"}, Trailer::kData);
  Structural(kCpuSamples, "CPUSamples");
  Structural(kCpuSample, "CPUSample", {"time", "m", "p", "g", "stack"});
  Structural(kFrequency, "Frequency", {"freq"});
  Structural(kExperimentalBatch, "ExperimentalBatch", {"exp", "gen", "m", "time"}, Trailer::kData);
  Structural(kSync, "Sync");
  Structural(kEndOfGeneration, "EndOfGeneration");
  // Timed by its shape, though it stands in a Sync batch only.
  Timed(kClockSnapshot, "ClockSnapshot", {"dt", "mono", "sec", "nsec"});
}

constexpr void SpecTable::AddScheduling() {
  using enum EventType;
  Timed(kProcsChange, "ProcsChange", {"dt", "procs_value", "stack"}, {2});
  Timed(kProcStart, "ProcStart", {"dt", "p", "p_seq"});
  Timed(kProcStop, "ProcStop", {"dt"});
  Timed(kProcSteal, "ProcSteal", {"dt", "p", "p_seq", "m"});
  Timed(kProcStatus, "ProcStatus", {"dt", "p", "pstatus"});
  Timed(kGoCreate, "GoCreate", {"dt", "new_g", "new_stack", "stack"}, {3, 2});
  Timed(kGoCreateSyscall, "GoCreateSyscall", {"dt", "new_g"});
  Timed(kGoStart, "GoStart", {"dt", "g", "g_seq"});
  Timed(kGoDestroy, "GoDestroy", {"dt"});
  Timed(kGoDestroySyscall, "GoDestroySyscall", {"dt"});
  Timed(kGoStop, "GoStop", {"dt", "reason_string", "stack"}, {2}, {1});
  Timed(kGoBlock, "GoBlock", {"dt", "reason_string", "stack"}, {2}, {1});
  Timed(kGoUnblock, "GoUnblock", {"dt", "g", "g_seq", "stack"}, {3});
  Timed(kGoSyscallBegin, "GoSyscallBegin", {"dt", "p_seq", "stack"}, {2});
  Timed(kGoSyscallEnd, "GoSyscallEnd", {"dt"}, {}, {}, kGoSyscallBegin);
  Timed(kGoSyscallEndBlocked, "GoSyscallEndBlocked", {"dt"}, {}, {}, kGoSyscallBegin);
  Timed(kGoStatus, "GoStatus", {"dt", "g", "m", "gstatus"});
  Timed(kGoSwitch, "GoSwitch", {"dt", "g", "g_seq"});
  Timed(kGoSwitchDestroy, "GoSwitchDestroy", {"dt", "g", "g_seq"});
  Timed(kGoCreateBlocked, "GoCreateBlocked", {"dt", "new_g", "new_stack", "stack"}, {3, 2});
  Timed(kGoStatusStack, "GoStatusStack", {"dt", "g", "m", "gstatus", "stack"}, {4});
}

constexpr void SpecTable::AddCollection() {
  using enum EventType;
  Timed(kStwBegin, "STWBegin", {"dt", "kind_string", "stack"}, {2}, {1});
  Timed(kStwEnd, "STWEnd", {"dt"}, {}, {}, kStwBegin);
  Timed(kGcActive, "GCActive", {"dt", "gc_seq"}, {}, {}, kGcBegin);
  Timed(kGcBegin, "GCBegin", {"dt", "gc_seq", "stack"}, {2});
  Timed(kGcEnd, "GCEnd", {"dt", "gc_seq"}, {}, {}, kGcBegin);
  Timed(kGcSweepActive, "GCSweepActive", {"dt", "p"}, {}, {}, kGcSweepBegin);
  Timed(kGcSweepBegin, "GCSweepBegin", {"dt", "stack"}, {1});
  Timed(kGcSweepEnd, "GCSweepEnd", {"dt", "swept_value", "reclaimed_value"}, {}, {}, kGcSweepBegin);
  Timed(kGcMarkAssistActive, "GCMarkAssistActive", {"dt", "g"}, {}, {}, kGcMarkAssistBegin);
  Timed(kGcMarkAssistBegin, "GCMarkAssistBegin", {"dt", "stack"}, {1});
  Timed(kGcMarkAssistEnd, "GCMarkAssistEnd", {"dt"}, {}, {}, kGcMarkAssistBegin);
  Timed(kHeapAlloc, "HeapAlloc", {"dt", "heapalloc_value"});
  Timed(kHeapGoal, "HeapGoal", {"dt", "heapgoal_value"});
}

constexpr void SpecTable::AddAnnotations() {
  using enum EventType;
  Timed(kGoLabel, "GoLabel", {"dt", "label_string"}, {}, {1});
  Timed(kUserTaskBegin, "UserTaskBegin", {"dt", "task", "parent_task", "name_string", "stack"}, {4},
        {3});
  Timed(kUserTaskEnd, "UserTaskEnd", {"dt", "task", "stack"}, {2});
  Timed(kUserRegionBegin, "UserRegionBegin", {"dt", "task", "name_string", "stack"}, {3}, {2});
  Timed(kUserRegionEnd, "UserRegionEnd", {"dt", "task", "name_string", "stack"}, {3}, {2},
        kUserRegionBegin);
  Timed(kUserLog, "UserLog", {"dt", "task", "key_string", "value_string", "stack"}, {4}, {2, 3});
}

constexpr void SpecTable::AddExperiments() {
  using enum EventType;
  Timed(kSpan, "Span", {"dt", "id", "npages_value", "kindclass"});
  Timed(kSpanAlloc, "SpanAlloc", {"dt", "id", "npages_value", "kindclass"});
  Timed(kSpanFree, "SpanFree", {"dt", "id"});
  Timed(kHeapObject, "HeapObject", {"dt", "id", "type"});
  Timed(kHeapObjectAlloc, "HeapObjectAlloc", {"dt", "id", "type"});
  Timed(kHeapObjectFree, "HeapObjectFree", {"dt", "id"});
  Timed(kGoroutineStack, "GoroutineStack", {"dt", "id", "order"});
  Timed(kGoroutineStackAlloc, "GoroutineStackAlloc", {"dt", "id", "order"});
  Timed(kGoroutineStackFree, "GoroutineStackFree", {"dt", "id"});
}

constexpr SpecTable kTable;

}  // namespace

const EventSpec& SpecOf(EventType type) { return kTable[type]; }

constexpr kernels::ArgCounts kTimedArgCounts = [] {
  kernels::ArgCounts counts{};
  for (std::size_t type = 0; type < counts.size(); ++type) {
    const EventSpec& spec = kTable[static_cast<EventType>(type)];
    if (spec.event_class == EventClass::kTimed) counts[type] = spec.arg_count;
  }
  return counts;
}();

constexpr std::array<IdPositions, 256> kIdPositions = [] {
  std::array<IdPositions, 256> positions{};
  for (std::size_t type = 0; type < positions.size(); ++type) {
    const EventSpec& spec = kTable[static_cast<EventType>(type)];
    positions[type] = {.stacks = spec.stacks, .strings = spec.strings};
  }
  return positions;
}();

std::uint8_t TypeLimit(Version version) {
  const auto after = [](EventType last) { return static_cast<std::uint8_t>(Raw(last) + 1); };
  switch (version) {
    case Version::k11:
    case Version::k19:
    case Version::k21:
      return 0;
    case Version::k22:
      return after(EventType::kUserLog);
    case Version::k23:
      return after(EventType::kExperimentalBatch);
    case Version::k25:
      return after(EventType::kClockSnapshot);
    case Version::k26:
      return after(EventType::kGoroutineStackFree);
  }
  return 0;
}

}  // namespace gtengine::wire
