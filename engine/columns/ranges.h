// One row is one special range of the runtime: a mark phase, a stop-the-world, a sweep, an assist.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/columns/span_flags.h"
#include "engine/columns/stack_table.h"
#include "engine/columns/string_table.h"

namespace gtengine {

enum class RangeKind : std::uint8_t {
  kMark,          // of the whole program
  kStopTheWorld,  // of the goroutine that stopped it
  kSweep,         // of a P
  kMarkAssist,    // of a goroutine
};
inline constexpr std::size_t kRangeKindCount = 4;

// Rows are in order of their end, cut ones last. A range that is found under way has been so since
// the trace's start.
struct Ranges {
  static constexpr std::size_t kRows = 1024;

  std::size_t rows = 0;
  std::array<RangeKind, kRows> kind;
  // As Go's reader names it: "GC mark assist", "stop-the-world (GC mark termination)", ...
  std::array<StringRef, kRows> name;
  // Whose it is, by its kind; kNoGoroutine and kNoProc otherwise.
  std::array<GoId, kRows> scope_g;
  std::array<ProcId, kRows> scope_p;
  // The goroutines running where it began (or was found) and ended. A sweep belongs to a goroutine
  // only where they are the same.
  std::array<GoId, kRows> start_g;
  std::array<GoId, kRows> end_g;
  std::array<TimeNs, kRows> start_ns;
  std::array<TimeNs, kRows> end_ns;
  // Of a stop-the-world: when the last P that ran stood still (start_ns when none ran): the time
  // before was spent on stopping, the time after is the pause. start_ns for other kinds.
  std::array<TimeNs, kRows> stopped_ns;
  // Of a mark assist: how long its goroutine was running; the rest of the time it waited, for a P
  // or for marking to be done by others. 0 for other kinds.
  std::array<std::uint64_t, kRows> running_ns;
  std::array<StackRef, kRows> start_stack;
  std::array<StackRef, kRows> end_stack;
  // Of a sweep that has ended; 0 otherwise.
  std::array<std::uint64_t, kRows> swept_bytes;
  std::array<std::uint64_t, kRows> reclaimed_bytes;
  std::array<std::uint8_t, kRows> flags;
};

}  // namespace gtengine
