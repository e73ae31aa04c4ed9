// One row is a time during which a goroutine was in one state, inside one region.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/columns/regions.h"
#include "engine/columns/span_flags.h"
#include "engine/columns/states.h"
#include "engine/columns/string_table.h"

namespace gtengine {

// Bits of the flags column, besides kCutAtEnd.
inline constexpr std::uint8_t kInMarkAssist = 4;

// What the time inside tasks and regions was spent on: a goroutine's time inside regions, cut where
// its state, its innermost region, or its being in a mark assist changes. The slices of a region
// cover its self time, and those of a goroutine do not overlap. None are made for the time in
// regions that began before the trace, and for system goroutines that were created inside one.
// Rows are in order of their end, cut ones last.
struct RegionSlices {
  static constexpr std::size_t kRows = 1024;

  std::size_t rows = 0;
  std::array<RegionId, kRows> region;  // the innermost one
  // What the goroutine worked for: the task of the innermost region that has one; kBackgroundTask:
  // none has.
  std::array<TaskId, kRows> task;
  std::array<StringRef, kRows> task_name;  // as in Regions
  std::array<GoId, kRows> g;
  std::array<GoState, kRows> state;
  std::array<StringRef, kRows> reason;  // why it waits or yielded; empty in other states
  std::array<TimeNs, kRows> start_ns;
  std::array<TimeNs, kRows> end_ns;
  std::array<std::uint8_t, kRows> flags;
};

}  // namespace gtengine
