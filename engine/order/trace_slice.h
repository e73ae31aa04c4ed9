// A part of a trace that is a valid trace itself: some of its generations, as they are.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/order/generation_run.h"
#include "engine/wire/format.h"

namespace gtengine::order {

// Generations by the numbers that the trace gives them, both included.
struct GenerationNumbers {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> last;  // nothing: up to the last that follows
};

// Finds the bytes of these generations and makes sure that they are a trace: a header of the same
// version and the bytes [begin, end) of the result are read to their end by Go's reader, whatever
// the rest of the trace is like. A generation restates what it begins with, so that the first one
// needs nothing of those before; where a trace does not keep to that, the slice is refused.
//
// Errors: kUsage, where the generations are not there or not in one piece (says which are), or the
// format is a legacy one, which has no generations; those of the order (kBrokenOrder, kCorrupt),
// when they cannot stand on their own. Cost: the walk over all batch headers, and ordering the
// generations. A cancelled search gives a result that means nothing.
Result<GenerationRun> FindSlice(PaddedView trace, wire::Version version, GenerationNumbers numbers,
                                const WalkHooks& hooks = {});

}  // namespace gtengine::order
