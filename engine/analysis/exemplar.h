// One long interval, to be found again in its trace.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "engine/analysis/top_k.h"
#include "engine/base/clock.h"
#include "engine/base/ids.h"

namespace gtengine {

// Has its texts itself: it is told apart from others by what it says, whatever trace it is of.
struct Exemplar {
  std::int64_t length_ns = 0;
  std::string path;      // of the trace
  TimeNs offset_ns = 0;  // of its start from the trace's
  GoId g = kNoGoroutine;
  std::string what;  // what it was, as its table has it
  std::string more;  // what else is known of it; may be empty

  static constexpr auto Fields() {
    return std::tuple(&Exemplar::length_ns, &Exemplar::path, &Exemplar::offset_ns, &Exemplar::g,
                      &Exemplar::what, &Exemplar::more);
  }
};

// The longest first; then by what else tells them apart.
struct LongestFirst {
  bool operator()(const Exemplar& a, const Exemplar& b) const {
    if (a.length_ns != b.length_ns) return a.length_ns > b.length_ns;
    return std::tie(a.path, a.offset_ns, a.g, a.what, a.more) <
           std::tie(b.path, b.offset_ns, b.g, b.what, b.more);
  }
};

// The longest ones.
using Longest = TopK<Exemplar, LongestFirst>;

// Adds the exemplar that `make()` gives if it can be among the longest. Costs a comparison where it
// cannot.
template <class Make>
void Offer(Longest& longest, std::int64_t length_ns, Make make) {
  const Exemplar* last = longest.last_kept();
  if (last != nullptr && length_ns < last->length_ns) return;
  if (longest.k() > 0) longest.Add(make());
}

}  // namespace gtengine
