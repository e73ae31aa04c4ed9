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
  // Events are `spacing_ns` apart on average. `step`: stamps are multiples of it; 0: no two
  // events have the same.
  TraceClock(std::uint64_t frequency_hz, double spacing_ns, TimeNs step, TimeNs start);

  TimeNs now() const { return now_; }
  // What is stamped now.
  TimeNs Stamp() const { return step_ == 0 ? now_ : now_ - now_ % step_; }

  bool is_stepped() const { return step_ != 0; }

  // After an event at `time`: on to the next.
  void Advance(TimeNs time) {
    if (now_ < time) now_ = time;
    now_ += pauses_[++pause_ % kPauses];
  }

  // Where stamps go in steps: on to one after `time`.
  void Await(TimeNs time) {
    if (Stamp() <= time) now_ = time - time % step_ + step_;
  }
  // On to a stamp that is more than a tick later.
  void Skip() {
    now_ += tick() + 2;
    if (is_stepped()) Await(now_);
  }

  // The fewest ticks that are read as some ns (at least 1) or more, and as how many.
  struct Span {
    Ticks ticks = 0;
    TimeNs ns = 0;
  };
  Span Cover(TimeNs ns) const {
    // One less than `ns` is never enough, one tick more nearly always is.
    auto ticks = 1 + static_cast<std::int64_t>(static_cast<double>(ns - 1) * ticks_per_ns_);
    TimeNs read = Read(ticks);
    while (read < ns) read = Read(++ticks);
    return {static_cast<Ticks>(ticks), read};
  }

  std::uint64_t frequency_hz() const { return frequency_hz_; }
  TimeNs tick() const { return unit_.ToNs(1); }
  TimeNs spacing() const { return spacing_; }

 private:
  static constexpr std::size_t kPauses = 1024;

  // TickUnit::ToNs of what no trace exceeds.
  TimeNs Read(std::int64_t ticks) const {
    return static_cast<TimeNs>(static_cast<double>(ticks) * unit_.ns_per_tick());
  }

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
