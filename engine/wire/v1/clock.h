// The clock of a legacy trace.
#pragma once

#include <cstdint>
#include <limits>

#include "engine/base/clock.h"

namespace gtengine::wire::v1 {

// From ticks of a legacy trace to ns since its first event. The formula, and with it the rounding,
// is Go's (internal/tracev1, parse).
class Clock {
 public:
  Clock() = default;
  Clock(std::int64_t first_ticks, std::int64_t frequency_hz)
      : first_ticks_(first_ticks), ns_per_tick_(1e9 / static_cast<double>(frequency_hz)) {}

  TimeNs ToNs(std::int64_t ticks) const {
    const auto since = static_cast<std::int64_t>(static_cast<std::uint64_t>(ticks) -
                                                 static_cast<std::uint64_t>(first_ticks_));
    const double ns = static_cast<double>(since) * ns_per_tick_;
    // What does not fit is what amd64 gives.
    return ns >= -0x1p63 && ns < 0x1p63 ? static_cast<TimeNs>(ns)
                                        : std::numeric_limits<TimeNs>::min();
  }

 private:
  std::int64_t first_ticks_ = 0;
  double ns_per_tick_ = 0;
};

}  // namespace gtengine::wire::v1
