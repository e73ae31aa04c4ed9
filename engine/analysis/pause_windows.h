// How much of a window of time some pauses, whole or in part, can take.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/int128.h"

namespace gtengine {

// Pauses of a stretch of time, in order, none overlapping the next.
class PauseWindows {
 public:
  // Of a pause that takes all; one that takes a part of the machine has a part of it.
  static constexpr std::uint64_t kWhole = std::uint64_t{1} << 32;

  // What lies outside of the stretch is cut off.
  PauseWindows(TimeNs start_ns, TimeNs end_ns) : start_ns_(start_ns), end_ns_(end_ns) {}

  // Not to begin before the end of the one before.
  void Add(TimeNs start_ns, TimeNs end_ns, std::uint64_t share = kWhole);

  // The greatest paused time in any window of `window_ns` (above 0) inside the stretch, times
  // kWhole. O(pauses).
  Uint128 MostPaused(std::uint64_t window_ns) const;

 private:
  struct Pause {
    TimeNs start_ns;
    TimeNs end_ns;
    std::uint64_t share;
    Uint128 before;  // all pauses before it
  };
  // Sums up pauses for times that never go back.
  class Edge;

  TimeNs start_ns_;
  TimeNs end_ns_;
  std::vector<Pause> pauses_;
};

}  // namespace gtengine
