// Which goroutines of a trace ran.
#pragma once

#include <tsl/robin_set.h>

#include <cstddef>
#include <cstdint>

#include "engine/base/heap_bytes.h"
#include "engine/base/ids.h"
#include "engine/base/mix_hash.h"
#include "engine/columns/goroutine_spans.h"

namespace gtengine {

// The profiles of `go tool trace` clip a goroutine to what lies behind its first run, but not one
// that never runs: so whether a span before it counts is known at the end of the trace only. Fed
// with running spans (their g, cause and flags). Some 16 bytes a goroutine of the trace.
class FirstRuns {
 public:
  void Add(const GoroutineSpans& running) {
    for (std::size_t i = 0; i < running.rows; ++i) {
      if (running.flags[i] & kNeverRanYet) [[unlikely]]
        ran_.insert(Raw(running.g[i]));
    }
  }
  bool HasRun(GoId g) const { return ran_.contains(Raw(g)); }
  std::size_t state_bytes(const Growth& growth) const { return RobinBytes(ran_, growth.born); }

 private:
  tsl::robin_set<std::int64_t, MixHash> ran_;
};

}  // namespace gtengine
