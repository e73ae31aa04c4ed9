#include "engine/analysis/pause_windows.h"

#include <algorithm>

namespace gtengine {

void PauseWindows::Add(TimeNs start_ns, TimeNs end_ns) {
  const TimeNs least_ns = pauses_.empty() ? start_ns_ : pauses_.back().end_ns;
  start_ns = std::max(start_ns, least_ns);
  end_ns = std::min(end_ns, end_ns_);
  if (start_ns >= end_ns) return;
  std::uint64_t before_ns = 0;
  if (!pauses_.empty()) {
    const Pause& last = pauses_.back();
    before_ns =
        last.before_ns + static_cast<std::uint64_t>(WrappingSubtract(last.end_ns, last.start_ns));
  }
  pauses_.push_back({start_ns, end_ns, before_ns});
}

// From the stretch's start on.
std::uint64_t PauseWindows::PausedUntil(TimeNs time_ns) const {
  const auto after =
      std::upper_bound(pauses_.begin(), pauses_.end(), time_ns,
                       [](TimeNs time, const Pause& pause) { return time < pause.start_ns; });
  if (after == pauses_.begin()) return 0;
  const Pause& pause = *(after - 1);
  return pause.before_ns + static_cast<std::uint64_t>(
                               WrappingSubtract(std::min(time_ns, pause.end_ns), pause.start_ns));
}

// The paused time changes its course only where an edge of the window meets that of a pause.
std::uint64_t PauseWindows::MostPausedNs(std::uint64_t window_ns) const {
  std::uint64_t most_ns = 0;
  const auto length_ns = static_cast<std::uint64_t>(WrappingSubtract(end_ns_, start_ns_));
  if (pauses_.empty()) return most_ns;
  window_ns = std::min(window_ns, length_ns);
  const TimeNs last_start_ns = WrappingSubtract(end_ns_, static_cast<TimeNs>(window_ns));
  const auto try_at = [&](TimeNs window_start_ns) {
    const TimeNs from_ns = std::clamp(window_start_ns, start_ns_, last_start_ns);
    const TimeNs to_ns = WrappingAdd(from_ns, static_cast<TimeNs>(window_ns));
    most_ns = std::max(most_ns, PausedUntil(to_ns) - PausedUntil(from_ns));
  };
  for (const Pause& pause : pauses_) {
    try_at(pause.start_ns);
    try_at(WrappingSubtract(pause.end_ns, static_cast<TimeNs>(window_ns)));
  }
  return most_ns;
}

}  // namespace gtengine
