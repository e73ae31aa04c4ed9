// One row is one region of the program (runtime/trace.StartRegion), on one goroutine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/columns/span_flags.h"
#include "engine/columns/stack_table.h"
#include "engine/columns/string_table.h"
#include "engine/columns/tasks.h"

namespace gtengine {

// Number of a region in its trace: in order of their beginning; those that began before the trace
// get theirs when they end.
enum class RegionId : std::uint64_t {};
inline constexpr RegionId kNoRegion{~std::uint64_t{0}};

// Bits of the flags column, besides those of span_flags.h.
// Not of the program: what a goroutine does that was created inside a region. It has no name, goes
// from the goroutine's creation to its end, and belongs to the creator's innermost region's task.
inline constexpr std::uint8_t kInherited = 4;
// The goroutine ended in it, or blocked for ever, which ends it as well.
inline constexpr std::uint8_t kLeftOpen = 8;
// Left open (or cut at the end) on a goroutine that the runtime started, or whose start function is
// unknown: Go's summarizer leaves these out.
inline constexpr std::uint8_t kOnSystemGoroutine = 16;

// Rows are in order of their end, inner before outer, cut ones last.
struct Regions {
  static constexpr std::size_t kRows = 1024;

  std::size_t rows = 0;
  std::array<RegionId, kRows> region;
  // The region around it; of an inherited one, the region of another goroutine that it was created
  // in. kNoRegion: none, or it began before the trace.
  std::array<RegionId, kRows> parent;
  std::array<TaskId, kRows> task;          // kBackgroundTask: none was given
  std::array<StringRef, kRows> task_name;  // empty unless its beginning was seen and it was open
  std::array<StringRef, kRows> name;
  std::array<GoId, kRows> g;
  std::array<TimeNs, kRows> start_ns;
  std::array<TimeNs, kRows> end_ns;
  std::array<TimeNs, kRows> self_ns;  // without the regions inside it, on its goroutine
  std::array<StackRef, kRows> start_stack;
  std::array<StackRef, kRows> end_stack;
  std::array<std::uint32_t, kRows> depth;  // known regions of the program around it
  std::array<std::uint8_t, kRows> flags;
};

}  // namespace gtengine
