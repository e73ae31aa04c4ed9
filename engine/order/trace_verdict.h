// What is whole in a trace and what is lost, without reporting on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/order/generation_run.h"
#include "engine/wire/format.h"

namespace gtengine::order {

// What is between two runs, before the first or behind the last.
struct TraceGap {
  std::uint64_t begin = 0;  // of its bytes
  std::uint64_t end = 0;
  // Generations that are missing: by the numbers around the gap; where one of them is not known, by
  // those that can still be read in it, and at least one where there are bytes.
  std::uint64_t generations = 0;
  // The time that nothing is known of: from the last event before to the first behind. At the
  // trace's start and end by the batches that can still be read. Absent where nothing tells.
  std::optional<TimeNs> length_ns;
  std::vector<Error> errors;  // what is wrong, in order of place; of the trace's first kMaxErrors
};

struct TraceVerdict {
  static constexpr std::size_t kMaxErrors = 64;

  wire::Version version = wire::Version::k26;
  std::uint64_t bytes = 0;
  std::vector<GenerationRun> runs;  // in order of place
  std::vector<TraceGap> gaps;       // likewise
  std::uint64_t errors = 0;         // all of them
  bool is_cancelled = false;        // the rest means nothing

  // Go's reader reads a trace that is whole to its end.
  bool is_whole() const { return gaps.empty(); }

  // Sums over runs and gaps.
  std::uint64_t kept_generations() const;
  std::uint64_t kept_events() const;
  std::uint64_t lost_bytes() const;
  std::uint64_t lost_generations() const;
  // Absent where some gap's is.
  std::optional<TimeNs> lost_ns() const;
};

// Puts a trace's events in order, run by run. A legacy trace is one generation, whole or lost.
// Errors are those of ReadHeader; all other damage is part of the answer. Memory: one generation's
// tables (for a legacy trace, LegacyStream::NeededBytes), and about 100 bytes a run or gap.
Result<TraceVerdict> JudgeTrace(PaddedView trace, const WalkHooks& hooks);

}  // namespace gtengine::order
