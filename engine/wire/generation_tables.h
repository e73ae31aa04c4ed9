// The tables of one generation: strings, stacks, CPU samples, clock. Ids mean something only inside
// their generation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/wire/generation.h"
#include "engine/wire/id_index.h"

namespace gtengine::wire {

// A reading of several clocks at nearly one moment (from format 25 on).
struct ClockSnapshot {
  Ticks ticks = 0;
  std::uint64_t mono_ns = 0;
  std::uint64_t wall_seconds = 0;  // Unix time
  std::uint64_t wall_nanoseconds = 0;
};

// One frame of a stack, resolved.
struct StackFrame {
  std::uint64_t pc = 0;
  std::string_view function;
  std::string_view file;
  std::uint64_t line = 0;
};

// A CPU profile sample as the file has it: unsorted, in ticks.
struct CpuSample {
  Ticks ticks = 0;
  ThreadId m = kNoThread;
  ProcId p = kNoProc;
  GoId g = kNoGoroutine;
  std::uint64_t stack = 0;
};

// Decodes and checks a generation's table batches; accepts and rejects what Go's reader does
// (internal/trace/generation.go). Its text borrows the trace's bytes. Memory grows with the tables'
// own bytes, never with a number read from them, and is used again by the next Load. After Load,
// reading is safe from any thread.
class GenerationTables {
 public:
  // Replaces the content by that of `generation`. Errors name the byte, generation and M.
  // kTruncated means that the first thing wrong is a batch that ends where an entry's number must
  // begin: there Go's reader comes to a quiet end instead of an error.
  Status Load(PaddedView trace, const Generation& generation, Version version);

  // The part of Load that an unfinished generation must pass too: its table batches are well-formed
  // and repeat no id. Whether all is there that a generation needs is not asked.
  Status LoadUnfinished(PaddedView trace, const Generation& generation, Version version);

  TickUnit unit() const { return unit_; }
  std::uint64_t frequency_hz() const { return frequency_hz_; }
  const std::optional<ClockSnapshot>& clock_snapshot() const { return clock_snapshot_; }

  // Text of a string id; id 0 is "". Nothing when the generation does not define the id.
  std::optional<std::string_view> String(std::uint64_t id) const {
    if (id == 0) return std::string_view();
    const auto position = string_index_.Find(id);
    if (!position) return std::nullopt;
    return strings_[*position];
  }

  // True when the id can be resolved: 0 is "no stack" and always can.
  bool HasStack(std::uint64_t id) const { return id == 0 || stack_index_.Has(id); }
  bool HasString(std::uint64_t id) const { return id == 0 || string_index_.Has(id); }

  // Ids up to these can all be resolved.
  std::uint64_t contiguous_stacks() const { return stack_index_.contiguous(); }
  std::uint64_t contiguous_strings() const { return string_index_.contiguous(); }

  // Ids are below these, for side tables by id; 0 where ids are too scattered for that.
  std::size_t stack_id_limit() const { return stack_index_.dense_limit(); }
  std::size_t string_id_limit() const { return string_index_.dense_limit(); }

  // Positions in frames() of a stack's frames, leaf first. The id must have been checked or be 0.
  std::span<const std::uint32_t> Stack(std::uint64_t id) const;
  // All distinct frames (by PC; the first definition of a PC counts).
  std::span<const StackFrame> frames() const { return frames_; }
  // Dense position of a stack or string id, for side tables of stack_count() and string_count()
  // entries.
  std::optional<std::uint32_t> StackPosition(std::uint64_t id) const {
    return stack_index_.Find(id);
  }
  std::optional<std::uint32_t> StringPosition(std::uint64_t id) const {
    return string_index_.Find(id);
  }
  std::size_t stack_count() const { return stack_index_.size(); }
  std::size_t string_count() const { return strings_.size(); }

  std::span<const CpuSample> cpu_samples() const { return cpu_samples_; }

  // Data of the AllocFree experiment's batches, in the order of the trace, whose bytes they are.
  std::span<const ByteView> alloc_free_data() const { return alloc_free_data_; }

  // Fills tables from elsewhere than such batches: engine/wire/generation_tables_builder.h.
  class Builder;

 private:
  struct FrameIds {
    std::uint64_t function;
    std::uint64_t file;
  };
  class Parser;

  void Clear();
  Status ResolveFrames();

  std::uint64_t frequency_hz_ = 0;
  bool has_frequency_ = false;
  TickUnit unit_;
  std::optional<ClockSnapshot> clock_snapshot_;
  IdIndex string_index_;
  std::vector<std::string_view> strings_;
  IdIndex stack_index_;
  std::vector<std::uint32_t> stack_frames_;  // positions in frames_, all stacks one after the other
  std::vector<std::size_t> stack_ends_;
  std::vector<StackFrame> frames_;
  std::vector<FrameIds> frame_ids_;  // of frames_, until they are resolved
  std::unordered_map<std::uint64_t, std::uint32_t> frame_of_pc_;
  std::vector<CpuSample> cpu_samples_;
  std::vector<ByteView> alloc_free_data_;
};

}  // namespace gtengine::wire
