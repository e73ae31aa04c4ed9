// Batches: the units a trace file is made of. Each holds what one thread wrote in one generation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/base/byte_view.h"
#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/wire/format.h"

namespace gtengine::wire {

// What a batch holds, which its first byte tells.
enum class BatchKind : std::uint8_t {
  kEvents,  // timed events; also an empty batch
  kStrings,
  kStacks,
  kCpuSamples,
  kSync,             // clock frequency, and from format 25 on a clock snapshot
  kExperimental,     // data of an experiment, in a form of its own
  kEndOfGeneration,  // no data: the generation is complete
};

struct Batch {
  std::uint64_t offset = 0;       // of the batch's first byte in the trace
  std::uint64_t data_offset = 0;  // of its data
  std::uint32_t size = 0;         // of its data
  BatchKind kind = BatchKind::kEvents;
  std::uint8_t experiment = 0;
  std::uint64_t generation = 0;
  ThreadId m = kNoThread;
  Ticks base_ticks = 0;

  std::uint64_t end() const { return data_offset + size; }
};

// Reads the header of the batch at `offset` and looks at the first byte of its data; touches
// nothing else. Nothing at the end of the trace, and, as in Go, where only the type byte of an
// experimental batch is left of it. Errors (with `offset`): kCorrupt, kTruncated.
Result<std::optional<Batch>> ReadBatch(PaddedView trace, std::uint64_t offset, Version version);

}  // namespace gtengine::wire
