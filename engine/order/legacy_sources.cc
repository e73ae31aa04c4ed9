#include "engine/order/legacy_sources.h"

#include <fmt/format.h>

#include <utility>

#include "engine/base/clock.h"
#include "engine/wire/v1/event_spec.h"

namespace gtengine::order {

using wire::v1::EventType;
using wire::v1::kNoBatch;
using wire::v1::RecordReader;

LegacySources::LegacySources(PaddedView trace, wire::Version version,
                             const wire::v1::TraceIndex& index)
    : trace_(trace), version_(version), index_(index), reader_(trace.bytes(), version) {
  sources_.resize(index.procs().size() + 1);
  for (std::size_t i = 0; i < index.procs().size(); ++i) {
    sources_[i].p = index.procs()[i].p;
    sources_[i].next_batch = index.procs()[i].first_batch;
  }
  is_batch_done_.resize(index.batches().size());
}

LegacySources::Move LegacySources::Next(std::size_t number) {
  Source& source = sources_[number];
  if (number + 1 == sources_.size()) return NextSample(source);
  while (true) {
    if (source.offset >= source.end) [[unlikely]] {
      if (source.batch != kNoBatch) is_batch_done_[source.batch] = true;
      if (source.next_batch == kNoBatch) return Move::kEnd;
      if (!OpenBatch(source)) return Move::kBad;
      continue;
    }
    if (reader_.Read(source.offset, record_) != RecordReader::Move::kRecord) [[unlikely]] {
      Fail(reader_.error());
      return Move::kBad;
    }
    const bool is_event =
        wire::v1::SpecOf(record_.type).record_class == wire::v1::RecordClass::kTimed &&
        record_.type != EventType::kCpuSample;
    if (is_event) return Take(source) ? Move::kEvent : Move::kBad;
  }
}

std::uint64_t LegacySources::done_before() const {
  return first_open_batch_ < is_batch_done_.size() ? index_.batches()[first_open_batch_].offset
                                                   : trace_.size();
}

LegacySources::Move LegacySources::NextSample(Source& source) {
  if (next_sample_ == index_.cpu_samples().size()) return Move::kEnd;
  const wire::v1::CpuSample& sample = index_.cpu_samples()[next_sample_++];
  source.event = {.ticks = sample.ticks,
                  .g = sample.g,
                  .offset = sample.offset,
                  .text = {},
                  .stack = sample.stack,
                  .p = sample.p,
                  .type = EventType::kCpuSample};
  return Move::kEvent;
}

bool LegacySources::OpenBatch(Source& source) {
  while (first_open_batch_ < is_batch_done_.size() && is_batch_done_[first_open_batch_]) {
    ++first_open_batch_;
  }
  source.batch = source.next_batch;
  const wire::v1::Batch& batch = index_.batches()[source.batch];
  if (tables_or_null_ != nullptr && batch.has_entries) {
    if (Status added = tables_or_null_->AddBatch(trace_, version_, batch); !added.ok()) {
      return Fail(std::move(added).error());
    }
  }
  source.offset = batch.offset;
  source.end = batch.end;
  source.next_batch = batch.next;
  if (reader_.Read(source.offset, record_) != RecordReader::Move::kRecord) {
    return Fail(reader_.error());
  }
  source.last_ticks = static_cast<std::int64_t>(record_.numbers[1]);
  return true;
}

// Makes the record the source's event.
bool LegacySources::Take(Source& source) {
  const wire::v1::EventSpec& spec = wire::v1::SpecOf(record_.type);
  if (record_.numbers.size() != spec.number_count()) [[unlikely]] {
    return Fail({.code = ErrorCode::kCorrupt,
                 .what = fmt::format("{} has {} numbers instead of {}", spec.name,
                                     record_.numbers.size(), spec.number_count()),
                 .byte_offset = record_.offset});
  }
  LegacyEvent& event = source.event;
  event.p = source.p;
  event.type = record_.type;
  event.offset = record_.offset;
  event.text = record_.text;
  source.last_ticks = WrappingAdd(source.last_ticks, static_cast<std::int64_t>(record_.numbers[0]));
  event.ticks = source.last_ticks;
  event.args = {};
  for (std::size_t i = 0; i < spec.arg_count; ++i) event.args[i] = record_.numbers[i + 1];
  event.stack = spec.has_stack ? static_cast<std::uint32_t>(record_.numbers.back()) : 0;
  event.g = source.last_g;
  switch (event.type) {
    case EventType::kGoStart:
    case EventType::kGoStartLocal:
    case EventType::kGoStartLabel:
      event.g = source.last_g = event.args[0];
      break;
    case EventType::kGoSysExit:
    case EventType::kGoWaiting:
    case EventType::kGoInSyscall:
      event.g = event.args[0];
      break;
    default:
      if (LeavesProc(event.type)) source.last_g = 0;
  }
  return true;
}

bool LegacySources::Fail(Error error) {
  error_ = std::move(error);
  return false;
}

}  // namespace gtengine::order
