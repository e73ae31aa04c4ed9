// Two corpora compared: what takes longer or less long than before, and whether the difference
// between hosts explains it. docs/diff.md has the rule.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/analysis/change.h"
#include "engine/analysis/distribution.h"
#include "engine/analysis/length_key.h"
#include "engine/run/partial_file.h"

namespace gtengine::run {

// A value for A and one for B.
template <class T>
using Sides = std::array<T, 2>;

// What a change is judged by.
enum class Units : std::uint8_t {
  kSameHosts,  // each host's change: both sides have it
  kHosts,      // the hosts of each side
  kTraces,     // the traces of each side: there are too few hosts
};

// A service that both sides have.
struct ComparedService {
  std::string service;
  Sides<std::uint64_t> traces{};
  Sides<std::uint64_t> hosts{};  // without those whose name no path tells
  std::uint64_t common_hosts = 0;
};

// One quantile of the lengths of one thing in one service.
struct LengthChange {
  std::string service;
  LengthKey key;
  std::uint32_t permille = 0;        // which quantile
  Sides<std::uint64_t> count{};      // of all lengths
  Sides<std::int64_t> typical_ns{};  // the median over the units
  Units by = Units::kTraces;
  Sides<std::size_t> units{};  // that have enough lengths for the quantile
  Change change;
};

// What only one side has, in a service that both have.
struct OneSided {
  std::string service;
  LengthKey key;
  Distribution lengths;
};

// A host that is slow by itself in B, or became so: far from all others.
struct SlowHost {
  std::string service;
  std::string host;
  std::uint64_t slower = 0;    // quantiles in which it stands out
  std::uint64_t compared = 0;  // and all in which it was compared with the others
  // Where it stands out most, and by how much from the median host.
  LengthKey key;
  std::uint32_t permille = 0;
  LogRatio log = 0;
};

// Everything in order: services by name; changes by significance, the greatest first; what is on
// one side only by total time. Ties go by name.
struct CorpusDiff {
  std::vector<ComparedService> services;
  Sides<std::vector<std::string>> other_services;  // that only this side has
  Sides<std::uint64_t> traces{};
  std::vector<LengthChange> judged;    // beyond noise or not
  std::vector<LengthChange> unjudged;  // noise is not known: too few units
  std::uint64_t too_rare = 0;          // things with too few lengths for any quantile
  Sides<std::vector<OneSided>> one_sided;
  std::vector<SlowHost> slow_hosts;  // in order of service and host
};

// Lengths that a unit must have for its median and for its 99th percentile to count.
inline constexpr std::uint64_t kLeastForMedian = 10;
inline constexpr std::uint64_t kLeastForP99 = 100;

// A host stands out where it is this far above the median host: in median absolute deviations of so
// many hosts, and in thousandths. It is slow when it does so in one of ten quantiles.
inline constexpr std::size_t kLeastToStandOut = 6;
inline constexpr std::int64_t kDeviationsToStandOut = 10;
inline constexpr std::int64_t kPermilleToStandOut = 500;

// Both have the same reports, all of which measure lengths. Depends on the content of the traces
// alone: not on their order or paths, as far as these do not tell service and host. O(traces) steps
// that combine partials. Memory: some KB for each thing in each service, and 32 bytes for it in
// each host (or trace).
CorpusDiff CompareCorpora(const PartialFile& a, const PartialFile& b);

}  // namespace gtengine::run
