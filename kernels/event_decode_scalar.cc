#include <cstddef>
#include <cstdint>

#include "kernels/event_decode.h"
#include "kernels/event_decode_one.h"

namespace gtengine::kernels {
namespace {

constexpr std::size_t kMaxUvarintBytes = 10;

// Go's binary.Uvarint (encoding/binary/varint.go). Reads at *at and moves it behind the value;
// false, with *at anywhere, when the value overflows 64 bits or runs past `size`.
inline bool ReadUvarint(const std::uint8_t* data, std::size_t size, std::size_t* at,
                        std::uint64_t* value) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kMaxUvarintBytes; ++i) {
    if (*at >= size) return false;
    const std::uint8_t byte = data[(*at)++];
    if (i == kMaxUvarintBytes - 1 && byte > 1) return false;
    sum |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      *value = sum;
      return true;
    }
  }
  return false;
}

// Decodes the event at data[begin] into *record, which is left half written unless kEnd is
// returned.
inline DecodeStop ReadEvent(const std::uint8_t* data, std::size_t begin, std::size_t size,
                            const ArgCounts& arg_counts, EventRecord* record) {
  const std::uint8_t type = data[begin];
  const std::size_t count = arg_counts[type];
  if (count == 0) return DecodeStop::kBadType;

  std::size_t at = begin + 1;
  if (!ReadUvarint(data, size, &at, &record->time)) return DecodeStop::kBadVarint;
  std::uint64_t high_bits = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t value = 0;
    if (i + 1 < count && !ReadUvarint(data, size, &at, &value)) return DecodeStop::kBadVarint;
    record->args[i] = static_cast<std::uint32_t>(value);
    high_bits |= value >> 32;
  }
  record->offset = static_cast<std::uint32_t>(begin);
  record->type = type;
  record->wide = high_bits != 0 ? 1 : 0;
  record->length = static_cast<std::uint16_t>(at - begin);
  return DecodeStop::kEnd;
}

}  // namespace

OneEvent DecodeOneEvent(const std::uint8_t* data, std::size_t begin, std::size_t size,
                        const ArgCounts& arg_counts) {
  OneEvent event;
  event.stop = ReadEvent(data, begin, size, arg_counts, &event.record);
  return event;
}

DecodeResult DecodeEventsScalar(const std::uint8_t* data, std::size_t begin, std::size_t size,
                                const ArgCounts& arg_counts, EventRecord* out,
                                std::size_t capacity) {
  std::size_t at = begin;
  std::size_t events = 0;
  while (at < size) {
    if (events == capacity) return {events, at - begin, DecodeStop::kFull};
    const DecodeStop stop = ReadEvent(data, at, size, arg_counts, &out[events]);
    if (stop != DecodeStop::kEnd) return {events, at - begin, stop};
    at += out[events].length;
    ++events;
  }
  return {events, at - begin, DecodeStop::kEnd};
}

void ReadWideArgs(const std::uint8_t* event, std::size_t arg_count, std::uint64_t args[4]) {
  constexpr std::size_t kMaxEventBytes = 1 + 5 * kMaxUvarintBytes;
  std::size_t at = 1;
  std::uint64_t time;
  ReadUvarint(event, kMaxEventBytes, &at, &time);
  for (std::size_t i = 0; i < arg_count; ++i) ReadUvarint(event, kMaxEventBytes, &at, &args[i]);
}

}  // namespace gtengine::kernels
