// The records of a legacy trace, one by one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/byte_view.h"
#include "engine/base/error.h"
#include "engine/wire/format.h"
#include "engine/wire/v1/format.h"
#include "engine/wire/varint.h"

namespace gtengine::wire::v1 {

// One record. Borrows the reader's memory and the trace's bytes, until the next read.
struct Record {
  std::uint64_t offset = 0;  // of its first byte in the trace
  EventType type = EventType::kNone;
  // The numbers as they stand. Of a string its id alone.
  std::span<const std::uint64_t> numbers;
  // What stands behind them: a string's text, a log's message.
  std::string_view text;
};

// Reads records by the rules of Go's reader (internal/trace/internal/tracev1, readRawEvent): it
// goes through a trace twice, and the first time it looks at little more than where records end.
// Borrows the trace. One thread at a time. Cost: a few ns a number.
class RecordReader {
 public:
  RecordReader(ByteView trace, Version version);

  enum class Move : std::uint8_t {
    kRecord,  // `record` holds it, and `offset` is behind it
    kEnd,     // the trace ends here
    kBad,     // what stands here is no record: see error()
  };

  // Everything about the record at `offset`. How many numbers it has is not checked.
  Move Read(std::uint64_t& offset, Record& record) {
    return ReadPlain(offset, record) ? Move::kRecord : ReadAny(offset, record);
  }

  // Where the record ends, and of a batch and a CPU sample the numbers too. As in Go, a log whose
  // message is cut off is the end of the trace.
  Move Skim(std::uint64_t& offset, Record& record) {
    return ReadPlain(offset, record) ? Move::kRecord : SkimAny(offset, record);
  }

  // After kBad: what is wrong, and where.
  const Error& error() const { return *error_; }

 private:
  // Reads a record that is a type byte and one to three numbers, as most are; false: it is another,
  // or there is something wrong with it.
  bool ReadPlain(std::uint64_t& offset, Record& record) {
    if (offset >= trace_.size()) return false;
    const std::uint8_t byte = trace_[static_cast<std::size_t>(offset)];
    const std::size_t count = plain_numbers_[byte];
    if (count == 0) return false;
    ByteReader reader(trace_, static_cast<std::size_t>(offset) + 1);
    for (std::size_t i = 0; i < count; ++i) {
      const auto number = reader.Uvarint();
      if (!number) return false;
      numbers_[i] = *number;
    }
    record.offset = offset;
    record.type = static_cast<EventType>(byte & kTypeBits);
    record.numbers = std::span(numbers_).first(count);
    record.text = {};
    offset = reader.offset();
    return true;
  }
  Move ReadAny(std::uint64_t& offset, Record& record);
  Move SkimAny(std::uint64_t& offset, Record& record);
  bool Fail(std::uint64_t offset, std::string what);
  bool Begin(std::uint64_t offset, Record& record);
  std::uint8_t ByteOf(const Record& record) const {
    return trace_[static_cast<std::size_t>(record.offset)];
  }
  // What stands behind the type byte. False: an error is set.
  bool ReadBatch(ByteReader& reader, Record& record);
  bool ReadString(ByteReader& reader, Record& record);
  bool ReadNumbers(ByteReader& reader, Record& record);
  bool HasMessage(const Record& record) const;
  bool ReadMessage(ByteReader& reader, Record& record);
  bool SkimString(ByteReader& reader, const Record& record);
  bool SkimNumbers(ByteReader& reader, Record& record);
  // The length of numbers in bytes that comes before them.
  std::optional<std::size_t> NumberBytes(ByteReader& reader, const Record& record);
  bool ParseNumbers(ByteView bytes, Record& record);

  static constexpr std::uint8_t kTypeBits = 0x3F;

  ByteView trace_;
  Version version_;
  std::array<std::uint8_t, 256> plain_numbers_{};  // by type byte; 0: not plain, or unknown
  std::optional<Error> error_;
  std::array<std::uint64_t, kMaxNumberBytes> numbers_;  // a number has at least one byte
};

}  // namespace gtengine::wire::v1
