#include "engine/order/legacy_stream.h"

#include <fmt/format.h>

#include <utility>

#include "engine/base/check.h"
#include "engine/wire/v1/event_spec.h"

namespace gtengine::order {

using wire::v1::EventType;

namespace {

std::uint64_t EventsOf(const wire::v1::RecordCounts& counts) {
  std::uint64_t events = 0;
  for (const std::uint64_t count : counts.records) events += count;
  return events;
}

}  // namespace

// Hash tables are at most half full and double; what grows needs its old memory meanwhile.
std::uint64_t LegacyStream::NeededBytes(const wire::v1::RecordCounts& counts) {
  constexpr std::uint64_t kFixed = 1 << 20;
  constexpr struct {
    EventType type;
    std::uint64_t bytes;
  } kPerRecord[] = {
      {EventType::kBatch, 640},  // each may be another P's
      {EventType::kGoCreate, 256},      {EventType::kGoSysExit, sizeof(LegacyExit)},
      {EventType::kGoSysCall, 1},       {EventType::kCpuSample, sizeof(wire::v1::CpuSample)},
      {EventType::kString, 256},        {EventType::kUserLog, 224},
      {EventType::kTimerGoroutine, 96}, {EventType::kUserTaskCreate, 192},
      {EventType::kUserRegion, 64},
  };
  // The shortest frames have four bytes.
  constexpr std::uint64_t kPerStackByte = 48;
  // A run may be one event long.
  const std::uint64_t per_event = 3 * LegacyRuns::MostBytes(counts.Of(EventType::kBatch));
  std::uint64_t needed = kFixed + per_event * EventsOf(counts) + kPerStackByte * counts.stack_bytes;
  for (const auto& [type, bytes] : kPerRecord) needed += bytes * counts.Of(type);
  return needed;
}

LegacyStream::LegacyStream(PaddedView trace, wire::Version version,
                           const wire::v1::RecordCounts& counts)
    : trace_(trace), version_(version), counts_(counts), exits_(counts) {
  loaded_.generation.number = 1;
  loaded_.generation.begin = wire::kHeaderBytes;
  loaded_.generation.end = trace.size();
}

Result<bool> LegacyStream::Prepare() {
  if (error_) return *error_;
  Status status;
  switch (stage_) {
    case Stage::kIndex:
      status = BuildIndex();
      break;
    case Stage::kMerge:
      status = Merge();
      break;
    case Stage::kCheck:
      status = Check();
      break;
    case Stage::kReady:
      break;
  }
  if (status.ok()) return stage_ == Stage::kReady;
  error_ = std::move(status).error();
  return *error_;
}

Status LegacyStream::BuildIndex() {
  auto index = wire::v1::TraceIndex::Build(trace_, version_, counts_);
  if (!index.ok()) return std::move(index).error();
  index_ = std::move(index).value();
  sources_.emplace(trace_, version_, index_);
  sources_->CollectTables(tables_);
  merge_.emplace(*sources_);
  stage_ = Stage::kMerge;
  return {};
}

Status LegacyStream::Merge() {
  for (std::size_t i = 0; i < kPreparedAtOnce; ++i) {
    const auto source = merge_->Next();
    if (!source) return EndMerge();
    if (Status added = exits_.Add(sources_->EventOf(*source)); !added.ok()) return added;
    runs_.Add(*source);
  }
  return {};
}

Status LegacyStream::EndMerge() {
  if (merge_->error()) return *merge_->error();
  merge_.reset();
  sources_.reset();
  runs_.Finish();
  if (Status finished = tables_.Finish(LegacyStrings(), loaded_.tables); !finished.ok()) {
    return finished;
  }
  sorted_exits_ = exits_.Sort();
  sequence_.emplace(trace_, version_, index_, tables_, runs_, sorted_exits_);
  check_.emplace();
  stage_ = Stage::kCheck;
  return {};
}

Status LegacyStream::Check() {
  for (std::size_t i = 0; i < kPreparedAtOnce; ++i) {
    const LegacyEvent* event = sequence_->Next();
    if (event == nullptr) {
      EndCheck();
      return {};
    }
    if (!first_ticks_) first_ticks_ = event->ticks;
    if (Status added = check_->Add(*event); !added.ok()) return added;
  }
  return {};
}

void LegacyStream::EndCheck() {
  blocked_calls_ = check_->TakeBlockedCalls();
  check_.reset();
  sequence_.emplace(trace_, version_, index_, tables_, runs_, sorted_exits_);
  const wire::v1::Clock clock(first_ticks_.value_or(0), tables_.frequency_hz());
  converter_.emplace(version_, tables_, loaded_.tables, clock, blocked_calls_);
  chunk_.resize(kChunkEvents + LegacyConverter::kMaxEvents);
  stage_ = Stage::kReady;
}

Result<EventChunk> LegacyStream::Next() {
  GTENGINE_CHECK(stage_ == Stage::kReady);
  chunk_size_ = 0;
  if (!is_at_end_ && !error_) Fill();
  if (chunk_size_ > 0) {
    return EventChunk{.events = std::span(chunk_).first(chunk_size_),
                      .generation_or_null = &loaded_,
                      .task_names = &converter_->names()};
  }
  if (error_) return *error_;
  if (std::exchange(is_over_, true)) return EventChunk{};
  DeliverSync(WrappingAdd(last_ns_, 1));
  return EventChunk{.events = std::span(chunk_).first(chunk_size_),
                    .generation_or_null = nullptr,
                    .task_names = &converter_->names()};
}

// Appends events until the chunk is full, the trace is exhausted or something is broken.
void LegacyStream::Fill() {
  // The first event is at 0.
  if (syncs_ == 0 && first_ticks_) DeliverSync(-1);
  while (chunk_size_ < kChunkEvents) {
    if (converter_->has_statuses()) {
      converter_->TakeStatus(chunk_[chunk_size_]);
      Deliver(1);
      continue;
    }
    const LegacyEvent* event = sequence_->Next();
    if (event == nullptr) {
      is_at_end_ = true;
      return;
    }
    const auto count = converter_->Convert(*event, chunk_.data() + chunk_size_);
    if (!count) {
      error_ = Error{.code = ErrorCode::kCorrupt,
                     .what = fmt::format("{} is no event of a trace since Go 1.11",
                                         wire::v1::SpecOf(event->type).name),
                     .byte_offset = event->offset};
      return;
    }
    Deliver(*count);
  }
}

void LegacyStream::DeliverSync(TimeNs time_ns) {
  OrderedEvent& event = chunk_[chunk_size_++];
  event = {};
  event.time_ns = time_ns;
  event.type = kSyncEvent;
  event.args[0] = ++syncs_;
}

// Lets the `count` events behind the chunk's end be part of it.
void LegacyStream::Deliver(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    OrderedEvent& event = chunk_[chunk_size_++];
    if (event.time_ns <= last_ns_) event.time_ns = WrappingAdd(last_ns_, 1);
    last_ns_ = event.time_ns;
  }
}

std::uint64_t LegacyStream::done_before() const {
  return sequence_ ? sequence_->done_before() : sources_ ? sources_->done_before() : 0;
}

}  // namespace gtengine::order
