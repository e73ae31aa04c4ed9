#include "engine/order/thread_cursor.h"

#include <fmt/format.h>

#include "engine/base/spin.h"
#include "engine/order/decode_queue.h"
#include "engine/wire/event_spec.h"

namespace gtengine::order {

void ThreadCursor::Reset(PaddedView trace, TickUnit unit, ThreadId m) {
  trace_ = trace;
  unit_ = unit;
  thread_ = {.m = m};
  batches_.clear();
  batch_ = decoded_bytes_ = 0;
  clock_ = {.ns_per_tick = unit.ns_per_tick(), .base_ns = 0, .now_ns = 0};
  is_bad_ = false;
  next_run_.store(NextRun::kNone, std::memory_order_relaxed);
  run_.events = 0;
  current_ = end_ = run_.records.data();
}

void ThreadCursor::ReadWideArgs(const kernels::EventRecord& record, OrderedEvent& event) const {
  event.args = {};
  const std::size_t arg_count = wire::kTimedArgCounts[record.type] - 1u;
  kernels::ReadWideArgs(trace_.data() + run_.data_offset + record.offset, arg_count,
                        event.args.data());
}

// Goes on to the run of events behind the one at hand.
ThreadCursor::Move ThreadCursor::DecodeMore() {
  if (queue_or_null_ == nullptr) {
    DecodeInto(run_);
  } else {
    TakeNextRun();
  }
  current_ = run_.records.data();
  end_ = current_ + run_.events;
  if (run_.events > 0) return Move::kEvent;
  return is_bad_ ? Move::kBad : Move::kEnd;
}

// As DecodeMore where another thread may have decoded the run: nothing is on offer behind the last
// one.
void ThreadCursor::TakeNextRun() {
  if (next_run_.load(std::memory_order_relaxed) == NextRun::kNone || Claim()) {
    DecodeInto(run_);
  } else {
    SpinUntil([this] { return next_run_.load(std::memory_order_acquire) == NextRun::kDecoded; });
    std::swap(run_, next_);
  }
  const bool has_more = run_.events > 0 && !is_bad_;
  next_run_.store(has_more ? NextRun::kOffered : NextRun::kNone, std::memory_order_release);
  if (has_more) queue_or_null_->Offer(*this);
}

bool ThreadCursor::Claim() {
  NextRun offered = NextRun::kOffered;
  return next_run_.compare_exchange_strong(offered, NextRun::kClaimed, std::memory_order_acquire);
}

bool ThreadCursor::DecodeOffered() {
  if (!Claim()) return false;
  DecodeInto(next_);
  next_run_.store(NextRun::kDecoded, std::memory_order_release);
  return true;
}

// Fills a run from the batch in work, or the next one that is not empty.
void ThreadCursor::DecodeInto(Run& run) {
  run.events = 0;
  if (is_bad_) return;
  while (batch_ < batches_.size() && batches_[batch_]->size == decoded_bytes_) {
    ++batch_;
    decoded_bytes_ = 0;
    clock_.now_ns = 0;
  }
  if (batch_ == batches_.size()) return;
  if (run.records.empty()) run.records.resize(kRecordsAhead);
  const wire::Batch& batch = *batches_[batch_];
  const PaddedView data = trace_.Sub(static_cast<std::size_t>(batch.data_offset), batch.size);
  clock_.base_ns = unit_.ToNs(batch.base_ticks);
  const kernels::DecodeResult decoded = kernels::DecodeEventsAtInstants(
      data.data(), decoded_bytes_, data.size(), wire::kTimedArgCounts, &clock_, run.records.data(),
      run.records.size());
  run.events = decoded.events;
  run.data_offset = batch.data_offset;
  decoded_bytes_ += decoded.bytes;
  is_bad_ = decoded.stop == kernels::DecodeStop::kBadType ||
            decoded.stop == kernels::DecodeStop::kBadVarint;
}

Error ThreadCursor::BadEvent() const {
  const wire::Batch& batch = *batches_[batch_];
  const std::uint64_t offset = batch.data_offset + decoded_bytes_;
  const std::uint8_t type = trace_[static_cast<std::size_t>(offset)];
  const wire::EventSpec& spec = wire::SpecOf(type);
  return {.code = ErrorCode::kCorrupt,
          .what = spec.event_class == wire::EventClass::kTimed
                      ? fmt::format("{} has a bad number among its arguments", spec.name)
                      : fmt::format("type byte {} where a timed event must stand", type),
          .byte_offset = offset,
          .generation = batch.generation,
          .m = Raw(batch.m)};
}

}  // namespace gtengine::order
