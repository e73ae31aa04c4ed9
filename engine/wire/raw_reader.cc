#include "engine/wire/raw_reader.h"

#include <fmt/format.h>

namespace gtengine::wire {

Result<bool> RawReader::Next(RawEvent& event) {
  if (error_) return *error_;
  if (is_over_ || reader_.done()) return false;
  const std::uint64_t offset = reader_.offset();
  const std::uint8_t type = *reader_.Byte();
  if (type == 0 || type >= type_limit_) {
    error_ = Error{.code = ErrorCode::kCorrupt,
                   .what = fmt::format("invalid event type: {}", type),
                   .byte_offset = offset};
    return *error_;
  }
  const EventSpec& spec = SpecOf(type);
  ByteView data;
  switch (ReadBody(spec, data)) {
    case Outcome::kRead:
      event = {.type = static_cast<EventType>(type),
               .offset = offset,
               .numbers = numbers_,
               .data = data};
      return true;
    case Outcome::kOver:
      is_over_ = true;
      cut_event_ = Error{.code = ErrorCode::kTruncated,
                         .what = fmt::format("the file ends inside a {} event", spec.name),
                         .byte_offset = offset};
      return false;
    case Outcome::kBad:
      break;
  }
  error_ = InvalidNumber(offset, spec);
  return *error_;
}

RawReader::Outcome RawReader::ReadBody(const EventSpec& spec, ByteView& data) {
  numbers_.clear();
  const Outcome outcome = ReadNumbers(spec.arg_count);
  if (outcome != Outcome::kRead) return outcome;
  switch (spec.trailer) {
    case Trailer::kNone:
      return Outcome::kRead;
    case Trailer::kFrames:
      return ReadFrames(numbers_[1]);
    case Trailer::kData:
      return ReadData(data);
  }
  return Outcome::kRead;
}

RawReader::Outcome RawReader::ReadNumbers(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (reader_.done()) return Outcome::kOver;
    const auto number = reader_.Uvarint();
    if (!number) return Outcome::kBad;
    numbers_.push_back(*number);
  }
  return Outcome::kRead;
}

// Counts and lengths are signed in Go: those from 2^63 on are negative there, and mean none.
RawReader::Outcome RawReader::ReadFrames(std::uint64_t count) {
  const auto frames = static_cast<std::int64_t>(count);
  for (std::int64_t i = 0; i < frames; ++i) {
    const Outcome outcome = ReadNumbers(kNumbersPerFrame);
    if (outcome != Outcome::kRead) return outcome;
  }
  return Outcome::kRead;
}

RawReader::Outcome RawReader::ReadData(ByteView& data) {
  if (reader_.done()) return Outcome::kOver;
  const auto length = reader_.Uvarint();
  if (!length) return Outcome::kBad;
  if (static_cast<std::int64_t>(*length) <= 0) return Outcome::kRead;
  if (*length > reader_.left()) return Outcome::kOver;
  data = *reader_.Bytes(static_cast<std::size_t>(*length));
  return Outcome::kRead;
}

Error RawReader::InvalidNumber(std::uint64_t event_offset, const EventSpec& spec) const {
  if (reader_.left() < kMaxVarintBytes) {
    return {.code = ErrorCode::kTruncated,
            .what = fmt::format("the file ends inside a number of a {} event", spec.name),
            .byte_offset = event_offset};
  }
  return {.code = ErrorCode::kCorrupt,
          .what = fmt::format("{} event: the number at byte {} does not fit 64 bits", spec.name,
                              reader_.offset()),
          .byte_offset = event_offset};
}

}  // namespace gtengine::wire
