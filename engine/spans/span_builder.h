// From ordered events to columns of spans.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/columns/goroutine_spans.h"
#include "engine/columns/stack_table.h"
#include "engine/order/event_stream.h"
#include "engine/spans/generation_refs.h"
#include "engine/spans/set_builder.h"
#include "engine/spans/span_consumer.h"
#include "engine/spans/world_clock.h"

namespace gtengine::spans {

// Feeds consumers with the spans of one trace (one contiguous run of whole generations). Chunks of
// rows are filled and handed on as the events come; of the trace itself only what is open is kept:
// about 64 bytes a live goroutine. One thread at a time. Borrows the consumers.
//
// A builder that begins in the middle of a trace leaves to others what it has not seen begin: the
// spans of goroutines that were there before, up to the first time that they run. See
// engine/spans/part_join.h.
//
// A span begins at the transition into its state and ends at the first transition out of it; an
// event that only restates a state is nothing. Spans still open at Finish come out with kCutAtEnd.
class alignas(128) SpanBuilder {  // away from what other threads write
 public:
  enum class Beginning : std::uint8_t { kTrace, kMiddle };

  // A goroutine that was there before the builder began, and has run since.
  struct Arrival {
    GoId g = kNoGoroutine;
    std::uint32_t number = 0;  // in rows
    std::uint32_t slot = 0;    // while it lives; else kNoSlot
    StringRef start_function = kEmptyString;
    bool has_unnamed_rows = false;
  };

  explicit SpanBuilder(std::span<SpanConsumer* const> consumers,
                       Beginning beginning = Beginning::kTrace);

  // The next events of the stream, in order.
  void Add(const order::EventChunk& chunk);
  // Ends the trace: delivers what is open and every row left. Nothing may be added afterwards.
  void Finish() { Finish(last_ns_); }
  void Finish(TimeNs end_ns);

  // The time of the last event.
  TimeNs last_ns() const { return last_ns_; }

  // For whoever joins the parts of a trace. The first transitions of goroutines that were there
  // before, in order, with refs of tables() for ids; and these goroutines.
  std::span<const order::OrderedEvent> crossings() const { return crossings_; }
  std::vector<Arrival> Arrivals() const;
  // Whether the goroutine in this slot has a span here.
  bool Has(std::uint32_t slot) const {
    return slot < goroutine_limit_ && goroutines_[slot].state != GoState::kUndetermined;
  }
  // Of a goroutine that has one: its start function (empty: not known), whether it is an arrival,
  // and whether it has blocked "forever".
  std::string_view StartFunction(std::uint32_t slot) const {
    return tables_.strings.Get(goroutines_[slot].start_function);
  }
  bool HasArrived(std::uint32_t slot) const { return goroutines_[slot].has_arrived; }
  bool WasForever(std::uint32_t slot) const { return goroutines_[slot].next_flags & kAfterForever; }
  // Tells the start function of a goroutine that has a span here and no name, and of rows.
  void Name(std::uint32_t slot, std::string_view start_function);
  void NameRows(std::uint32_t number, std::string_view start_function);
  // From here on, Cross takes events of another part's crossings, whose tables these are.
  void BeginCrossings(const TraceTables& tables) { refs_.BeginPart(tables); }
  // Ends the span of the goroutine in this slot, which has one, and begins another.
  void Cross(std::uint32_t slot, const order::OrderedEvent& event);
  // Forgets the span of the goroutine in this slot, which another part has.
  void Forget(std::uint32_t slot);

  const TraceTables& tables() const { return tables_; }
  // Bytes of memory at most while the state grows by so much: live goroutines, what is open, and
  // the tables of all that was referred to. Tens of ns.
  std::size_t state_bytes(const Growth& growth) const;

 private:
  // A live goroutine and the span it is in, on a cache line of its own.
  struct alignas(64) Goroutine {
    GoId g = kNoGoroutine;
    GoId by_g = kNoGoroutine;
    TimeNs start_ns = 0;
    StackRef start_stack = kNoStack;
    StringRef start_function = kEmptyString;
    StringRef reason = kEmptyString;
    GoState state = GoState::kUndetermined;
    SpanCause cause = SpanCause::kRestated;
    std::uint8_t flags = 0;
    std::uint8_t next_flags = kNeverRanYet;  // of its spans from now on
    bool has_unnamed_rows = false;           // rows went out without a start function
    bool has_arrived = false;                // see Arrival
    std::uint32_t number = 0;                // in rows; the slot's, not the goroutine's

    void Clear() { *this = {.number = number}; }
  };

  class WaitSteps;

  void AddTransitions(std::span<const order::OrderedEvent> events);
  void AddWaits(std::span<const order::OrderedEvent> events);
  void AddTransition(const order::OrderedEvent& event);
  GoState Begin(std::uint32_t slot, const order::OrderedEvent& event);
  void MakeRoomFor(std::uint32_t slot);
  void Open(Goroutine& goroutine, const order::OrderedEvent& event);
  void Close(Goroutine& goroutine, const order::OrderedEvent& event, std::uint8_t end_flags);
  void End(Goroutine& goroutine);
  std::size_t SlotOf(const Goroutine& goroutine) const {
    return static_cast<std::size_t>(&goroutine - goroutines_.data());
  }
  static Arrival ArrivalOf(const Goroutine& goroutine, std::uint32_t slot);
  void KeepCrossing(const order::OrderedEvent& event);
  void NameFrom(Goroutine& goroutine, const order::OrderedEvent& event);
  void DeliverLateName(Goroutine& goroutine);
  void Flush(GoState state);
  void FlushAll();
  bool Wants(GoState state) const { return request_.states[static_cast<std::size_t>(state)]; }
  bool NeedsNames() const { return request_.goroutine_columns.start_function; }

  std::span<SpanConsumer* const> consumers_;
  SpanRequest request_;        // all that some consumer wants
  bool is_for_waits_ = false;  // as AddWaits wants it
  // States of which some consumer wants rows with overlaps: they are not cheap.
  std::array<bool, kGoStateCount> overlaps_wanted_{};
  TraceTables tables_;
  StringRef forever_ = kEmptyString;
  GenerationRefs refs_;
  const order::LoadedGeneration* generation_ = nullptr;
  std::uint64_t generation_begin_ = 0;
  std::array<std::unique_ptr<GoroutineSpans>, kGoStateCount> chunks_;
  std::vector<Goroutine> goroutines_;  // by slot
  std::size_t goroutine_limit_ = 0;    // their number, which size() would divide for
  std::uint32_t next_number_ = 0;
  Beginning beginning_;
  std::vector<order::OrderedEvent> crossings_;
  std::vector<Arrival> ended_arrivals_;
  WorldClock world_;              // what follows is fed where overlaps are wanted
  std::vector<Overlaps> starts_;  // by slot: the world's sums at the start of the open span
  TimeNs last_ns_ = 0;
  std::unique_ptr<SetBuilder> sets_or_null_;  // null when goroutine spans are all that is wanted
};

}  // namespace gtengine::spans
