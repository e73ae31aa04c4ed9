#include "engine/wire/salvage.h"

#include <fmt/format.h>

#include <utility>

namespace gtengine::wire {
namespace {

// How many batches must follow one another before a place behind damage is believed in.
constexpr int kChainBatches = 4;

Error WrongGeneration(const Batch& batch, std::uint64_t expected) {
  return {.code = ErrorCode::kCorrupt,
          .what = batch.generation == 0
                      ? std::string("a batch of generation 0, which no trace has")
                      : fmt::format("a batch of generation {} inside generation {}",
                                    batch.generation, expected),
          .byte_offset = batch.offset,
          .generation = expected,
          .m = Raw(batch.m)};
}

}  // namespace

bool SalvageReader::Next(Generation& generation) {
  gap_ = false;
  damage_.reset();
  while (true) {
    const End end = version_ < Version::k26 ? ReadUnmarked(generation) : ReadMarked(generation);
    if (end == End::kTraceEnd) return false;
    if (end == End::kDamaged) {
      gap_ = true;
      continue;
    }
    gap_ = gap_ || (last_number_ != 0 && generation.number != last_number_ + 1);
    last_number_ = generation.number;
    return true;
  }
}

// Notes what is lost and moves to where the next generation begins.
void SalvageReader::Lose(const Generation& generation, Error error) {
  const std::uint64_t from = error.byte_offset.value_or(generation.begin);
  offset_ = FindGeneration(from > generation.begin ? from : generation.begin + 1);
  if (damage_) {
    damage_->end = offset_;
  } else {
    damage_ = Damage{.error = std::move(error), .begin = generation.begin, .end = offset_};
  }
}

SalvageReader::End SalvageReader::ReadUnmarked(Generation& generation) {
  generation.Clear(offset_);
  while (true) {
    auto read = ReadBatch(trace_, offset_, version_);
    if (!read.ok()) {
      Lose(generation, std::move(read).error());
      return End::kDamaged;
    }
    if (!read->has_value()) return generation.batches.empty() ? End::kTraceEnd : End::kWhole;
    const Batch& batch = **read;
    if (batch.generation == 0 || batch.kind == BatchKind::kEndOfGeneration) {
      Lose(generation, WrongGeneration(batch, generation.number));
      return End::kDamaged;
    }
    if (generation.number == 0) generation.number = batch.generation;
    if (batch.generation != generation.number) return End::kWhole;
    generation.Add(batch);
    offset_ = batch.end();
  }
}

SalvageReader::End SalvageReader::ReadMarked(Generation& generation) {
  generation.Clear(offset_);
  bool has_events = false;
  while (true) {
    auto read = ReadBatch(trace_, offset_, version_);
    if (!read.ok()) {
      Lose(generation, std::move(read).error());
      return End::kDamaged;
    }
    if (!read->has_value()) {
      // As in Go's reader: tables alone, without events or an end, are nothing.
      if (!has_events) return End::kTraceEnd;
      Lose(generation, {.code = ErrorCode::kTruncated,
                        .what = "the file ends before the generation's end marker",
                        .byte_offset = trace_.size(),
                        .generation = generation.number});
      return End::kDamaged;
    }
    const Batch& batch = **read;
    if (batch.kind == BatchKind::kEndOfGeneration) {
      generation.end = offset_ = batch.end();
      return End::kWhole;
    }
    if (generation.number == 0) generation.number = batch.generation;
    if (batch.generation == 0 || batch.generation != generation.number) {
      Lose(generation, WrongGeneration(batch, generation.number));
      return End::kDamaged;
    }
    generation.Add(batch);
    offset_ = batch.end();
    has_events = has_events || batch.kind == BatchKind::kEvents;
  }
}

// The first beginning of a generation at or behind `from` that can be trusted: behind an end
// marker, or before format 26 where the number changes; the end of the trace when there is none.
std::uint64_t SalvageReader::FindGeneration(std::uint64_t from) const {
  std::uint64_t offset = from;
  while (offset < trace_.size()) {
    // Every place in the damage is a candidate, until batches follow one another again.
    while (offset < trace_.size() && !IsBatchChain(offset)) ++offset;
    std::uint64_t number = 0;
    while (offset < trace_.size()) {
      auto read = ReadBatch(trace_, offset, version_);
      if (!read.ok() || !read->has_value()) break;
      const Batch& batch = **read;
      if (batch.kind == BatchKind::kEndOfGeneration) return batch.end();
      if (number != 0 && batch.generation != number) return offset;
      number = batch.generation;
      offset = batch.end();
    }
    if (offset < trace_.size()) ++offset;
  }
  return trace_.size();
}

bool SalvageReader::IsBatchChain(std::uint64_t offset) const {
  std::uint64_t number = 0;
  for (int i = 0; i < kChainBatches; ++i) {
    auto read = ReadBatch(trace_, offset, version_);
    if (!read.ok()) return false;
    if (!read->has_value()) return i > 0;
    const Batch& batch = **read;
    offset = batch.end();
    if (batch.kind == BatchKind::kEndOfGeneration && batch.size == 0) {
      // A marker alone proves nothing: a single byte looks like it.
      if (i == 0 || version_ < Version::k26) return false;
      number = 0;
      continue;
    }
    if (batch.generation == 0) return false;
    if (number != 0 && batch.generation != number && batch.generation != number + 1) return false;
    number = batch.generation;
  }
  return true;
}

}  // namespace gtengine::wire
