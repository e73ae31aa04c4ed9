// One row is one generation of the trace: about a second.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/clock.h"

namespace gtengine {

struct Generations {
  static constexpr std::size_t kRows = 64;

  std::size_t rows = 0;
  std::array<std::uint64_t, kRows> number;
  // Where it stands in the file: from its first byte to after its last.
  std::array<std::uint64_t, kRows> begin_byte;
  std::array<std::uint64_t, kRows> end_byte;
  std::array<std::uint64_t, kRows> batches;
  std::array<std::uint64_t, kRows> strings;
  std::array<std::uint64_t, kRows> stacks;
  // Its Sync event and CPU samples included; the Sync event at the trace's end belongs to none.
  std::array<std::uint64_t, kRows> events;
  std::array<TimeNs, kRows> first_ns;
  std::array<TimeNs, kRows> last_ns;
  std::array<std::uint64_t, kRows> frequency_hz;  // ticks a second
  // A reading of several clocks at one moment (from format 25 on): that moment on the trace's
  // clock, the operating system's monotonic clock, and Unix time.
  std::array<bool, kRows> has_clock_snapshot;  // the following are 0 without
  std::array<TimeNs, kRows> clock_ns;
  std::array<std::uint64_t, kRows> mono_ns;
  std::array<std::uint64_t, kRows> wall_seconds;
  std::array<std::uint64_t, kRows> wall_nanoseconds;
};

}  // namespace gtengine
