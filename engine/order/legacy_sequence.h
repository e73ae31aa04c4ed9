// The events of a legacy trace in their final order.
#pragma once

#include <cstdint>
#include <span>

#include "engine/order/legacy_exits.h"
#include "engine/order/legacy_runs.h"
#include "engine/order/legacy_sources.h"

namespace gtengine::order {

// The events in the order that the merge found, with the exits from system calls where they
// happened: as Go's reader has them after its sort (which is stable: among equal times the merge
// decides). No type ends in "Local" any more, and events that happen on no P are on the P that Go's
// reader makes up for them. Borrows all that it is given. The merge has read the same sources
// without an error before.
class LegacySequence {
 public:
  LegacySequence(PaddedView trace, wire::Version version, const wire::v1::TraceIndex& index,
                 const wire::v1::Tables& tables, const LegacyRuns& runs,
                 std::span<const LegacyExit> exits)
      : sources_(trace, version, index), runs_(runs), tables_(tables), exits_(exits) {}

  // The next event, good until the next call. Null at the end.
  const LegacyEvent* Next();
  std::uint64_t done_before() const { return sources_.done_before(); }

 private:
  LegacyEvent* NextUndated();
  const LegacyEvent* TakeExit();

  LegacySources sources_;
  LegacyRuns::Reader runs_;
  const wire::v1::Tables& tables_;
  std::span<const LegacyExit> exits_;
  LegacyEvent exit_;
  LegacyEvent* undated_ = nullptr;  // the next of the others, when it is known
  std::uint64_t number_ = 0;        // one more than its number in the merged trace
};

}  // namespace gtengine::order
