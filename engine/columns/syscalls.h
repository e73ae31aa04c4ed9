// One row is one system call (or call into C) of a goroutine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/columns/span_flags.h"
#include "engine/columns/stack_table.h"

namespace gtengine {

// Bits of the flags column, besides those of span_flags.h.
// The goroutine lost its P, but Go's summarizer (internal/trace/summary.go) takes it to have kept
// it: it came into the call without one, or another goroutine that had blocked in a call on that P
// came back meanwhile.
inline constexpr std::uint8_t kLossUnseen = 4;

// Rows are in order of their end, cut ones last. They end where the goroutine leaves the state
// Syscall: it is running again, or waits for a P, or is gone.
struct Syscalls {
  static constexpr std::size_t kRows = 1024;

  std::size_t rows = 0;
  std::array<GoId, kRows> g;
  std::array<ProcId, kRows> p;    // at the start; kNoProc: it had none
  std::array<ThreadId, kRows> m;  // at the start
  std::array<TimeNs, kRows> start_ns;
  std::array<TimeNs, kRows> end_ns;
  // When it lost its P, and so began to block: start_ns when it had none, end_ns when it kept it.
  std::array<TimeNs, kRows> had_p_until_ns;
  std::array<StackRef, kRows> stack;
  std::array<std::uint8_t, kRows> flags;
};

}  // namespace gtengine
