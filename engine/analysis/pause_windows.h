// How much of a window of time some pauses can take.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/clock.h"

namespace gtengine {

// Pauses of a stretch of time, in order, none overlapping the next.
class PauseWindows {
 public:
  // What lies outside of the stretch is cut off.
  PauseWindows(TimeNs start_ns, TimeNs end_ns) : start_ns_(start_ns), end_ns_(end_ns) {}

  // Not to begin before the end of the one before.
  void Add(TimeNs start_ns, TimeNs end_ns);

  // The greatest paused time in any window of `window_ns` (above 0) inside the stretch. O(pauses *
  // log(pauses)).
  std::uint64_t MostPausedNs(std::uint64_t window_ns) const;

 private:
  struct Pause {
    TimeNs start_ns;
    TimeNs end_ns;
    std::uint64_t before_ns;  // all pauses before it
  };

  std::uint64_t PausedUntil(TimeNs time_ns) const;

  TimeNs start_ns_;
  TimeNs end_ns_;
  std::vector<Pause> pauses_;
};

}  // namespace gtengine
