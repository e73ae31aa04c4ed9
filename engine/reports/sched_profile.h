// The scheduler-latency profile as Go's tools sum it up: by whole stack. For comparison with them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/analysis/document.h"
#include "engine/base/int128.h"
#include "engine/reports/sched_partial.h"

namespace gtengine {

struct SchedProfile {
  std::uint64_t count = 0;
  Uint128 time_ns = 0;
  std::int64_t max_ns = 0;
  std::size_t stacks = 0;  // distinct ones; having no stack is one of them
};

SchedProfile SummarizeSched(const SchedPartial& partial, bool compat_go_tool_trace);

// Calls visit(frames, count, time_ns) for every distinct stack that has a wait, in no particular
// order. A frame is "FUNCTION FILE:LINE", the leaf first; no frames: no stack.
using SchedStackVisitor =
    std::function<void(const std::vector<std::string>&, std::uint64_t, Uint128)>;
void VisitSchedStacks(const SchedPartial& partial, bool compat_go_tool_trace,
                      const SchedStackVisitor& visit);

// The same as a profile, with the values that `go tool trace -pprof=sched` gives its own. No
// labels.
Profile MakeSchedProfile(const SchedPartial& partial, bool compat_go_tool_trace);

}  // namespace gtengine
