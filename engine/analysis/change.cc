#include "engine/analysis/change.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "engine/base/int128.h"

namespace gtengine {
namespace {

constexpr int kFractionBits = 20;

constexpr std::int64_t kPermille = 1000;
// Quantiles are within 1/128 of the truth on both sides: log2(1 + 1/64), rounded up.
constexpr LogRatio kLeastNoise = 23'455;

// The noise of a median of so many units, in hundredths of their median absolute deviation: of
// units that are drawn from one normal distribution, one median in a thousand is farther from the
// truth. Found by drawing a million times (docs/diff.md); between two entries the lower one holds.
struct Factor {
  std::size_t units;
  std::int64_t hundredths;
};
constexpr std::array<Factor, 21> kFactors = {
    {{4, 3850}, {5, 3379}, {6, 1179}, {7, 1125}, {8, 666},  {9, 630},  {10, 460},
     {11, 452}, {12, 357}, {13, 348}, {14, 294}, {15, 292}, {16, 254}, {18, 224},
     {20, 203}, {24, 173}, {32, 136}, {48, 103}, {64, 85},  {100, 66}, {200, 45}}};

// The noise of the values' median. There are at least kLeastUnits.
LogRatio NoiseOf(const std::vector<LogRatio>& values) {
  const auto above = std::ranges::upper_bound(kFactors, values.size(), {}, &Factor::units);
  const Int128 scaled = Int128{DeviationOf(values)} * (above - 1)->hundredths;
  return static_cast<LogRatio>((scaled + 99) / 100);
}

// The root of a sum of squares, rounded up. Both are below 2^36.
LogRatio Together(LogRatio a, LogRatio b) {
  const Uint128 square = Uint128(a) * Uint128(a) + Uint128(b) * Uint128(b);
  auto root = static_cast<std::uint64_t>(std::max(a, b));
  std::uint64_t top = static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b);
  while (root < top) {
    const std::uint64_t middle = root + (top - root) / 2;
    if (Uint128{middle} * middle >= square) {
      top = middle;
    } else {
      root = middle + 1;
    }
  }
  return static_cast<LogRatio>(root);
}

}  // namespace

LogRatio LogOf(std::int64_t length_ns) {
  const auto length = static_cast<std::uint64_t>(std::max<std::int64_t>(length_ns, 1));
  const int power = static_cast<int>(std::bit_width(length)) - 1;
  LogRatio log = power;
  std::uint64_t mantissa = length << (63 - power);  // from 1 to 2, in units of 2^-63
  for (int bit = 0; bit < kFractionBits; ++bit) {
    const Uint128 square = Uint128{mantissa} * mantissa;
    const bool is_two = square >> 127 != 0;
    mantissa = static_cast<std::uint64_t>(square >> (is_two ? 64 : 63));
    log = log * 2 + (is_two ? 1 : 0);
  }
  return log;
}

std::int64_t PermilleOf(LogRatio log) {
  // The greatest number of tenths whose logarithm is not above it; then rounded.
  const LogRatio wanted = log + LogOf(10 * kPermille);
  std::int64_t least = 0;
  std::int64_t most = std::int64_t{1} << 62;
  while (least < most) {
    const std::int64_t middle = least + (most - least + 1) / 2;
    if (LogOf(middle) <= wanted) {
      least = middle;
    } else {
      most = middle - 1;
    }
  }
  return (least + 5) / 10 - kPermille;
}

std::int64_t MedianOf(std::vector<std::int64_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 != 0) return *middle;
  const std::int64_t below = *std::max_element(values.begin(), middle);
  return static_cast<std::int64_t>((Int128{below} + *middle) / 2);
}

std::int64_t DeviationOf(std::vector<std::int64_t> values) {
  const std::int64_t median = MedianOf(values);
  for (std::int64_t& value : values) value = value > median ? value - median : median - value;
  return MedianOf(std::move(values));
}

Change ChangeOfSame(const std::vector<LogRatio>& a, const std::vector<LogRatio>& b) {
  std::vector<LogRatio> changes;
  for (std::size_t i = 0; i < a.size(); ++i) changes.push_back(b[i] - a[i]);
  Change change{.log = MedianOf(changes), .noise = {}};
  if (changes.size() >= kLeastUnits) change.noise = std::max(NoiseOf(changes), kLeastNoise);
  return change;
}

Change ChangeOfDifferent(const std::vector<LogRatio>& a, const std::vector<LogRatio>& b) {
  Change change{.log = MedianOf(b) - MedianOf(a), .noise = {}};
  if (std::min(a.size(), b.size()) >= kLeastUnits) {
    change.noise = std::max(Together(NoiseOf(a), NoiseOf(b)), kLeastNoise);
  }
  return change;
}

}  // namespace gtengine
