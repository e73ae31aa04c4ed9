#include "engine/order/thread_cursor.h"

#include <fmt/format.h>

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
  if (records_.empty()) records_.resize(kRecordsAhead);
  current_ = end_ = records_.data();
}

void ThreadCursor::ReadWideArgs(OrderedEvent& event) const {
  event.args = {};
  const std::size_t arg_count = wire::kTimedArgCounts[current_->type] - 1u;
  kernels::ReadWideArgs(trace_.data() + byte_offset(), arg_count, event.args.data());
}

// Fills the records from the batch at hand, or the next one that is not empty.
ThreadCursor::Move ThreadCursor::DecodeMore() {
  current_ = end_ = records_.data();
  if (is_bad_) return Move::kBad;
  while (batch_ < batches_.size() && batches_[batch_]->size == decoded_bytes_) {
    ++batch_;
    decoded_bytes_ = 0;
    clock_.now_ns = 0;
  }
  if (batch_ == batches_.size()) return Move::kEnd;
  const wire::Batch& batch = *batches_[batch_];
  const PaddedView data = trace_.Sub(static_cast<std::size_t>(batch.data_offset), batch.size);
  clock_.base_ns = unit_.ToNs(batch.base_ticks);
  const kernels::DecodeResult decoded = kernels::DecodeEventsAtInstants(
      data.data(), decoded_bytes_, data.size(), wire::kTimedArgCounts, &clock_, records_.data(),
      records_.size());
  end_ += decoded.events;
  records_offset_ = batch.data_offset;
  decoded_bytes_ += decoded.bytes;
  is_bad_ = decoded.stop == kernels::DecodeStop::kBadType ||
            decoded.stop == kernels::DecodeStop::kBadVarint;
  return decoded.events > 0 ? Move::kEvent : Move::kBad;
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
