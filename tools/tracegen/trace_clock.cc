#include "tools/tracegen/trace_clock.h"

#include <algorithm>
#include <utility>

namespace gtengine::tracegen {
namespace {

// Minus the logarithm of what is left above each of `count` even steps from 0 to 1: the sum of
// 1/(count - i), whatever the mathematical library.
template <std::size_t count>
std::array<double, count> ExponentialQuantiles() {
  std::array<double, count> quantiles;
  double quantile = 0;
  for (std::size_t i = 0; i < count; ++i) {
    quantile += 1.0 / static_cast<double>(count - i);
    quantiles[i] = quantile;
  }
  return quantiles;
}

}  // namespace

TraceClock::TraceClock(std::uint64_t frequency_hz, double spacing_ns, TimeNs step, TimeNs start)
    : frequency_hz_(frequency_hz),
      unit_(frequency_hz),
      ticks_per_ns_(static_cast<double>(frequency_hz) / 1e9),
      spacing_(std::max<TimeNs>(1, static_cast<TimeNs>(spacing_ns))),
      step_(step),
      now_(start) {
  const auto quantiles = ExponentialQuantiles<kPauses>();
  for (std::size_t i = 0; i < kPauses; ++i) {
    pauses_[i] = std::max<TimeNs>(1, static_cast<TimeNs>(quantiles[i] * spacing_ns));
  }
  Random random(frequency_hz);
  for (std::size_t i = kPauses; i > 1; --i) std::swap(pauses_[i - 1], pauses_[random.Below(i)]);
}

}  // namespace gtengine::tracegen
