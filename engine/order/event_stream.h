// The public stream of ordered events: a trace from its generations to the sequence that Go's
// reader gives, event by event and nanosecond by nanosecond.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/order/decode_queue.h"
#include "engine/order/event.h"
#include "engine/order/frontier.h"
#include "engine/order/id_check.h"
#include "engine/order/lookahead.h"
#include "engine/order/scheduler_state.h"
#include "engine/order/thread_cursor.h"
#include "engine/wire/generation.h"
#include "engine/wire/generation_tables.h"

namespace gtengine::order {

// A generation with its tables read.
struct LoadedGeneration {
  wire::Generation generation;
  wire::GenerationTables tables;
};

// Where a stream gets its generations, in order.
class GenerationSource {
 public:
  virtual ~GenerationSource() = default;
  // The next one, or null at the end. It stays valid until the next call. After an error the source
  // is not asked again.
  virtual Result<const LoadedGeneration*> Next() = 0;
};

// Generations as Go's reader takes them: the first that is bad ends the trace.
class StrictSource : public GenerationSource {
 public:
  StrictSource(PaddedView trace, wire::Version version)
      : trace_(trace), version_(version), reader_(trace, version) {}
  Result<const LoadedGeneration*> Next() override;

 private:
  PaddedView trace_;
  wire::Version version_;
  wire::GenerationReader reader_;
  LoadedGeneration loaded_;
};

// A run of events that share one generation's tables. Everything is borrowed until the next call of
// EventStream::Next.
struct EventChunk {
  std::span<const OrderedEvent> events;
  // Null only for the Sync event at the trace's end.
  const LoadedGeneration* generation_or_null = nullptr;
  // Names of ended tasks, for UserTaskEnd.
  const StringTable* task_names = nullptr;
};

// Memory for one chunk that is read while the stream goes on. About 41 KiB.
class EventBuffer {
 public:
  static constexpr std::size_t kBytes = std::size_t{44} << 10;  // with the names, a little more
  static constexpr std::size_t kChunkEvents = 512;
  static constexpr std::size_t kMostEvents = kChunkEvents + Attempt::kMaxEvents;

  EventBuffer() : events_(kMostEvents) {}
  EventBuffer(const EventBuffer&) = delete;
  EventBuffer& operator=(const EventBuffer&) = delete;

 private:
  friend class EventStream;

  std::vector<OrderedEvent> events_;  // room for a chunk and an attempt behind it
  StringTable task_names_;            // when the stream's own may change meanwhile
};

// Borrows the trace and the source. One thread at a time, but for DecodeAhead. Memory: one
// generation's tables (the source's), 8 KiB a thread of the trace, and the live goroutines. Cost:
// tens of ns an event.
class alignas(128) EventStream {  // away from what other threads write
 public:
  EventStream(PaddedView trace, GenerationSource& source);

  // The next events; an empty chunk is the end. All events before an error are given before it;
  // after one the stream is over.
  Result<EventChunk> Next();
  // Likewise, and the chunk's events and names stay good until the buffer is used again. Its
  // generation stays so until the source is asked for the next one.
  Result<EventChunk> Next(EventBuffer& buffer);

  // Whether the next call of Next asks the source for a generation.
  bool NeedsGeneration() const { return frontier_.empty() && next_sample_ == samples_.size(); }

  // From now on the decoding of what comes next is on offer to one other thread, which may call
  // DecodeAhead at any time until the stream is gone. Costs another 8 KiB a thread of the trace.
  void OfferDecoding();
  // Decodes a few hundred events that will soon be needed. False when there is nothing to do now.
  bool DecodeAhead() { return decode_queue_.DecodeOne(); }

  // What a part of the trace says of itself: this stream's first generation is warm-up, and
  // BeginPart is called behind it, with NeedsGeneration true. What follows is a part of the order
  // of the whole trace if Continue (engine/order/boundary_state.h) finds it so.
  void BeginPart() {
    part_begin_ = state_.Boundary(last_ns_);
    state_.AssumeFromHere();
  }
  PartialOrder EndPart() const {
    return {.begin = part_begin_, .assumptions = state_.assumptions(), .end = Boundary()};
  }
  // The state behind a generation, when NeedsGeneration is true.
  BoundaryState Boundary() const { return state_.Boundary(last_ns_); }
  // Slot of a live goroutine, else kNoSlot.
  std::uint32_t SlotOf(GoId g) const { return state_.SlotOf(g); }

  // Dense numbers that goroutines have had so far: OrderedEvent slots are below this.
  std::size_t goroutine_slots() const { return state_.goroutine_slots(); }
  std::size_t live_goroutines() const { return state_.live_goroutines(); }
  // Bytes that the live state takes at most while it grows by so much: what comes on top of tables
  // and threads. Tens of ns.
  std::size_t state_bytes(const Growth& growth) const { return state_.state_bytes(growth); }

 private:
  struct Sample {
    TimeNs time_ns;
    wire::CpuSample sample;
  };

  Result<EventChunk> Fill(EventBuffer& buffer);
  void KeepTaskNames(EventBuffer& buffer);
  void FillFromGeneration();
  bool BeginGeneration();
  bool Install(const LoadedGeneration& loaded);
  void LoadSamples();
  TimeNs next_sample_ns() const;
  bool LooksAhead() const;
  bool RunTop();
  bool RunForeseen();
  bool StepAnother();
  bool DeliverSample();
  void DeliverSync(TimeNs time_ns);
  bool HasRoom() const { return out_ < chunk_end_; }
  bool EndThread(std::size_t i, ThreadCursor::Move move, std::size_t count);
  bool DeliverOne();
  // Lets the `count` events behind the chunk's end be part of it.
  bool Deliver(std::size_t count);
  Error UnknownId(const OrderedEvent& event, const IdCheck::Unknown& unknown) const;
  bool Fail(Error error);
  Error BrokenAt(std::size_t i, std::string what);

  PaddedView trace_;
  GenerationSource& source_;
  SchedulerState state_;
  BoundaryState part_begin_;
  IdCheck ids_;
  const LoadedGeneration* current_ = nullptr;
  DecodeQueue decode_queue_;
  bool offers_decoding_ = false;
  std::deque<ThreadCursor> cursors_;
  tsl::robin_map<std::int64_t, std::size_t, MixHash> cursor_of_thread_;
  Frontier<ThreadCursor> frontier_;
  Lookahead lookahead_;
  std::vector<Sample> samples_;
  std::size_t next_sample_ = 0;
  EventBuffer own_buffer_;
  OrderedEvent* chunk_begin_ = nullptr;
  OrderedEvent* out_ = nullptr;        // where the next event of the chunk goes
  OrderedEvent* chunk_end_ = nullptr;  // where none goes any more
  TimeNs last_ns_ = 0;
  std::uint64_t syncs_ = 0;
  bool is_over_ = false;
  std::optional<Error> error_;
};

}  // namespace gtengine::order
