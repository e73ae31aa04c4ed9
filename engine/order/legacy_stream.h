// The stream of ordered events of a legacy trace (Go 1.11 to 1.21).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/order/event_stream.h"
#include "engine/order/legacy_check.h"
#include "engine/order/legacy_convert.h"
#include "engine/order/legacy_exits.h"
#include "engine/order/legacy_merge.h"
#include "engine/order/legacy_runs.h"
#include "engine/order/legacy_sequence.h"
#include "engine/order/legacy_sources.h"
#include "engine/wire/v1/tables.h"
#include "engine/wire/v1/trace_index.h"

namespace gtengine::order {

// Gives what EventStream gives of a newer trace: the same events as Go's reader makes of a legacy
// one, in chunks with the tables that they refer to. The whole trace is one generation, number 1.
//
// Go's reader holds all events in memory. This one goes through the trace three times instead: what
// Ps wrote is merged, checked in its final order, and converted while it is given out. So an error
// nearly always comes before the first event, as in Go.
//
// Borrows the trace. One thread at a time. Memory: NeededBytes at most. Cost: about 100 ns an event
// in all.
class LegacyStream {
 public:
  // What a trace of so many records takes at most.
  static std::uint64_t NeededBytes(const wire::v1::RecordCounts& counts);

  // `counts` are those of the trace.
  LegacyStream(PaddedView trace, wire::Version version, const wire::v1::RecordCounts& counts);
  LegacyStream(const LegacyStream&) = delete;
  LegacyStream& operator=(const LegacyStream&) = delete;

  // Does a part of what must be done before the first event, a few ms long; true when all is done.
  // An error is for good.
  Result<bool> Prepare();

  // Once Prepare has said true: the next events; an empty chunk is the end. All events before an
  // error are given before it; after one the stream is over.
  Result<EventChunk> Next();

  // The bytes before this one are done with, in this passage through the trace.
  std::uint64_t done_before() const;

  // As of EventStream.
  std::size_t goroutine_slots() const { return converter_ ? converter_->goroutine_slots() : 0; }

 private:
  static constexpr std::size_t kChunkEvents = 512;
  static constexpr std::size_t kPreparedAtOnce = std::size_t{1} << 16;

  enum class Stage : std::uint8_t { kIndex, kMerge, kCheck, kReady };

  Status BuildIndex();
  Status Merge();
  Status EndMerge();
  Status Check();
  void EndCheck();
  void Fill();
  void DeliverSync(TimeNs time_ns);
  void Deliver(std::size_t count);

  PaddedView trace_;
  wire::Version version_;
  wire::v1::RecordCounts counts_;
  Stage stage_ = Stage::kIndex;
  wire::v1::TraceIndex index_;
  wire::v1::Tables tables_;
  LoadedGeneration loaded_;
  std::optional<LegacySources> sources_;
  std::optional<LegacyMerge> merge_;
  LegacyRuns runs_;
  LegacyExits exits_;
  std::span<const LegacyExit> sorted_exits_;
  std::optional<LegacySequence> sequence_;
  std::optional<LegacyCheck> check_;
  std::optional<std::int64_t> first_ticks_;
  std::vector<bool> blocked_calls_;
  std::optional<LegacyConverter> converter_;

  std::vector<OrderedEvent> chunk_;  // room for a chunk and what one event becomes behind it
  std::size_t chunk_size_ = 0;
  TimeNs last_ns_ = -1;
  std::uint64_t syncs_ = 0;
  bool is_at_end_ = false;
  bool is_over_ = false;
  std::optional<Error> error_;
};

}  // namespace gtengine::order
