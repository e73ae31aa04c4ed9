// When system calls of a legacy trace ended: before the events say so.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/mix_hash.h"
#include "engine/base/result.h"
#include "engine/order/legacy_event.h"
#include "engine/wire/v1/trace_index.h"

namespace gtengine::order {

// The end of a system call that is to stand where it happened.
struct LegacyExit {
  std::int64_t ticks = 0;
  std::uint64_t number = 0;  // of its event in the merged trace, from 0
  std::uint64_t g = 0;
  std::uint64_t offset = 0;
};

// Collects them from the merged events, and checks that those come in order of time: what Go's
// reader does at the end of parseEventBatches. A goroutine writes the exit from a system call when
// it gets a P again; the event tells the time of the exit itself. One thread at a time. Memory: 32
// bytes an exit.
class LegacyExits {
 public:
  explicit LegacyExits(const wire::v1::RecordCounts& counts) {
    exits_.reserve(static_cast<std::size_t>(counts.Of(wire::v1::EventType::kGoSysExit)));
  }

  static bool IsDated(const LegacyEvent& event) {
    return event.type == wire::v1::EventType::kGoSysExit && event.args[2] != 0;
  }

  // The next event of the merge. Errors name its byte.
  Status Add(const LegacyEvent& event);
  // In order of time. Nothing may be added afterwards.
  std::span<const LegacyExit> Sort();

 private:
  std::vector<LegacyExit> exits_;
  // When each goroutine was seen last to be in a system call without a P.
  tsl::robin_map<std::uint64_t, std::int64_t, MixHash> last_block_;
  std::uint64_t events_ = 0;
  std::int64_t last_ticks_ = 0;
};

}  // namespace gtengine::order
