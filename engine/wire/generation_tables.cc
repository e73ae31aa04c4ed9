#include "engine/wire/generation_tables.h"

#include <fmt/format.h>

#include <utility>

#include "engine/wire/varint.h"

namespace gtengine::wire {

// Reads the batches of one generation into its tables. A failed read leaves an error that names the
// place; the first one ends the parse.
class GenerationTables::Parser {
 public:
  Parser(GenerationTables& tables, PaddedView trace, Version version)
      : tables_(tables), trace_(trace), version_(version) {}

  Status ParseBatch(const Batch& batch) {
    batch_ = &batch;
    reader_.emplace(trace_.bytes().first(static_cast<std::size_t>(batch.end())),
                    static_cast<std::size_t>(batch.data_offset));
    switch (batch.kind) {
      case BatchKind::kStrings:
        return ParseEntries(EventType::kString, &Parser::ParseString);
      case BatchKind::kStacks:
        return ParseEntries(EventType::kStack, &Parser::ParseStack);
      case BatchKind::kCpuSamples:
        return ParseEntries(EventType::kCpuSample, &Parser::ParseCpuSample);
      case BatchKind::kSync:
        return ParseSync();
      case BatchKind::kExperimental:
        if (batch.experiment == kAllocFreeExperiment) {
          tables_.alloc_free_data_.push_back(
              trace_.bytes().subspan(static_cast<std::size_t>(batch.data_offset), batch.size));
        }
        return {};
      default:
        return {};
    }
  }

 private:
  Error Bad(std::string what, ErrorCode code = ErrorCode::kCorrupt) const {
    return {.code = code,
            .what = std::move(what),
            .byte_offset = reader_->offset(),
            .generation = batch_->generation,
            .m = Raw(batch_->m)};
  }

  // A number that is not there: perhaps because nothing is.
  Error BadNumber(std::string what) const {
    return Bad(std::move(what), reader_->done() ? ErrorCode::kTruncated : ErrorCode::kCorrupt);
  }

  // A batch that is a type byte and then entries of one type.
  Status ParseEntries(EventType entry, Status (Parser::*parse)()) {
    reader_->Byte();
    while (!reader_->done()) {
      const std::uint8_t type = *reader_->Byte();
      if (static_cast<EventType>(type) != entry) {
        return Bad(
            fmt::format("type byte {} in a table whose entries have type {}", type, Raw(entry)));
      }
      if (Status status = (this->*parse)(); !status.ok()) return status;
    }
    return {};
  }

  // Reads as many numbers as there are places for.
  template <class... Places>
  bool Numbers(Places&... places) {
    const auto read = [this](std::uint64_t& place) {
      const auto value = reader_->Uvarint();
      if (value) place = *value;
      return value.has_value();
    };
    return (read(places) && ...);
  }

  Status ParseString() {
    std::uint64_t id = 0;
    std::uint64_t length = 0;
    if (!Numbers(id, length)) return BadNumber("bad number in a string's head");
    if (length > kMaxStringBytes) {
      return Bad(fmt::format("string of {} bytes: more than the {} a string may have", length,
                             kMaxStringBytes));
    }
    const auto text = reader_->Bytes(static_cast<std::size_t>(length));
    if (!text) return Bad("a string runs past the end of its batch");
    tables_.string_index_.Add(id);
    tables_.strings_.emplace_back(reinterpret_cast<const char*>(text->data()), text->size());
    return {};
  }

  Status ParseStack() {
    std::uint64_t id = 0;
    std::uint64_t frame_count = 0;
    if (!Numbers(id, frame_count)) return BadNumber("bad number in a stack's head");
    if (frame_count > kMaxStackFrames) {
      return Bad(fmt::format("stack of {} frames: more than the {} a stack may have", frame_count,
                             kMaxStackFrames));
    }
    for (std::uint64_t i = 0; i < frame_count; ++i) {
      StackFrame frame;
      FrameIds ids{};
      if (!Numbers(frame.pc, ids.function, ids.file, frame.line)) {
        return Bad(fmt::format("bad number in frame {} of stack {}", i + 1, id));
      }
      const auto next = static_cast<std::uint32_t>(tables_.frames_.size());
      const auto [entry, is_new] = tables_.frame_of_pc_.try_emplace(frame.pc, next);
      if (is_new) {
        tables_.frames_.push_back(frame);
        tables_.frame_ids_.push_back(ids);
      }
      tables_.stack_frames_.push_back(entry->second);
    }
    tables_.stack_index_.Add(id);
    tables_.stack_ends_.push_back(tables_.stack_frames_.size());
    return {};
  }

  Status ParseCpuSample() {
    std::uint64_t ticks = 0;
    std::uint64_t m = 0;
    std::uint64_t p = 0;
    std::uint64_t g = 0;
    std::uint64_t stack = 0;
    if (!Numbers(ticks, m, p, g, stack)) return BadNumber("bad number in a CPU sample");
    tables_.cpu_samples_.push_back({.ticks = ticks,
                                    .m = ThreadId{static_cast<std::int64_t>(m)},
                                    .p = ProcId{static_cast<std::int64_t>(p)},
                                    .g = g == 0 ? kNoGoroutine : GoId{static_cast<std::int64_t>(g)},
                                    .stack = stack});
    return {};
  }

  Status ParseSync() {
    if (version_ >= Version::k25) reader_->Byte();
    Ticks last_ticks = batch_->base_ticks;
    while (!reader_->done()) {
      const std::uint8_t type = *reader_->Byte();
      if (static_cast<EventType>(type) == EventType::kFrequency) {
        if (Status status = ParseFrequency(); !status.ok()) return status;
      } else if (static_cast<EventType>(type) == EventType::kClockSnapshot &&
                 version_ >= Version::k25) {
        if (Status status = ParseSnapshot(last_ticks); !status.ok()) return status;
      } else {
        return Bad(fmt::format("type byte {} in a sync batch", type));
      }
    }
    return {};
  }

  Status ParseFrequency() {
    if (tables_.has_frequency_) return Bad("a second clock frequency in one generation");
    if (!Numbers(tables_.frequency_hz_)) return BadNumber("bad number for the clock frequency");
    tables_.has_frequency_ = true;
    tables_.unit_ = TickUnit(tables_.frequency_hz_);
    return {};
  }

  Status ParseSnapshot(Ticks& last_ticks) {
    if (tables_.clock_snapshot_) return Bad("a second clock snapshot in one generation");
    ClockSnapshot snapshot;
    std::uint64_t difference = 0;
    if (!Numbers(difference, snapshot.mono_ns, snapshot.wall_seconds, snapshot.wall_nanoseconds)) {
      return BadNumber("bad number in a clock snapshot");
    }
    last_ticks += difference;
    snapshot.ticks = last_ticks;
    tables_.clock_snapshot_ = snapshot;
    return {};
  }

  GenerationTables& tables_;
  PaddedView trace_;
  Version version_;
  const Batch* batch_ = nullptr;
  std::optional<ByteReader> reader_;
};

namespace {

// Of the generation as a whole, not of a byte in it.
Error WholeError(const Generation& generation, std::string what) {
  return {.code = ErrorCode::kCorrupt,
          .what = std::move(what),
          .byte_offset = generation.begin,
          .generation = generation.number};
}

}  // namespace

void GenerationTables::Clear() {
  frequency_hz_ = 0;
  has_frequency_ = false;
  unit_ = TickUnit();
  clock_snapshot_.reset();
  string_index_.Clear();
  strings_.clear();
  stack_index_.Clear();
  stack_frames_.clear();
  stack_ends_.clear();
  frames_.clear();
  frame_ids_.clear();
  frame_of_pc_.clear();
  cpu_samples_.clear();
  alloc_free_data_.clear();
}

Status GenerationTables::LoadUnfinished(PaddedView trace, const Generation& generation,
                                        Version version) {
  Clear();
  Parser parser(*this, trace, version);
  Status parsed;
  for (const Batch& batch : generation.batches) {
    parsed = parser.ParseBatch(batch);
    if (!parsed.ok()) break;
  }
  // An entry that repeats came before anything else that is wrong.
  if (const auto id = string_index_.Seal()) {
    return WholeError(generation, fmt::format("string {} repeats", *id));
  }
  if (const auto id = stack_index_.Seal()) {
    return WholeError(generation, fmt::format("stack {} repeats", *id));
  }
  return parsed;
}

Status GenerationTables::Load(PaddedView trace, const Generation& generation, Version version) {
  if (Status status = LoadUnfinished(trace, generation, version); !status.ok()) return status;
  if (!has_frequency_) return WholeError(generation, "the generation has no clock frequency");
  if (version >= Version::k25 && !clock_snapshot_) {
    return WholeError(generation, "the generation has no clock snapshot");
  }
  if (Status status = ResolveFrames(); !status.ok()) {
    return WholeError(generation, std::move(status).error().what);
  }
  return {};
}

Status GenerationTables::ResolveFrames() {
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    const auto function = String(frame_ids_[i].function);
    const auto file = String(frame_ids_[i].file);
    if (!function || !file) {
      return Error{.what = fmt::format(
                       "the frame of PC {:#x} names string {}, which does not exist", frames_[i].pc,
                       function ? frame_ids_[i].file : frame_ids_[i].function)};
    }
    frames_[i].function = *function;
    frames_[i].file = *file;
  }
  return {};
}

std::span<const std::uint32_t> GenerationTables::Stack(std::uint64_t id) const {
  const auto position = stack_index_.Find(id);
  if (!position) return {};
  const std::size_t begin = *position == 0 ? 0 : stack_ends_[*position - 1];
  return std::span(stack_frames_).subspan(begin, stack_ends_[*position] - begin);
}

}  // namespace gtengine::wire
