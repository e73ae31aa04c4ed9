// One row is a time during which one P worked for the collector instead of the program.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/clock.h"
#include "engine/base/ids.h"

namespace gtengine {

enum class GcWorkKind : std::uint8_t {
  kDedicatedMark,  // a mark worker that has the P for itself
  kMark,           // another one, but for those that use idle Ps
  kMarkAssist,     // a goroutine in a mark assist, while it runs
  kSweep,
};
inline constexpr std::size_t kGcWorkKindCount = 4;

// Rows are in order of their end, those still open at the trace's end last. Work of different kinds
// can overlap on one P: a sweep inside an assist. What is found under way has been so since the
// trace's start. Mark workers are known by their labels, from those on: "GC (dedicated)",
// "GC (fractional)".
struct GcWork {
  static constexpr std::size_t kRows = 1024;

  std::size_t rows = 0;
  std::array<ProcId, kRows> p;
  std::array<GcWorkKind, kRows> kind;
  std::array<TimeNs, kRows> start_ns;
  std::array<TimeNs, kRows> end_ns;
};

}  // namespace gtengine
