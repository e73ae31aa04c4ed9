// One row is one task of the program (runtime/trace.NewTask).
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

// What regions and logs belong to that were given no task.
inline constexpr TaskId kBackgroundTask{0};

// Rows are in order of their end, cut ones last and by id. What counts as a task is Go's rule
// (internal/trace/summary.go): every id that begins, ends, is a parent, or is named by a region or
// log. One whose beginning is not in the trace has no name, parent or stack, and begins with the
// trace; one whose end is not, ends with it. So there is one for the background when something
// belongs to it.
struct Tasks {
  static constexpr std::size_t kRows = 1024;

  std::size_t rows = 0;
  std::array<TaskId, kRows> task;
  std::array<TaskId, kRows> parent;  // kNoTask: none, or not known
  std::array<StringRef, kRows> name;
  std::array<StringRef, kRows> parent_name;  // empty when the parent was not open, or not named
  std::array<GoId, kRows> start_g;
  std::array<GoId, kRows> end_g;
  std::array<TimeNs, kRows> start_ns;
  std::array<TimeNs, kRows> end_ns;
  std::array<StackRef, kRows> start_stack;
  std::array<StackRef, kRows> end_stack;
  std::array<std::uint8_t, kRows> flags;
};

}  // namespace gtengine
