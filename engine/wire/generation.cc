#include "engine/wire/generation.h"

#include <fmt/format.h>

#include <utility>

#include "engine/wire/generation_tables.h"

namespace gtengine::wire {
namespace {

Error Corrupt(const Batch& batch, std::string what) {
  return {.code = ErrorCode::kCorrupt,
          .what = std::move(what),
          .byte_offset = batch.offset,
          .generation = batch.generation,
          .m = Raw(batch.m)};
}

Error GenerationZero(const Batch& batch) {
  Error error = Corrupt(batch, batch.kind == BatchKind::kEndOfGeneration
                                   ? "end-of-generation marker where none belongs"
                                   : "a batch of generation 0, which no trace has");
  error.generation.reset();
  error.m.reset();
  return error;
}

}  // namespace

void Generation::Clear(std::uint64_t at) {
  number = 0;
  begin = end = at;
  min_ticks = 0;
  batches.clear();
}

void Generation::Add(const Batch& batch) {
  if (min_ticks == 0 || batch.base_ticks < min_ticks) min_ticks = batch.base_ticks;
  end = batch.end();
  batches.push_back(batch);
}

Result<bool> GenerationReader::Next(Generation& generation) {
  if (pending_error_) {
    generation.Clear(offset_);
    return *pending_error_;
  }
  auto result = version_ < Version::k26 ? NextUnmarked(generation) : NextMarked(generation);
  if (!result.ok()) pending_error_ = result.error();
  return result;
}

Result<bool> GenerationReader::NextUnmarked(Generation& generation) {
  generation.Clear(offset_);
  if (next_first_batch_) {
    generation.begin = next_first_batch_->offset;
    generation.number = next_first_batch_->generation;
  } else if (!first_) {
    return false;
  }
  first_ = false;
  std::optional<Batch> batch = std::exchange(next_first_batch_, std::nullopt);
  while (true) {
    if (!batch) {
      auto read = ReadBatch(trace_, offset_, version_);
      if (!read.ok()) {
        // Perhaps the next generation's first batch is bad: what there is still counts.
        if (generation.number == 0) return std::move(read).error();
        pending_error_ = std::move(read).error();
        return true;
      }
      batch = *read;
      if (!batch) return true;
      offset_ = batch->end();
      if (batch->generation == 0) return GenerationZero(*batch);
      if (generation.number == 0) generation.number = batch->generation;
      if (batch->generation == generation.number + 1) {
        next_first_batch_ = batch;
        return true;
      }
      if (batch->generation != generation.number) {
        return Corrupt(*batch, fmt::format("generation {} follows generation {}: generations are "
                                           "out of order, or data between them is missing",
                                           batch->generation, generation.number));
      }
    }
    if (batch->kind == BatchKind::kEndOfGeneration) return GenerationZero(*batch);
    generation.Add(*batch);
    batch.reset();
  }
}

// Tables without events at the end of the file are dropped, but like Go's reader only after a look
// at them.
Result<bool> GenerationReader::EndAfterTables(const Generation& generation) const {
  if (generation.batches.empty()) return false;
  Status status = GenerationTables().LoadUnfinished(trace_, generation, version_);
  // kTruncated: see Load.
  if (!status.ok() && status.error().code != ErrorCode::kTruncated) {
    return std::move(status).error();
  }
  return false;
}

Result<bool> GenerationReader::NextMarked(Generation& generation) {
  generation.Clear(offset_);
  bool has_events = false;
  while (true) {
    auto read = ReadBatch(trace_, offset_, version_);
    if (!read.ok()) return std::move(read).error();
    const std::optional<Batch>& batch = *read;
    if (!batch) {
      if (!has_events) return EndAfterTables(generation);
      return Error{.code = ErrorCode::kTruncated,
                   .what = "the file ends before the generation's end marker",
                   .byte_offset = offset_,
                   .generation = generation.number};
    }
    offset_ = batch->end();
    if (generation.number == 0) generation.number = batch->generation;
    if (batch->kind == BatchKind::kEndOfGeneration) {
      generation.end = offset_;
      return true;
    }
    if (batch->generation == 0) return GenerationZero(*batch);
    if (batch->generation != generation.number) {
      return Corrupt(*batch,
                     fmt::format("a batch of generation {} inside generation {}: its end marker is "
                                 "missing, or generations are mixed",
                                 batch->generation, generation.number));
    }
    generation.Add(*batch);
    has_events = has_events || batch->kind == BatchKind::kEvents;
  }
}

}  // namespace gtengine::wire
