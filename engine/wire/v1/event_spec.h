// What each record of the legacy format is called and which numbers it has.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/wire/format.h"
#include "engine/wire/v1/format.h"

namespace gtengine::wire::v1 {

enum class RecordClass : std::uint8_t {
  kUnknown,  // no such type
  kTable,    // part of the file's structure, or an entry of its tables
  kTimed,    // an event: its first number is a time difference
};

struct EventSpec {
  std::string_view name;
  RecordClass record_class = RecordClass::kUnknown;
  std::uint8_t arg_count = 0;  // without time difference and stack
  bool has_stack = false;      // its last number is a stack's id
  Version first_version = Version::k11;

  // All its numbers. Not for strings and stacks, whose records are of any length.
  constexpr std::size_t number_count() const {
    return std::size_t{arg_count} + (has_stack ? 1u : 0u) +
           (record_class == RecordClass::kTimed ? 1u : 0u);
  }
};

constexpr EventSpec TableSpec(std::string_view name, std::uint8_t arg_count) {
  return {.name = name, .record_class = RecordClass::kTable, .arg_count = arg_count};
}

constexpr EventSpec TimedSpec(std::string_view name, std::uint8_t arg_count) {
  return {.name = name, .record_class = RecordClass::kTimed, .arg_count = arg_count};
}

constexpr EventSpec StackSpec(std::string_view name, std::uint8_t arg_count) {
  return {
      .name = name, .record_class = RecordClass::kTimed, .arg_count = arg_count, .has_stack = true};
}

// By type.
inline constexpr std::array<EventSpec, kEventTypes> kSpecs = {{
    {},
    TableSpec("Batch", 2),      // P, time
    TableSpec("Frequency", 1),  // ticks a second
    TableSpec("Stack", 2),      // id, number of frames; then four numbers a frame
    StackSpec("Gomaxprocs", 1),
    TimedSpec("ProcStart", 1),  // thread
    TimedSpec("ProcStop", 0),
    StackSpec("GCStart", 1),  // sequence number
    TimedSpec("GCDone", 0),
    TimedSpec("GCSTWStart", 1),  // kind
    TimedSpec("GCSTWDone", 0),
    StackSpec("GCSweepStart", 0),
    TimedSpec("GCSweepDone", 2),  // bytes swept, bytes reclaimed
    StackSpec("GoCreate", 2),     // goroutine, its first stack
    TimedSpec("GoStart", 2),      // goroutine, sequence number
    TimedSpec("GoEnd", 0),
    StackSpec("GoStop", 0),
    StackSpec("GoSched", 0),
    StackSpec("GoPreempt", 0),
    StackSpec("GoSleep", 0),
    StackSpec("GoBlock", 0),
    StackSpec("GoUnblock", 2),  // goroutine, sequence number
    StackSpec("GoBlockSend", 0),
    StackSpec("GoBlockRecv", 0),
    StackSpec("GoBlockSelect", 0),
    StackSpec("GoBlockSync", 0),
    StackSpec("GoBlockCond", 0),
    StackSpec("GoBlockNet", 0),
    StackSpec("GoSysCall", 0),
    TimedSpec("GoSysExit", 3),  // goroutine, sequence number, time of the exit
    TimedSpec("GoSysBlock", 0),
    TimedSpec("GoWaiting", 1),    // goroutine
    TimedSpec("GoInSyscall", 1),  // goroutine
    TimedSpec("HeapAlloc", 1),
    TimedSpec("HeapGoal", 1),
    TableSpec("TimerGoroutine", 1),  // goroutine
    TimedSpec("FutileWakeup", 0),
    TableSpec("String", 2),          // id, length; then the text
    TimedSpec("GoStartLocal", 1),    // goroutine
    StackSpec("GoUnblockLocal", 1),  // goroutine
    TimedSpec("GoSysExitLocal", 2),  // goroutine, time of the exit
    TimedSpec("GoStartLabel", 3),    // goroutine, sequence number, label's string
    StackSpec("GoBlockGC", 0),
    StackSpec("GCMarkAssistStart", 0),
    TimedSpec("GCMarkAssistDone", 0),
    StackSpec("UserTaskCreate", 3),  // task, its parent, name's string
    StackSpec("UserTaskEnd", 1),     // task
    StackSpec("UserRegion", 3),      // task, 0 begin or 1 end, name's string
    StackSpec("UserLog", 2),         // task, category's string; then the message
    {.name = "CPUSample",            // time, P, goroutine
     .record_class = RecordClass::kTimed,
     .arg_count = 3,
     .has_stack = true,
     .first_version = Version::k19},
}};

inline const EventSpec& SpecOf(EventType type) { return kSpecs[static_cast<std::size_t>(type)]; }

// Whether such a record has something for the tables: also a log, whose message is a string.
constexpr bool HasEntry(EventType type) {
  return type == EventType::kString || type == EventType::kStack || type == EventType::kFrequency ||
         type == EventType::kTimerGoroutine || type == EventType::kUserLog;
}

// Whether records of this type may stand in a trace of this format.
inline bool IsKnown(std::uint8_t type, Version version) {
  return type < kEventTypes && kSpecs[type].record_class != RecordClass::kUnknown &&
         kSpecs[type].first_version <= version;
}

}  // namespace gtengine::wire::v1
