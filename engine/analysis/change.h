// By how much a length has changed between two sides, A and B, each measured on several units
// (hosts, or traces), and how much of that the difference between units explains by itself.
// docs/diff.md has the rule and its reasons.
//
// All of it is computed in integers, on a logarithmic scale: a change counts the same whatever the
// length, A and B may be swapped for the same change with the other sign, and every machine gives
// the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace gtengine {

// A ratio, or its noise, as its logarithm to base 2 in units of 2^-20.
using LogRatio = std::int64_t;

// The logarithm of a length in ns; one below 1 ns counts as 1 ns. Never too great, and less than
// 2^-19 too small.
LogRatio LogOf(std::int64_t length_ns);
// The ratio that a logarithm stands for, less 1, in thousandths, rounded: 100 is 10 % more. What
// is out of the range of 64-bit lengths is taken as its end.
std::int64_t PermilleOf(LogRatio log);

// The middle one of some values, or the mean of the middle two, rounded towards 0. Not of none.
std::int64_t MedianOf(std::vector<std::int64_t> values);
// The median absolute deviation of some values from their median. Not of none.
std::int64_t DeviationOf(std::vector<std::int64_t> values);

// With fewer units nothing is said about noise.
inline constexpr std::size_t kLeastUnits = 4;

struct Change {
  LogRatio log = 0;  // above 0: B takes longer
  // A change of this is explained by the difference between units. Nothing: not known.
  std::optional<LogRatio> noise;

  bool is_beyond_noise() const { return noise && (log > *noise || log < -*noise); }
};

// From the logarithms of each unit's length. The same units on both sides, in the same order: each
// is compared with itself. `a` and `b` have the same size, not 0.
Change ChangeOfSame(const std::vector<LogRatio>& a, const std::vector<LogRatio>& b);
// Whatever units each side has, at least one.
Change ChangeOfDifferent(const std::vector<LogRatio>& a, const std::vector<LogRatio>& b);

}  // namespace gtengine
