// One row is the life of one piece of memory: an object of the heap, a span, a goroutine's stack.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/columns/span_flags.h"
#include "engine/columns/string_table.h"

namespace gtengine {

enum class AllocationKind : std::uint8_t {
  kObject,
  kHeapSpan,   // pages for objects
  kOtherSpan,  // pages for stacks and for the runtime itself
  kStack,
};
inline constexpr std::size_t kAllocationKindCount = 4;

// Bits of the flags column, besides those of span_flags.h: another one was allocated at its place
// before it was freed in the trace.
inline constexpr std::uint8_t kReplaced = 4;

// Only traces of the AllocFree experiment (GODEBUG=traceallocfree=1) have any. Rows are in order of
// their end, those that live at the trace's end last. What was there at the trace's start has lived
// since then.
struct Allocations {
  static constexpr std::size_t kRows = 1024;

  std::size_t rows = 0;
  std::array<AllocationKind, kRows> kind;
  // Of an object whose type the runtime knew; empty otherwise.
  std::array<StringRef, kRows> type;
  // What it takes: of an object its slot, which is rounded up to a size class; 0: not known.
  std::array<std::uint64_t, kRows> bytes;
  std::array<GoId, kRows> g;  // that allocated it; kNoGoroutine when that is not in the trace
  std::array<TimeNs, kRows> start_ns;
  std::array<TimeNs, kRows> end_ns;
  std::array<std::uint8_t, kRows> flags;
};

}  // namespace gtengine
