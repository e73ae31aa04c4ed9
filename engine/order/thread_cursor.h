// The events of one thread in one generation, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/order/scheduler_state.h"
#include "engine/wire/generation.h"
#include "kernels/event_decode.h"

namespace gtengine::order {

// Goes through a thread's batches in file order and decodes a few hundred events ahead, so that the
// events of a generation never exist all at once. Its memory is used again for the next thread that
// it is given. Borrows the trace and the generation's batches.
class ThreadCursor {
 public:
  // Starts over with thread `m`. Batches are then added in file order.
  void Reset(ThreadId m);
  void AddBatch(const wire::Batch& batch) { batches_.push_back(&batch); }

  enum class Move : std::uint8_t {
    kEvent,  // there is a next event
    kEnd,    // there is none
    kBad,    // what stands next is no event: see BadEvent
  };

  // Moves to the next event.
  Move Next(PaddedView trace, TickUnit unit) {
    if (next_record_ == record_count_) {
      if (!is_bad_) Decode(trace, unit);
      if (next_record_ == record_count_) return is_bad_ ? Move::kBad : Move::kEnd;
    }
    Take(trace, records_[next_record_++]);
    return Move::kEvent;
  }

  // After kBad: what is wrong, and where.
  Error BadEvent(PaddedView trace) const;

  // The event that Next moved to.
  const TimedEvent& event() const { return event_; }
  TimeNs time_ns() const { return event_.time_ns; }
  ThreadHandle& thread() { return thread_; }
  // Where the event stands in the trace.
  std::uint64_t byte_offset() const { return event_offset_; }

 private:
  static constexpr std::size_t kRecordsAhead = 256;

  void Decode(PaddedView trace, TickUnit unit);
  void Take(PaddedView trace, const kernels::EventRecord& record) {
    event_.type = static_cast<wire::EventType>(record.type);
    event_.time_ns = static_cast<TimeNs>(record.time);
    event_offset_ = records_offset_ + record.offset;
    for (std::size_t i = 0; i < event_.args.size(); ++i) event_.args[i] = record.args[i];
    if (record.wide != 0) [[unlikely]]
      TakeWideArgs(trace);
  }
  void TakeWideArgs(PaddedView trace);

  ThreadHandle thread_;
  std::vector<const wire::Batch*> batches_;
  std::size_t batch_ = 0;          // index of the batch being decoded
  std::size_t decoded_bytes_ = 0;  // of that batch
  TimeNs last_ns_ = 0;             // of the last decoded event; 0: none yet
  bool is_bad_ = false;            // the bytes behind the decoded records are no event
  std::vector<kernels::EventRecord> records_;
  std::size_t next_record_ = 0;
  std::size_t record_count_ = 0;
  std::uint64_t records_offset_ = 0;  // in the trace, of the data that the records come from
  TimedEvent event_;
  std::uint64_t event_offset_ = 0;
};

}  // namespace gtengine::order
