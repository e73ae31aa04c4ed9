// Writing of the v2 format: the counterpart of the readers in this folder. For the trace generator,
// for slices of traces, for repair, and for tests.
//
// Everything appends to a buffer of the caller, whose memory may be used again.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/wire/batch.h"
#include "engine/wire/format.h"
#include "engine/wire/generation_tables.h"

namespace gtengine::wire {

using ByteBuffer = std::vector<std::uint8_t>;

// The kHeaderBytes at the start of a trace.
void AppendHeader(Version version, ByteBuffer& out);

// One to ten bytes.
void AppendUvarint(std::uint64_t value, ByteBuffer& out);

// The header of a batch of events or tables with `size` bytes of data.
void AppendBatchHeader(std::uint64_t generation, ThreadId m, Ticks base_ticks, std::size_t size,
                       ByteBuffer& out);

// The marker that ends a generation; formats before 26 have none.
void AppendEndOfGeneration(ByteBuffer& out);

// A stack's frame with its texts as string ids.
struct EncodedFrame {
  std::uint64_t pc = 0;
  std::uint64_t function = 0;
  std::uint64_t file = 0;
  std::uint64_t line = 0;
};

// Collects the data of one batch, then writes it with its header. A batch has one kind, and each
// entry belongs to one kind: an entry of another is refused (kUsage). So is what the format bounds:
// more than kMaxBatchBytes of data, kMaxStringBytes of a string, kMaxStackFrames of a stack
// (kLimit). After a refusal the data is as it was before; on kLimit for the batch the caller writes
// this one and begins another. Ids are not checked: a reader refuses those that repeat, or are 0,
// or are missing.
//
// One thread at a time. Cost: a few ns a number; memory of the data is used again by the next
// Begin.
class BatchEncoder {
 public:
  // Begins a batch without data of any kind but kExperimental and kEndOfGeneration. The version
  // decides how a sync batch begins.
  void Begin(BatchKind kind, Version version);
  // Begins a batch of an experiment's own data.
  void BeginExperimental(std::uint8_t experiment);

  std::size_t size() const { return data_.size(); }

  // A timed event (kEvents). `args` without the time difference: as many as the type's EventSpec
  // says.
  Status Event(EventType type, Ticks difference, std::span<const std::uint64_t> args);
  // Table entries (kStrings, kStacks, kCpuSamples).
  Status String(std::uint64_t id, std::string_view text);
  Status Stack(std::uint64_t id, std::span<const EncodedFrame> frames);
  Status Sample(const CpuSample& sample);
  // Entries of a sync batch; a snapshot (from format 25 on) takes a difference to the batch's base
  // time or the snapshot before.
  Status Frequency(std::uint64_t frequency_hz);
  Status Snapshot(Ticks difference, std::uint64_t mono_ns, std::uint64_t wall_seconds,
                  std::uint64_t wall_nanoseconds);
  // Data of an experiment, or bytes that are broken on purpose: any kind, unchecked but for the
  // size.
  Status Raw(ByteView bytes);

  // Appends the batch to `out`.
  void Finish(std::uint64_t generation, ThreadId m, Ticks base_ticks, ByteBuffer& out) const;

 private:
  Status Expect(BatchKind kind, std::string_view entry) const;
  void AppendNumbers(std::span<const std::uint64_t> numbers);
  // Undoes what came after `size` when the batch has grown too large.
  Status Bounded(std::size_t size);

  BatchKind kind_ = BatchKind::kEvents;
  Version version_ = Version::k26;
  std::uint8_t experiment_ = 0;
  ByteBuffer data_;
};

}  // namespace gtengine::wire
