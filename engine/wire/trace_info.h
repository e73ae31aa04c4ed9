// What can be told of a trace without putting its events in order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/wire/batch.h"
#include "engine/wire/format.h"
#include "engine/wire/generation_tables.h"

namespace gtengine::wire {

// Earliest and latest time among some events, as their batches state them. An ordered event's time
// can be later: there no two are equal.
struct TimeSpan {
  TimeNs first_ns = 0;
  TimeNs last_ns = 0;
};

// One generation, counted.
struct GenerationInfo {
  std::uint64_t number = 0;
  std::uint64_t offset = 0;   // of its first byte in the trace
  std::uint64_t bytes = 0;    // its end marker included
  std::uint64_t batches = 0;  // of all kinds; the end marker is none
  bool after_gap = false;     // it does not continue the generation before
  std::uint64_t ms = 0;       // distinct Ms with a batch of timed events
  std::uint64_t timed_events = 0;
  // From the tables. All zero or absent when those are damaged, since Go's reader refuses them
  // whole.
  std::uint64_t strings = 0;
  std::uint64_t stacks = 0;
  std::uint64_t cpu_samples = 0;
  std::uint64_t frequency_hz = 0;
  std::optional<ClockSnapshot> clock_snapshot = {};
  std::optional<TimeSpan> times = {};  // of its timed events; absent also when there are none
};

// What damage costs.
enum class LossScope : std::uint8_t {
  kBatchTail,  // the rest of a batch; its events before are counted
  kTables,     // a generation's tables, and with them its times; its events are counted
  kStretch,    // bytes that belong to no whole generation; nothing of them is counted
};

struct Loss {
  Error error;
  LossScope scope = LossScope::kStretch;
  std::uint64_t lost_bytes = 0;
};

inline constexpr std::size_t kBatchKinds =
    static_cast<std::size_t>(BatchKind::kEndOfGeneration) + 1;
// Losses beyond these are counted, not described.
inline constexpr std::size_t kMaxLosses = 64;

struct TraceInfo {
  Version version = Version::k26;
  std::uint64_t bytes = 0;
  std::vector<GenerationInfo> generations;

  // By type byte, whose names are EventName's: timed events, and CPU samples under theirs.
  std::array<std::uint64_t, 256> events{};
  std::array<std::uint64_t, kBatchKinds> batches{};  // by BatchKind; end markers under theirs
  std::uint64_t ms = 0;                              // distinct Ms with a batch of timed events
  std::optional<TimeSpan> times;
  // When the first event happened, in ns of Unix time, by the first clock snapshot: absent before
  // format 25, and where it does not fit 64 bits.
  std::optional<std::int64_t> wall_start_ns;

  std::vector<Loss> losses;  // the first kMaxLosses
  std::uint64_t loss_count = 0;
  std::uint64_t lost_bytes = 0;  // of all losses
};

// Name of an event type in traces of this format.
std::string_view EventName(Version version, std::uint8_t type);

// Reads the whole trace once, at the speed of decoding. A legacy trace is one generation, whose Ms
// are the threads that ran Ps; behind the first damage nothing of it is told. Memory: one
// generation's tables, and about 150 bytes a generation in the answer. Errors are those of
// ReadHeader; all other damage is part of the answer. Keeps no state: any thread.
Result<TraceInfo> DescribeTrace(PaddedView trace);

}  // namespace gtengine::wire
