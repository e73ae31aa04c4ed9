// Ticks and nanoseconds. A trace counts ticks of its own clock; everything above the wire counts
// ns.
#pragma once

#include <cstdint>
#include <limits>

namespace gtengine {

using Ticks = std::uint64_t;  // units of the trace's clock, as the file has them
using TimeNs = std::int64_t;  // nanoseconds of the trace clock: an instant or a length

// Nanoseconds a tick, from the frequency (ticks a second) that a generation states. The formula,
// and with it the rounding, is Go's (internal/trace/generation.go, setSyncBatch).
class TickUnit {
 public:
  constexpr TickUnit() = default;
  explicit constexpr TickUnit(std::uint64_t frequency_hz)
      : ns_per_tick_(1.0 / (static_cast<double>(frequency_hz) / 1e9)) {}

  constexpr double ns_per_tick() const { return ns_per_tick_; }

  // Go converts each stamp and each difference separately, by truncation; what does not fit is what
  // amd64 gives: the smallest integer.
  constexpr TimeNs ToNs(Ticks ticks) const {
    const double ns = static_cast<double>(ticks) * ns_per_tick_;
    return ns < 9223372036854775808.0 ? static_cast<TimeNs>(ns)
                                      : std::numeric_limits<TimeNs>::min();
  }

 private:
  double ns_per_tick_ = 0;
};

// Sum that wraps as Go's does, since a file may state any times.
constexpr TimeNs WrappingAdd(TimeNs a, TimeNs b) {
  return static_cast<TimeNs>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
// Likewise a difference: a length of time.
constexpr TimeNs WrappingSubtract(TimeNs a, TimeNs b) {
  return static_cast<TimeNs>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
// Likewise a length for a sum: nothing that a file can state makes it negative.
constexpr std::uint64_t LengthNs(TimeNs start_ns, TimeNs end_ns) {
  const TimeNs length_ns = WrappingSubtract(end_ns, start_ns);
  return length_ns < 0 ? 0 : static_cast<std::uint64_t>(length_ns);
}

}  // namespace gtengine
