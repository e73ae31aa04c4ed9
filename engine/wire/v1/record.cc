#include "engine/wire/v1/record.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "engine/base/ids.h"
#include "engine/wire/v1/event_spec.h"

namespace gtengine::wire::v1 {
namespace {

// How many numbers the type byte announces; this means that their length comes first.
constexpr std::size_t kLedNumbers = 4;
std::size_t AnnouncedNumbers(std::uint8_t byte) { return (byte >> 6) + std::size_t{1}; }

std::string_view Text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool IsProc(std::uint64_t p) {
  return p == std::numeric_limits<std::uint64_t>::max() ||
         p <= std::uint64_t{std::numeric_limits<std::int32_t>::max()};
}

}  // namespace

RecordReader::RecordReader(ByteView trace, Version version) : trace_(trace), version_(version) {
  for (std::size_t byte = 0; byte < plain_numbers_.size(); ++byte) {
    const auto type = static_cast<std::uint8_t>(byte & kTypeBits);
    const std::size_t count = AnnouncedNumbers(static_cast<std::uint8_t>(byte));
    if (!IsKnown(type, version) || count == kLedNumbers) continue;
    if (type == Raw(EventType::kBatch) || type == Raw(EventType::kString)) continue;
    plain_numbers_[byte] = static_cast<std::uint8_t>(count);
  }
}

bool RecordReader::Fail(std::uint64_t offset, std::string what) {
  error_ = Error{.code = ErrorCode::kCorrupt, .what = std::move(what), .byte_offset = offset};
  return false;
}

bool RecordReader::Begin(std::uint64_t offset, Record& record) {
  const std::uint8_t type = trace_[static_cast<std::size_t>(offset)] & kTypeBits;
  if (!IsKnown(type, version_)) return Fail(offset, fmt::format("no event has type {}", type));
  record.offset = offset;
  record.type = static_cast<EventType>(type);
  record.numbers = {};
  record.text = {};
  return true;
}

RecordReader::Move RecordReader::ReadAny(std::uint64_t& offset, Record& record) {
  if (offset >= trace_.size()) return Move::kEnd;
  if (!Begin(offset, record)) return Move::kBad;
  ByteReader reader(trace_, static_cast<std::size_t>(offset) + 1);
  bool is_good = false;
  switch (record.type) {
    case EventType::kBatch:
      is_good = ReadBatch(reader, record);
      break;
    case EventType::kString:
      is_good = ReadString(reader, record);
      break;
    default:
      is_good = ReadNumbers(reader, record) && (!HasMessage(record) || ReadMessage(reader, record));
  }
  offset = reader.offset();
  return is_good ? Move::kRecord : Move::kBad;
}

RecordReader::Move RecordReader::SkimAny(std::uint64_t& offset, Record& record) {
  if (offset >= trace_.size()) return Move::kEnd;
  if (!Begin(offset, record)) return Move::kBad;
  ByteReader reader(trace_, static_cast<std::size_t>(offset) + 1);
  bool is_good = false;
  switch (record.type) {
    case EventType::kBatch:
      is_good = ReadBatch(reader, record);
      break;
    case EventType::kString:
      is_good = SkimString(reader, record);
      break;
    case EventType::kCpuSample:
      is_good = ReadNumbers(reader, record);
      break;
    default:
      is_good = SkimNumbers(reader, record);
  }
  if (!is_good) return Move::kBad;
  if (HasMessage(record)) {
    const auto length = reader.Uvarint();
    if (!length) {
      Fail(offset, "UserLog: bad number for the length of its message");
      return Move::kBad;
    }
    if (!reader.Bytes(static_cast<std::size_t>(*length))) return Move::kEnd;
  }
  offset = reader.offset();
  return Move::kRecord;
}

bool RecordReader::ReadBatch(ByteReader& reader, Record& record) {
  const std::size_t announced = AnnouncedNumbers(ByteOf(record));
  if (announced != 2) {
    return Fail(record.offset, fmt::format("Batch has {} numbers instead of 2", announced));
  }
  const auto p = reader.Uvarint();
  const auto ticks = p ? reader.Uvarint() : std::nullopt;
  if (!ticks) {
    return Fail(record.offset, "Batch: bad number");
  }
  if (!IsProc(*p)) {
    return Fail(record.offset, fmt::format("Batch of P {}: no P has such a number", *p));
  }
  numbers_[0] = *p;
  numbers_[1] = *ticks;
  record.numbers = std::span(numbers_).first(2);
  return true;
}

bool RecordReader::ReadString(ByteReader& reader, Record& record) {
  const auto id = reader.Uvarint();
  const auto length = id ? reader.Uvarint() : std::nullopt;
  if (!length) {
    return Fail(record.offset, "String: bad number");
  }
  if (*id == 0 || *length == 0 || *length > kMaxStringBytes) {
    return Fail(record.offset,
                fmt::format("String: id {} and {} bytes: ids begin with 1, and a string has "
                            "1 to {} bytes",
                            *id, *length, kMaxStringBytes));
  }
  const auto text = reader.Bytes(static_cast<std::size_t>(*length));
  if (!text) {
    return Fail(record.offset, "the file ends inside a string");
  }
  numbers_[0] = *id;
  record.numbers = std::span(numbers_).first(1);
  record.text = Text(*text);
  return true;
}

bool RecordReader::SkimString(ByteReader& reader, const Record& record) {
  const auto id = reader.Uvarint();
  const auto length = id ? reader.Uvarint() : std::nullopt;
  if (!length) {
    return Fail(record.offset, "String: bad number");
  }
  if (*length > reader.left()) {
    return Fail(record.offset, "the file ends inside a string");
  }
  reader.Bytes(static_cast<std::size_t>(*length));
  return true;
}

bool RecordReader::ReadNumbers(ByteReader& reader, Record& record) {
  const std::size_t announced = AnnouncedNumbers(ByteOf(record));
  if (announced == kLedNumbers) [[unlikely]] {
    const auto length = NumberBytes(reader, record);
    if (!length) return false;
    // As in Go, there must be something behind the length, if only what follows.
    const auto bytes = reader.done() ? std::nullopt : reader.Bytes(*length);
    if (!bytes) {
      return Fail(record.offset, fmt::format("the file ends inside {}", SpecOf(record.type).name));
    }
    return ParseNumbers(*bytes, record);
  }
  for (std::size_t i = 0; i < announced; ++i) {
    const auto number = reader.Uvarint();
    if (!number) [[unlikely]] {
      return Fail(record.offset, fmt::format("{}: bad number", SpecOf(record.type).name));
    }
    numbers_[i] = *number;
  }
  record.numbers = std::span(numbers_).first(announced);
  return true;
}

bool RecordReader::SkimNumbers(ByteReader& reader, Record& record) {
  const std::size_t announced = AnnouncedNumbers(ByteOf(record));
  if (announced != kLedNumbers) return ReadNumbers(reader, record);
  const auto length = NumberBytes(reader, record);
  if (!length) return false;
  if (reader.Bytes(*length)) return true;
  return Fail(record.offset, fmt::format("the file ends inside {}", SpecOf(record.type).name));
}

std::optional<std::size_t> RecordReader::NumberBytes(ByteReader& reader, const Record& record) {
  const auto length = reader.Uvarint();
  if (length && *length <= kMaxNumberBytes) return static_cast<std::size_t>(*length);
  Fail(record.offset,
       length ? fmt::format("{} with {} bytes of numbers: more than the {} a record may have",
                            SpecOf(record.type).name, *length, kMaxNumberBytes)
              : fmt::format("{}: bad number", SpecOf(record.type).name));
  return std::nullopt;
}

bool RecordReader::ParseNumbers(ByteView bytes, Record& record) {
  std::size_t count = 0;
  ByteReader reader(bytes);
  while (!reader.done()) {
    const auto number = reader.Uvarint();
    if (!number) {
      return Fail(record.offset, fmt::format("{}: bad number", SpecOf(record.type).name));
    }
    numbers_[count++] = *number;
  }
  record.numbers = std::span(numbers_).first(count);
  return true;
}

// A log's message follows where its numbers are led by their length.
bool RecordReader::HasMessage(const Record& record) const {
  return record.type == EventType::kUserLog && AnnouncedNumbers(ByteOf(record)) == kLedNumbers;
}

bool RecordReader::ReadMessage(ByteReader& reader, Record& record) {
  const auto length = reader.Uvarint();
  if (!length || *length > kMaxStringBytes) {
    return Fail(record.offset, "UserLog: bad number for the length of its message");
  }
  if (*length == 0) return true;
  const auto text = reader.Bytes(static_cast<std::size_t>(*length));
  if (!text) {
    return Fail(record.offset, "the file ends inside the message of a UserLog");
  }
  record.text = Text(*text);
  return true;
}

}  // namespace gtengine::wire::v1
