// Sets whose rows are points in time. Rows are in order of their time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/columns/stack_table.h"
#include "engine/columns/string_table.h"
#include "engine/columns/tasks.h"

namespace gtengine {

// A message of the program (runtime/trace.Log).
struct Logs {
  static constexpr std::size_t kRows = 1024;

  std::size_t rows = 0;
  std::array<TimeNs, kRows> time_ns;
  std::array<GoId, kRows> g;
  std::array<ProcId, kRows> p;
  std::array<ThreadId, kRows> m;
  std::array<TaskId, kRows> task;
  std::array<StringRef, kRows> task_name;  // empty unless its beginning was seen and it is open
  std::array<StringRef, kRows> category;
  std::array<StringRef, kRows> message;
  std::array<StackRef, kRows> stack;
};

// A sample of the CPU profiler.
struct Samples {
  static constexpr std::size_t kRows = 1024;

  std::size_t rows = 0;
  std::array<TimeNs, kRows> time_ns;
  std::array<GoId, kRows> g;
  std::array<ProcId, kRows> p;
  std::array<ThreadId, kRows> m;
  std::array<StackRef, kRows> stack;
  // Function that the goroutine was started with; empty when it is not known (yet), or there is
  // none.
  std::array<StringRef, kRows> start_function;
  // What the goroutine worked for, as in RegionSlices.
  std::array<TaskId, kRows> task;
  std::array<StringRef, kRows> task_name;
};

enum class MetricKind : std::uint8_t {
  kHeapAlloc,   // bytes of live and not yet swept objects
  kHeapGoal,    // bytes
  kGoMaxProcs,  // Ps
};
inline constexpr std::size_t kMetricKindCount = 3;

// A new value of a metric of the whole program.
struct Metrics {
  static constexpr std::size_t kRows = 1024;

  std::size_t rows = 0;
  std::array<TimeNs, kRows> time_ns;
  std::array<GoId, kRows> g;
  std::array<ProcId, kRows> p;
  std::array<ThreadId, kRows> m;
  std::array<MetricKind, kRows> kind;
  std::array<std::uint64_t, kRows> value;
};

// A goroutine is given a label: the runtime does so with its mark workers.
struct Labels {
  static constexpr std::size_t kRows = 1024;

  std::size_t rows = 0;
  std::array<TimeNs, kRows> time_ns;
  std::array<GoId, kRows> g;
  std::array<ProcId, kRows> p;
  std::array<ThreadId, kRows> m;
  std::array<StringRef, kRows> label;
};

}  // namespace gtengine
