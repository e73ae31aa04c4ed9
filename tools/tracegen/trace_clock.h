// The clock of the simulated machine: when the next event happens, and how stamps say so.
#pragma once

#include <array>
#include <cstdint>

#include "engine/base/clock.h"
#include "tools/tracegen/random.h"

namespace gtengine::tracegen {

// Time is counted in the ns that a reader will see, whose conversion of each difference loses up to
// a ns: so no frequency disturbs the order of events, unless that is asked for. Some ns a call.
class TraceClock {
 public:
  // Events are `spacing_ns` apart on average. `step_ticks`: stamps are multiples of it; 0: no two
  // events have the same.
  TraceClock(std::uint64_t frequency_hz, double spacing_ns, Ticks step_ticks, TimeNs start);

  TimeNs now() const { return now_; }
  // What is stamped now.
  TimeNs Stamp() const { return step_ == 0 ? now_ : now_ - now_ % step_; }

  bool is_stepped() const { return step_ != 0; }

  // After an event at `time`: on to the next.
  void Advance(TimeNs time) {
    if (now_ < time) now_ = time;
    now_ += pauses_[++pause_ % kPauses];
  }

  // The fewest ticks that are read as `ns` or more.
  Ticks Cover(TimeNs ns) const {
    auto ticks = static_cast<Ticks>(static_cast<double>(ns) * ticks_per_ns_);
    while (unit_.ToNs(ticks) < ns) ++ticks;
    return ticks;
  }
  TimeNs ToNs(Ticks ticks) const { return unit_.ToNs(ticks); }

  std::uint64_t frequency_hz() const { return frequency_hz_; }
  TimeNs spacing() const { return spacing_; }

 private:
  static constexpr std::size_t kPauses = 1024;

  std::uint64_t frequency_hz_;
  TickUnit unit_;
  double ticks_per_ns_;
  TimeNs spacing_;
  TimeNs step_;
  TimeNs now_;
  // Exponentially distributed, in a random order.
  std::array<TimeNs, kPauses> pauses_;
  std::size_t pause_ = 0;
};

}  // namespace gtengine::tracegen
