// The events of one thread in one generation, one after the other.
#pragma once

#include <atomic>
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

class DecodeQueue;

// Goes through a thread's batches in file order and decodes a few hundred events ahead, so that the
// events of a generation never exist all at once. Its memory is used again for the next thread that
// it is given. Borrows the trace and the generation's batches. One thread at a time, but for
// DecodeOffered.
class ThreadCursor {
 public:
  // Starts over with thread `m` of a generation with this unit of time. Batches are then added in
  // file order.
  void Reset(PaddedView trace, TickUnit unit, ThreadId m);
  // From now on, the run of events behind the one at hand is offered to the queue each time, which
  // must outlive the cursor's use.
  void OfferTo(DecodeQueue& queue) { queue_or_null_ = &queue; }
  // Decodes the run that is on offer, if any: from another thread, at any time until the cursor is
  // reset. False when there was none.
  bool DecodeOffered();
  void AddBatch(const wire::Batch& batch) { batches_.push_back(&batch); }

  enum class Move : std::uint8_t {
    kEvent,  // there is a next event
    kEnd,    // there is none
    kBad,    // what stands next is no event: see BadEvent
  };

  // Moves to the next event.
  Move Next() {
    if (++current_ < end_) [[likely]]
      return Move::kEvent;
    return DecodeMore();
  }

  // After kBad: what is wrong, and where.
  Error BadEvent() const;

  // The event that Next moved to: its time, its type, where it stands in the trace.
  TimeNs time_ns() const { return static_cast<TimeNs>(current_->time); }
  wire::EventType type() const { return static_cast<wire::EventType>(current_->type); }
  std::uint64_t byte_offset() const { return run_.data_offset + current_->offset; }
  const kernels::EventRecord& record() const { return *current_; }
  // Those from record() to this one are decoded, and stay until Next goes past it.
  const kernels::EventRecord& last_decoded() const { return end_[-1]; }
  // Moves to a decoded event: ahead, or back to where the cursor came from.
  void MoveTo(const kernels::EventRecord& record) { current_ = &record; }
  // Writes what the thread wrote in a decoded event: time, type and arguments.
  void Draft(const kernels::EventRecord& record, OrderedEvent& event) const {
    event.time_ns = static_cast<TimeNs>(record.time);
    for (std::size_t i = 0; i < event.args.size(); ++i) event.args[i] = record.args[i];
    event.type = static_cast<wire::EventType>(record.type);
    if (record.wide != 0) [[unlikely]]
      ReadWideArgs(record, event);
  }
  ThreadHandle& thread() { return thread_; }

 private:
  static constexpr std::size_t kRecordsAhead = 256;

  // Events that were decoded in one go.
  struct Run {
    std::vector<kernels::EventRecord> records;
    std::size_t events = 0;
    std::uint64_t data_offset = 0;  // in the trace, of the data that the records come from
  };
  // Whose the run behind the one at hand is.
  enum class NextRun : std::uint8_t {
    kNone,     // the owner's: not decoded
    kOffered,  // for whoever claims it first
    kClaimed,  // being decoded
    kDecoded,  // the owner's again
  };

  Move DecodeMore();
  void TakeNextRun();
  bool Claim();
  void DecodeInto(Run& run);
  void ReadWideArgs(const kernels::EventRecord& record, OrderedEvent& event) const;

  const kernels::EventRecord* current_ = nullptr;  // the event that Next moved to
  const kernels::EventRecord* end_ = nullptr;      // of the decoded records
  ThreadHandle thread_;
  Run run_;  // the one at hand
  PaddedView trace_;
  TickUnit unit_;
  std::vector<const wire::Batch*> batches_;
  DecodeQueue* queue_or_null_ = nullptr;

  // Those below are of whom NextRun says.
  Run next_;
  std::size_t batch_ = 0;          // index of the batch being decoded
  std::size_t decoded_bytes_ = 0;  // of that batch
  kernels::EventClock clock_ = {};
  bool is_bad_ = false;  // the bytes behind the decoded records are no event
  std::atomic<NextRun> next_run_ = NextRun::kNone;
};

}  // namespace gtengine::order
