#include "engine/order/event_stream.h"

#include <fmt/format.h>

#include <utility>

#include "engine/base/go_sort.h"
#include "engine/wire/event_spec.h"

namespace gtengine::order {

Result<const LoadedGeneration*> StrictSource::Next() {
  auto found = reader_.Next(loaded_.generation);
  if (!found.ok()) return std::move(found).error();
  if (!*found) return static_cast<const LoadedGeneration*>(nullptr);
  if (Status status = loaded_.tables.Load(trace_, loaded_.generation, version_); !status.ok()) {
    return std::move(status).error();
  }
  return &loaded_;
}

EventStream::EventStream(PaddedView trace, GenerationSource& source)
    : trace_(trace), source_(source) {
  chunk_.reserve(kChunkEvents + Emission::kMax);
}

Result<EventChunk> EventStream::Next() {
  chunk_.clear();
  while (chunk_.empty()) {
    if (error_) return *error_;
    if (is_over_) return EventChunk{};
    const bool at_boundary = frontier_.empty() && next_sample_ == samples_.size();
    if (at_boundary) {
      BeginGeneration();
    } else {
      FillFromGeneration();
    }
  }
  return EventChunk{
      .events = chunk_, .generation_or_null = current_, .task_names = &state_.names()};
}

// Appends events until the chunk is full, the generation is exhausted or something is broken.
EventStream::Progress EventStream::FillFromGeneration() {
  while (chunk_.size() < kChunkEvents) {
    const bool has_sample = next_sample_ < samples_.size();
    if (frontier_.empty() && !has_sample) return Progress::kBoundary;
    const bool sample_is_next =
        has_sample &&
        (frontier_.empty() || samples_[next_sample_].time_ns < frontier_.top_time_ns());
    if (!(sample_is_next ? DeliverSample() : Step())) return Progress::kFailed;
  }
  return Progress::kEvents;
}

// Each generation begins with a Sync event, and one stands at the end: also where the next generation
// is bad, which is an error only after it.
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
  LoadSamples();
  frontier_.Clear();
  cursor_of_thread_.clear();
  std::size_t used = 0;
  for (const wire::Batch& batch : loaded.generation.batches) {
    if (batch.kind != wire::BatchKind::kEvents) continue;
    const auto [entry, is_new] = cursor_of_thread_.try_emplace(Raw(batch.m), used);
    if (is_new) {
      if (used == cursors_.size()) cursors_.emplace_back();
      cursors_[used++].Reset(batch.m);
    }
    cursors_[entry->second].AddBatch(batch);
  }
  // In order of first appearance: it decides among equal times.
  for (std::size_t i = 0; i < used; ++i) {
    auto has_event = cursors_[i].Next(trace_, loaded.tables.unit());
    if (!has_event.ok()) return Fail(std::move(has_event).error());
    if (*has_event) frontier_.Insert(cursors_[i].time_ns(), cursors_[i]);
  }
  DeliverSync(loaded.tables.unit().ToNs(loaded.generation.min_ticks));
  return true;
}

void EventStream::LoadSamples() {
  samples_.clear();
  next_sample_ = 0;
  for (const wire::CpuSample& sample : current_->tables.cpu_samples()) {
    samples_.push_back(
        {.time_ns = current_->tables.unit().ToNs(sample.ticks), .sample = sample});
  }
  GoSort(std::span(samples_),
         [](const Sample& a, const Sample& b) { return a.time_ns < b.time_ns; });
}

// Lets the earliest event take place that can. Nearly always that is the frontier's top; otherwise all
// threads are tried in order of time.
bool EventStream::Step() {
  Outcome outcome = TryAdvance(0);
  if (outcome == Outcome::kNotYet) {
    frontier_.Sort();
    for (std::size_t i = 1; i < frontier_.size() && outcome == Outcome::kNotYet; ++i) {
      outcome = TryAdvance(i);
    }
    if (outcome == Outcome::kNotYet) {
      return Fail(BrokenAt(0, fmt::format("none of the {} threads with events left can go on",
                                          frontier_.size())));
    }
  }
  return outcome == Outcome::kAdvanced && DeliverEmission();
}

Outcome EventStream::TryAdvance(std::size_t i) {
  ThreadCursor& cursor = frontier_.At(i);
  const Outcome outcome = state_.Advance(cursor.event(), cursor.thread(), emission_);
  if (outcome == Outcome::kBroken) Fail(BrokenAt(i, state_.what()));
  if (outcome != Outcome::kAdvanced) return outcome;
  // As in Go, an event counts only when the one behind it on its thread can be read.
  auto has_event = cursor.Next(trace_, current_->tables.unit());
  if (!has_event.ok()) {
    Fail(std::move(has_event).error());
    return Outcome::kBroken;
  }
  if (*has_event) {
    frontier_.Update(i, cursor.time_ns());
  } else {
    frontier_.Remove(i);
  }
  return Outcome::kAdvanced;
}

bool EventStream::DeliverSample() {
  const Sample& sample = samples_[next_sample_++];
  OrderedEvent event;
  event.time_ns = sample.time_ns;
  event.m = sample.sample.m;
  event.p = sample.sample.p;
  event.g = sample.sample.g;
  event.args[0] = sample.sample.stack;
  event.type = wire::EventType::kCpuSample;
  return Deliver(event);
}

bool EventStream::DeliverEmission() {
  for (std::size_t i = 0; i < emission_.count; ++i) {
    if (!Deliver(emission_.events[i])) return false;
  }
  return true;
}

bool EventStream::Deliver(const OrderedEvent& event) {
  if (!CheckIds(event)) return false;
  chunk_.push_back(event);
  if (event.time_ns <= last_ns_) chunk_.back().time_ns = last_ns_ + 1;
  last_ns_ = chunk_.back().time_ns;
  return true;
}

void EventStream::DeliverSync(TimeNs time_ns) {
  OrderedEvent event;
  event.time_ns = time_ns;
  event.type = kSyncEvent;
  event.args[0] = ++syncs_;
  Deliver(event);
}

bool EventStream::CheckIds(const OrderedEvent& event) {
  const wire::EventSpec& spec = wire::SpecOf(event.type);
  const auto bad = [&](const char* table, std::uint64_t id) {
    return Fail({.code = ErrorCode::kCorrupt,
                 .what = fmt::format("{} refers to {} {}, which its generation does not have",
                                     spec.name, table, id),
                 .generation = current_->generation.number,
                 .m = Raw(event.m)});
  };
  for (const std::uint8_t position : spec.stacks) {
    if (position == 0) break;
    const std::uint64_t id = event.args[position - 1u];
    if (!current_->tables.HasStack(id)) return bad("stack", id);
  }
  for (const std::uint8_t position : spec.strings) {
    if (position == 0) break;
    const std::uint64_t id = event.args[position - 1u];
    if (!current_->tables.HasString(id)) return bad("string", id);
  }
  return true;
}

bool EventStream::Fail(Error error) {
  error_ = std::move(error);
  return false;
}

Error EventStream::BrokenAt(std::size_t i, std::string what) {
  ThreadCursor& cursor = frontier_.At(i);
  return {.code = ErrorCode::kBrokenOrder,
          .what = fmt::format("{}: {}", wire::SpecOf(cursor.event().type).name, what),
          .byte_offset = cursor.byte_offset(),
          .generation = current_->generation.number,
          .m = Raw(cursor.thread().m)};
}

}  // namespace gtengine::order
