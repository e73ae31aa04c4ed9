#include "tools/gtengine/quantities.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace gtengine::cli {

std::string InUnits(double value, std::string_view unit) {
  static constexpr std::array<std::string_view, 6> kPrefixes{"", "k", "M", "G", "T", "P"};
  constexpr double kStep = 1000;
  constexpr double kRoundsUp = 999.5;
  std::size_t prefix = 0;
  while (value >= kRoundsUp && prefix + 1 < kPrefixes.size()) {
    value /= kStep;
    ++prefix;
  }
  const int decimals = prefix == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f} {}{}", value, decimals, kPrefixes[prefix], unit);
}

}  // namespace gtengine::cli
