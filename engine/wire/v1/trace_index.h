// Where what stands in a legacy trace: its batches by P, and its CPU samples.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/wire/format.h"
#include "engine/wire/v1/format.h"

namespace gtengine::wire::v1 {

// How many records there are: bounds the memory that a trace needs before any is taken.
struct RecordCounts {
  std::array<std::uint64_t, kEventTypes> records{};  // by type
  std::uint64_t stack_bytes = 0;                     // of stacks

  std::uint64_t Of(EventType type) const { return records[static_cast<std::size_t>(type)]; }
};

// Goes through the whole trace once. Errors name the byte, and are those that Go's reader finds in
// its first pass (collectBatchesAndCPUSamples): whatever ends a record, and records before the
// first batch.
Result<RecordCounts> CountRecords(PaddedView trace, Version version);

inline constexpr std::size_t kNoBatch = std::numeric_limits<std::size_t>::max();

// What a P wrote at one time: a batch record and the records behind it.
struct Batch {
  std::uint64_t offset = 0;
  std::uint64_t end = 0;
  std::size_t next = kNoBatch;  // the same P's next
  bool has_entries = false;     // of the tables, logs included: their messages are strings
};

struct Proc {
  std::int32_t p = 0;  // -1: what no P wrote
  std::size_t first_batch = kNoBatch;
};

struct CpuSample {
  std::int64_t ticks = 0;
  std::uint64_t g = 0;
  std::uint64_t offset = 0;
  std::uint32_t stack = 0;
  std::int32_t p = 0;
};

// 40 bytes a batch (of typically 64 KiB) and a sample. Immutable once built.
class TraceIndex {
 public:
  // `counts` are those of the same trace. Errors as of CountRecords; besides, a P that Go's reader
  // keeps for itself is refused.
  static Result<TraceIndex> Build(PaddedView trace, Version version, const RecordCounts& counts);

  // In file order.
  std::span<const Batch> batches() const { return batches_; }
  // In order of their first batch.
  std::span<const Proc> procs() const { return procs_; }
  // In order of time; equal times as Go sorts them.
  std::span<const CpuSample> cpu_samples() const { return cpu_samples_; }

 private:
  std::vector<Batch> batches_;
  std::vector<Proc> procs_;
  std::vector<CpuSample> cpu_samples_;
};

}  // namespace gtengine::wire::v1
