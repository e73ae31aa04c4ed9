// How much a trace makes its readers remember at one time, at most.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/base/byte_view.h"
#include "engine/wire/format.h"

namespace gtengine::run {

struct StateBound {
  std::uint64_t goroutines = 0;        // alive at one time
  std::uint64_t goroutines_born = 0;   // in the whole trace, those included that it begins with
  std::uint64_t tasks = 0;             // open at one time
  std::uint64_t regions = 0;           // likewise
  std::uint64_t generation_bytes = 0;  // of the tables and threads of one generation
};

// Goes through all events of the trace, decoded but in no order, and keeps nothing of them: a few
// ns an event. What begins counts from where its batch begins, what ends until its batch's
// successor begins. Right for what the runtime writes, which states every live goroutine in each
// generation. Not for legacy traces. Ends early when `is_cancelled` (may be empty) says true.
StateBound BoundState(PaddedView trace, wire::Version version,
                      const std::function<bool()>& is_cancelled);

}  // namespace gtengine::run
