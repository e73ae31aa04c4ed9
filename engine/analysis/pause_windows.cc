#include "engine/analysis/pause_windows.h"

#include <algorithm>
#include <cstddef>

namespace gtengine {
namespace {

// Any two times can be so far apart.
std::uint64_t Between(TimeNs start_ns, TimeNs end_ns) {
  return static_cast<std::uint64_t>(WrappingSubtract(end_ns, start_ns));
}

}  // namespace

void PauseWindows::Add(TimeNs start_ns, TimeNs end_ns, std::uint64_t share) {
  const TimeNs least_ns = pauses_.empty() ? start_ns_ : pauses_.back().end_ns;
  start_ns = std::max(start_ns, least_ns);
  end_ns = std::min(end_ns, end_ns_);
  if (start_ns >= end_ns || share == 0) return;
  Uint128 before = 0;
  if (!pauses_.empty()) {
    const Pause& last = pauses_.back();
    before = last.before + Uint128{Between(last.start_ns, last.end_ns)} * last.share;
  }
  pauses_.push_back({start_ns, end_ns, share, before});
}

class PauseWindows::Edge {
 public:
  explicit Edge(const std::vector<Pause>& pauses) : pauses_(pauses) {}

  Uint128 PausedUntil(TimeNs time_ns) {
    while (begun_ < pauses_.size() && pauses_[begun_].start_ns <= time_ns) ++begun_;
    if (begun_ == 0) return 0;
    const Pause& pause = pauses_[begun_ - 1];
    return pause.before +
           Uint128{Between(pause.start_ns, std::min(time_ns, pause.end_ns))} * pause.share;
  }

 private:
  const std::vector<Pause>& pauses_;
  std::size_t begun_ = 0;
};

// The paused time is greatest only where the window begins with a rise of the share, or ends with a
// fall.
Uint128 PauseWindows::MostPaused(std::uint64_t window_ns) const {
  Uint128 most = 0;
  if (pauses_.empty()) return most;
  window_ns = std::min(window_ns, Between(start_ns_, end_ns_));
  const TimeNs last_start_ns = WrappingSubtract(end_ns_, static_cast<TimeNs>(window_ns));
  // All windows that begin with a pause, then all that end with one: both never go back.
  const Uint128 all = Uint128{window_ns} * kWhole;
  const auto try_all = [&](auto is_edge, auto window_start_ns) {
    Edge from(pauses_);
    Edge to(pauses_);
    for (std::size_t i = 0; i < pauses_.size() && most < all; ++i) {
      if (!is_edge(i)) continue;
      const Pause& pause = pauses_[i];
      const TimeNs from_ns = std::clamp(window_start_ns(pause), start_ns_, last_start_ns);
      const TimeNs to_ns = WrappingAdd(from_ns, static_cast<TimeNs>(window_ns));
      most = std::max(most, to.PausedUntil(to_ns) - from.PausedUntil(from_ns));
    }
  };
  const auto share_after = [&](std::size_t i) -> std::uint64_t {
    const bool is_followed = i + 1 < pauses_.size() && pauses_[i + 1].start_ns == pauses_[i].end_ns;
    return is_followed ? pauses_[i + 1].share : 0;
  };
  const auto rises = [&](std::size_t i) {
    const bool follows = i > 0 && pauses_[i - 1].end_ns == pauses_[i].start_ns;
    return !follows || pauses_[i - 1].share < pauses_[i].share;
  };
  const auto falls = [&](std::size_t i) { return share_after(i) < pauses_[i].share; };
  try_all(rises, [](const Pause& pause) { return pause.start_ns; });
  try_all(falls, [&](const Pause& pause) {
    // Before the earliest time there is nothing.
    const bool is_early = Between(start_ns_, pause.end_ns) < window_ns;
    return is_early ? start_ns_ : WrappingSubtract(pause.end_ns, static_cast<TimeNs>(window_ns));
  });
  return most;
}

}  // namespace gtengine
