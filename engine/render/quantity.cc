#include "engine/render/quantity.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gtengine {
namespace {

// One unit of a scale; it is used from `size` on, until the next one's size is reached.
struct Step {
  std::uint64_t size;
  std::string_view name;
};

constexpr Step kTimes[] = {{1, "ns"},
                           {1'000, "us"},
                           {1'000'000, "ms"},
                           {1'000'000'000, "s"},
                           {60'000'000'000, "min"},
                           {3'600'000'000'000, "h"},
                           {86'400'000'000'000, "d"}};
// Where the next unit takes over, in units of this one: 1000 s are still seconds.
constexpr std::uint64_t kTimeLimits[] = {1000, 1000, 1000, 1000, 60, 48};

constexpr Step kSizes[] = {{1, "B"},
                           {1ull << 10, "KiB"},
                           {1ull << 20, "MiB"},
                           {1ull << 30, "GiB"},
                           {1ull << 40, "TiB"},
                           {1ull << 50, "PiB"}};
constexpr std::uint64_t kSizeLimits[] = {1000, 1000, 1000, 1000, 1000};

std::string Grouped(Uint128 value) {
  std::string digits = fmt::format("{}", value);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(digits.begin() + static_cast<std::ptrdiff_t>(at), ',');
  }
  return digits;
}

// `value` / `size` with `decimals` digits, as an integer of that many decimals, rounded half up.
Uint128 Scaled(Uint128 value, std::uint64_t size, std::uint64_t power) {
  const Uint128 whole = value / size;
  const Uint128 rest = value % size;
  return whole * power + (2 * rest * power + size) / (Uint128{2} * size);
}

// Three digits of `value` in units of `size`.
std::string ThreeDigits(Uint128 value, std::uint64_t size) {
  if (size == 1) return Grouped(value);
  const Uint128 whole = value / size;
  if (whole < 10) {
    const Uint128 scaled = Scaled(value, size, 100);
    if (scaled < 1000) {
      return fmt::format("{}.{:02}", scaled / 100, static_cast<unsigned>(scaled % 100));
    }
  }
  if (whole < 100) {
    const Uint128 scaled = Scaled(value, size, 10);
    if (scaled < 1000) {
      return fmt::format("{}.{}", scaled / 10, static_cast<unsigned>(scaled % 10));
    }
  }
  return Grouped(Scaled(value, size, 1));
}

std::string OnScale(Uint128 value, std::span<const Step> steps,
                    std::span<const std::uint64_t> limits) {
  std::size_t at = 0;
  // Rounded, so that 999,999 ns are 1.00 ms and not 1000 us.
  while (at < limits.size() && Scaled(value, steps[at].size, 1) >= limits[at]) ++at;
  return fmt::format("{} {}", ThreeDigits(value, steps[at].size), steps[at].name);
}

std::string Magnitude(Uint128 value, Unit unit) {
  switch (unit) {
    case Unit::kNs:
      return OnScale(value, kTimes, kTimeLimits);
    case Unit::kBytes:
      return OnScale(value, kSizes, kSizeLimits);
    case Unit::kCount:
      return Grouped(value);
    case Unit::kPermille:
      return fmt::format("{}.{} %", Grouped(value / 10), static_cast<unsigned>(value % 10));
    case Unit::kText:
    case Unit::kId:
      break;
  }
  return fmt::format("{}", value);
}

}  // namespace

std::string FormatQuantity(Int128 value, Unit unit) {
  if (value >= 0) return Magnitude(static_cast<Uint128>(value), unit);
  return fmt::format("-{}", Magnitude(Uint128{0} - static_cast<Uint128>(value), unit));
}

}  // namespace gtengine
