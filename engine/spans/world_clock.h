// What the program as a whole was doing, as sums of time that grow while events come.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/clock.h"
#include "engine/columns/goroutine_spans.h"
#include "engine/order/event.h"

namespace gtengine::spans {

// The overlaps of a span are the sums at its end less those at its start: so they cost two looks at
// this clock, whatever happened in between. Nothing is known before an event tells it: not which Ps
// run before their first events, nor how many there are before GOMAXPROCS is told.
class WorldClock {
 public:
  // The next event that is no goroutine's transition; those that tell nothing of it change nothing.
  void Add(const order::OrderedEvent& event) {
    switch (order::KindOf(event.type)) {
      case order::EventKind::kStateTransition:
      case order::EventKind::kRangeBegin:
      case order::EventKind::kRangeActive:
      case order::EventKind::kRangeEnd:
      case order::EventKind::kMetric:
        return Change(event);
      default:
        return;
    }
  }

  // The sums up to `now_ns`, which is no earlier than the last event. A few ns.
  Overlaps At(TimeNs now_ns) const {
    const std::uint64_t since_ns = LengthNs(since_ns_, now_ns);
    Overlaps sums = sums_;
    sums.ns[static_cast<std::size_t>(doing_)] += since_ns;
    if (is_marking_) sums.marking_ns += since_ns;
    return sums;
  }

 private:
  void Change(const order::OrderedEvent& event);

  Overlaps sums_;  // up to since_ns_
  TimeNs since_ns_ = 0;
  World doing_ = World::kUnknown;
  bool is_marking_ = false;
  std::uint64_t stops_ = 0;    // under way
  std::uint64_t running_ = 0;  // Ps
  std::uint64_t procs_ = 0;    // GOMAXPROCS; 0: not told yet
};

}  // namespace gtengine::spans
