// Runs of whole generations: what a trace, damaged or not, has of valid traces in it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/order/event_stream.h"
#include "engine/wire/format.h"
#include "engine/wire/salvage.h"

namespace gtengine::order {

// Generations that follow one another and whose events fit one order: behind a header they are a
// valid trace.
struct GenerationRun {
  std::uint64_t begin = 0;  // of its bytes in the trace
  std::uint64_t end = 0;
  std::uint64_t first_number = 0;  // of its generations
  std::uint64_t last_number = 0;
  std::uint64_t generations = 0;
  std::uint64_t events = 0;  // as Go's reader counts those of the run alone
  TimeNs first_ns = 0;       // of the first and the last event
  TimeNs last_ns = 0;
  TickUnit first_unit = {};  // of the first and the last generation
  TickUnit last_unit = {};
};

// How a long walk through a trace stays in touch with its caller. Both may be empty.
struct WalkHooks {
  std::function<bool()> is_cancelled;                        // true: end early
  std::function<void(std::uint64_t offset)> on_done_before;  // bytes before are done with
};

// What reading a run came to.
struct RunReading {
  GenerationRun run;                 // no generations: there is none
  std::vector<wire::Damage> damage;  // met on the way, in order of place
  // Where what follows begins; nothing at the trace's end.
  std::optional<std::uint64_t> next;
  bool is_cancelled = false;  // the rest means nothing
};

// Reads the first run at or behind `offset`, the first byte of a generation: up to the first gap,
// the first generation with damaged tables, or the first whose events do not fit; the latter two
// are damage. Does not go beyond the trace's end, so that a part of a trace's bytes can be asked
// about. Cost: that of ordering. Memory: one generation's tables.
RunReading ReadRun(PaddedView trace, wire::Version version, std::uint64_t offset,
                   const WalkHooks& hooks);

}  // namespace gtengine::order
