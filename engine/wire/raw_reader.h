// The events of a trace as the file has them: structure and timed events in one flat sequence, not
// interpreted. What Go calls its raw reader (internal/trace/raw).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/wire/event_spec.h"
#include "engine/wire/format.h"
#include "engine/wire/varint.h"

namespace gtengine::wire {

inline constexpr std::size_t kNumbersPerFrame = 4;  // PC, function, file, line

// One event. Its spans are borrowed: `numbers` from the reader until its next call, `data` from the
// trace.
struct RawEvent {
  EventType type = EventType::kNone;
  std::uint64_t offset = 0;  // of the type byte, in bytes from the start of the trace
  // The arguments that the type has, and behind them four numbers for each frame of a stack.
  std::span<const std::uint64_t> numbers;
  ByteView data;  // of a string or an experimental batch

  std::span<const std::uint64_t> args() const { return numbers.first(SpecOf(type).arg_count); }
  std::span<const std::uint64_t> frames() const { return numbers.subspan(SpecOf(type).arg_count); }
};

// Reads a trace from its header to its end. Nothing is checked but what it takes to find the next
// event: it accepts and rejects what Go's raw reader does, which knows no batch sizes and, before
// format 26, no events of experiments.
//
// Borrows the trace. One thread at a time. Memory: the numbers of one event, so at most eight times
// the bytes that the largest stack really has; used again for every event.
class RawReader {
 public:
  RawReader(ByteView trace, Version version, std::size_t offset = kHeaderBytes)
      : type_limit_(TypeLimit(version)), reader_(trace, offset) {}

  // Fills `event`. False at the end of the trace. Errors (at the event's first byte): kCorrupt for
  // a type that the format does not have or a number beyond 64 bits, kTruncated for an end of the
  // bytes inside a number. After an error the trace is over: it comes again.
  Result<bool> Next(RawEvent& event);

  // Go's reader takes an end of the bytes between two numbers of an event, or inside its data, for
  // the end of the trace, and drops the event without a word; so does Next. This is the word.
  const std::optional<Error>& cut_event() const { return cut_event_; }

 private:
  enum class Outcome : std::uint8_t { kRead, kOver, kBad };

  Outcome ReadNumbers(std::size_t count);
  Outcome ReadFrames(std::uint64_t count);
  Outcome ReadData(ByteView& data);
  Outcome ReadBody(const EventSpec& spec, ByteView& data);
  Error InvalidNumber(std::uint64_t event_offset, const EventSpec& spec) const;

  std::uint8_t type_limit_;
  ByteReader reader_;
  std::vector<std::uint64_t> numbers_;
  bool is_over_ = false;
  std::optional<Error> error_;
  std::optional<Error> cut_event_;
};

}  // namespace gtengine::wire
