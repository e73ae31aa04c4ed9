// One row is one stay of a P in one state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/columns/span_flags.h"
#include "engine/columns/states.h"

namespace gtengine {

// Bits of the flags column, besides those of span_flags.h.
inline constexpr std::uint8_t kStolen =
    4;  // running, in a system call, when another thread took it

// Rows are in order of their end, cut ones last. A P that is found at the trace's start has been in
// its state since then. One that GOMAXPROCS took away stays idle to the end.
struct ProcSpans {
  static constexpr std::size_t kRows = 1024;

  std::size_t rows = 0;
  std::array<ProcId, kRows> p;
  std::array<ProcState, kRows> state;  // kRunning or kIdle
  std::array<TimeNs, kRows> start_ns;
  std::array<TimeNs, kRows> end_ns;
  // The thread that had a running P; that stopped or stole an idle one.
  std::array<ThreadId, kRows> m;
  // Of an idle span: how much of it some goroutine was known to be runnable. 0 otherwise.
  std::array<TimeNs, kRows> runnable_ns;
  std::array<std::uint8_t, kRows> flags;
};

}  // namespace gtengine
