#include "engine/order/event_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "engine/base/go_sort.h"
#include "engine/wire/event_spec.h"

namespace gtengine::order {

Result<const LoadedGeneration*> StrictSource::Next() {
  auto found = reader_.Next(loaded_.generation);
  const bool is_whole = found.ok() && *found;
  // Go reads tables as it meets them, so that one before the damage or the end has the first word.
  Status tables = is_whole ? loaded_.tables.Load(trace_, loaded_.generation, version_)
                           : loaded_.tables.LoadUnfinished(trace_, loaded_.generation, version_);
  if (!tables.ok()) {
    // Go reports such a table by the error that also means the end of the file.
    if (tables.error().code == ErrorCode::kTruncated)
      return static_cast<const LoadedGeneration*>(nullptr);
    return std::move(tables).error();
  }
  if (is_whole) return &loaded_;
  if (!found.ok()) return std::move(found).error();
  return static_cast<const LoadedGeneration*>(nullptr);
}

EventStream::EventStream(PaddedView trace, GenerationSource& source)
    : trace_(trace), source_(source) {}

Result<EventChunk> EventStream::Next() { return Fill(own_buffer_); }

Result<EventChunk> EventStream::Next(EventBuffer& buffer) {
  const std::uint64_t ended_tasks = state_.ended_tasks();
  auto chunk = Fill(buffer);
  if (!chunk.ok()) return chunk;
  if (buffer.task_names_.size() > 1) buffer.task_names_ = {};
  if (state_.ended_tasks() != ended_tasks) KeepTaskNames(buffer);
  chunk->task_names = &buffer.task_names_;
  return chunk;
}

Result<EventChunk> EventStream::Fill(EventBuffer& buffer) {
  chunk_begin_ = out_ = buffer.events_.data();
  chunk_end_ = out_ + EventBuffer::kChunkEvents;
  while (out_ == chunk_begin_) {
    if (error_) return *error_;
    if (is_over_) return EventChunk{};
    if (NeedsGeneration()) {
      BeginGeneration();
    } else {
      FillFromGeneration();
    }
  }
  return EventChunk{.events = std::span(chunk_begin_, out_),
                    .generation_or_null = current_,
                    .task_names = &state_.names()};
}

// Copies the names that the chunk's events refer to.
void EventStream::KeepTaskNames(EventBuffer& buffer) {
  for (OrderedEvent& event : std::span(chunk_begin_, out_)) {
    if (event.type != wire::EventType::kUserTaskEnd) continue;
    const std::string_view name = state_.names().Get(static_cast<StringRef>(event.args[3]));
    event.args[3] = static_cast<std::uint64_t>(buffer.task_names_.Intern(name));
  }
}

void EventStream::OfferDecoding() {
  offers_decoding_ = true;
  for (ThreadCursor& cursor : cursors_) cursor.OfferTo(decode_queue_);
}

// Appends events until the chunk is full, the generation is exhausted or something is broken.
void EventStream::FillFromGeneration() {
  while (HasRoom()) {
    if (lookahead_.empty()) {
      const bool has_sample = next_sample_ < samples_.size();
      if (frontier_.empty() && !has_sample) return;
      if (has_sample && (frontier_.empty() || next_sample_ns() < frontier_.top_time_ns())) {
        if (!DeliverSample()) return;
        continue;
      }
      if (!LooksAhead()) {
        if (!RunTop()) return;
        continue;
      }
      lookahead_.Foresee(frontier_, next_sample_ns());
      lookahead_.Fetch(state_);
    }
    if (!RunForeseen()) return;
  }
}

// Where runs are long and all state is near, looking ahead costs more than it gives.
bool EventStream::LooksAhead() const {
  constexpr std::size_t kManyThreads = 16;
  constexpr std::size_t kManySlots = 4096;
  return frontier_.size() >= kManyThreads || state_.goroutine_slots() > kManySlots;
}

// The greatest time when no sample is left.
TimeNs EventStream::next_sample_ns() const {
  return next_sample_ < samples_.size() ? samples_[next_sample_].time_ns
                                        : std::numeric_limits<TimeNs>::max();
}

// Each generation begins with a Sync event, and one stands at the end: also where the next
// generation is bad, which is an error only after it.
bool EventStream::BeginGeneration() {
  auto next = source_.Next();
  if (next.ok() && *next != nullptr) return Install(**next);
  current_ = nullptr;
  DeliverSync(last_ns_);
  if (next.ok()) {
    is_over_ = true;
    return true;
  }
  return Fail(std::move(next).error());
}

bool EventStream::Install(const LoadedGeneration& loaded) {
  current_ = &loaded;
  state_.BeginGeneration(loaded.generation.number, loaded.tables);
  ids_.BeginGeneration(loaded.tables);
  LoadSamples();
  frontier_.Clear();
  cursor_of_thread_.clear();
  std::size_t used = 0;
  for (const wire::Batch& batch : loaded.generation.batches) {
    if (batch.kind != wire::BatchKind::kEvents) continue;
    const auto [entry, is_new] = cursor_of_thread_.try_emplace(Raw(batch.m), used);
    if (is_new) {
      if (used == cursors_.size()) {
        cursors_.emplace_back();
        if (offers_decoding_) cursors_.back().OfferTo(decode_queue_);
      }
      cursors_[used++].Reset(trace_, loaded.tables.unit(), batch.m);
    }
    cursors_[entry->second].AddBatch(batch);
  }
  // In order of first appearance: it decides among equal times.
  for (std::size_t i = 0; i < used; ++i) {
    const ThreadCursor::Move move = cursors_[i].Next();
    if (move == ThreadCursor::Move::kBad) return Fail(cursors_[i].BadEvent());
    if (move == ThreadCursor::Move::kEvent) frontier_.Insert(cursors_[i].time_ns(), cursors_[i]);
  }
  DeliverSync(loaded.tables.unit().ToNs(loaded.generation.min_ticks));
  return true;
}

void EventStream::LoadSamples() {
  samples_.clear();
  next_sample_ = 0;
  for (const wire::CpuSample& sample : current_->tables.cpu_samples()) {
    samples_.push_back({.time_ns = current_->tables.unit().ToNs(sample.ticks), .sample = sample});
  }
  GoSort(std::span(samples_),
         [](const Sample& a, const Sample& b) { return a.time_ns < b.time_ns; });
}

// Lets the event behind the chunk's end be part of it.
inline bool EventStream::DeliverOne() {
  OrderedEvent& event = *out_;
  if (!ids_.Passes(event)) [[unlikely]]
    return Fail(UnknownId(event, *ids_.UnknownIn(event)));
  if (event.time_ns <= last_ns_) event.time_ns = WrappingAdd(last_ns_, 1);
  last_ns_ = event.time_ns;
  ++out_;
  return true;
}

bool EventStream::Deliver(std::size_t count) {
  for (; count > 0; --count) {
    if (!DeliverOne()) return false;
  }
  return true;
}

// Lets the events of the frontier's top take place, as long as they are the earliest. When one
// cannot yet, all threads are tried in order of time.
bool EventStream::RunTop() {
  ThreadCursor& cursor = frontier_.At(0);
  const TimeNs limit = std::min(frontier_.runner_up_time_ns(), next_sample_ns());
  do {
    OrderedEvent& event = *out_;
    cursor.Draft(cursor.record(), event);
    const Attempt attempt = state_.Advance(event, cursor.thread());
    if (attempt.outcome != Outcome::kAdvanced) [[unlikely]] {
      frontier_.SetTopTime(cursor.time_ns());
      return attempt.outcome == Outcome::kNotYet ? StepAnother() : Fail(BrokenAt(0, state_.what()));
    }
    const ThreadCursor::Move move = cursor.Next();
    if (move != ThreadCursor::Move::kEvent) [[unlikely]]
      return EndThread(0, move, attempt.events);
    const bool delivered = attempt.events == 1 ? DeliverOne() : Deliver(attempt.events);
    if (!delivered) [[unlikely]]
      return false;
  } while (cursor.time_ns() <= limit && HasRoom());
  frontier_.Update(0, cursor.time_ns());
  return true;
}

// Lets the foreseen events take place. When one cannot yet, all threads are tried in order of time.
bool EventStream::RunForeseen() {
  do {
    OrderedEvent& event = *out_;
    ThreadCursor& cursor = *lookahead_.front().cursor;
    cursor.Draft(*lookahead_.front().record, event);
    const Attempt attempt = state_.Advance(event, cursor.thread());
    if (attempt.outcome != Outcome::kAdvanced) [[unlikely]] {
      lookahead_.TakeBack(frontier_);
      return attempt.outcome == Outcome::kNotYet ? StepAnother() : Fail(BrokenAt(0, state_.what()));
    }
    lookahead_.Pop();
    if (lookahead_.IsThreadToMove()) [[unlikely]] {
      const ThreadCursor::Move move = cursor.Next();
      if (move != ThreadCursor::Move::kEvent) return EndThread(0, move, attempt.events);
      frontier_.Update(0, cursor.time_ns());
    }
    const bool delivered = attempt.events == 1 ? DeliverOne() : Deliver(attempt.events);
    if (!delivered) [[unlikely]]
      return false;
  } while (!lookahead_.empty() && HasRoom());
  return true;
}

// Nothing follows the `count` events that have taken place on the thread at `i`. As in Go, they
// count only if that is its end, and not an event that cannot be read.
bool EventStream::EndThread(std::size_t i, ThreadCursor::Move move, std::size_t count) {
  if (move == ThreadCursor::Move::kBad) return Fail(frontier_.At(i).BadEvent());
  frontier_.Remove(i);
  return Deliver(count);
}

// Lets the earliest event take place that can, when that of the frontier's top cannot yet.
bool EventStream::StepAnother() {
  frontier_.Sort();
  for (std::size_t i = 1; i < frontier_.size(); ++i) {
    ThreadCursor& cursor = frontier_.At(i);
    cursor.Draft(cursor.record(), *out_);
    const Attempt attempt = state_.Advance(*out_, cursor.thread());
    if (attempt.outcome == Outcome::kNotYet) continue;
    if (attempt.outcome == Outcome::kBroken) return Fail(BrokenAt(i, state_.what()));
    const ThreadCursor::Move move = cursor.Next();
    if (move != ThreadCursor::Move::kEvent) return EndThread(i, move, attempt.events);
    frontier_.Update(i, cursor.time_ns());
    return Deliver(attempt.events);
  }
  return Fail(BrokenAt(
      0, fmt::format("none of the {} threads with events left can go on", frontier_.size())));
}

bool EventStream::DeliverSample() {
  const Sample& sample = samples_[next_sample_++];
  OrderedEvent& event = *out_;
  event = {};
  event.time_ns = sample.time_ns;
  event.m = sample.sample.m;
  event.p = sample.sample.p;
  event.g = sample.sample.g;
  event.args[0] = sample.sample.stack;
  event.type = wire::EventType::kCpuSample;
  return Deliver(1);
}

void EventStream::DeliverSync(TimeNs time_ns) {
  OrderedEvent& event = *out_;
  event = {};
  event.time_ns = time_ns;
  event.type = kSyncEvent;
  event.args[0] = ++syncs_;
  Deliver(1);
}

Error EventStream::UnknownId(const OrderedEvent& event, const IdCheck::Unknown& unknown) const {
  return {.code = ErrorCode::kCorrupt,
          .what = fmt::format("{} refers to {} {}, which its generation does not have",
                              wire::SpecOf(event.type).name, unknown.kind, unknown.id),
          .generation = current_->generation.number,
          .m = Raw(event.m)};
}

bool EventStream::Fail(Error error) {
  error_ = std::move(error);
  return false;
}

Error EventStream::BrokenAt(std::size_t i, std::string what) {
  ThreadCursor& cursor = frontier_.At(i);
  return {.code = ErrorCode::kBrokenOrder,
          .what = fmt::format("{}: {}", wire::SpecOf(cursor.type()).name, what),
          .byte_offset = cursor.byte_offset(),
          .generation = current_->generation.number,
          .m = Raw(cursor.thread().m)};
}

}  // namespace gtengine::order
