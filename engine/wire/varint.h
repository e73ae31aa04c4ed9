// Single uvarints, read one byte after the other: for headers and tables. Timed events go through
// kernels/event_decode.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/base/byte_view.h"
#include "engine/wire/format.h"

namespace gtengine::wire {

// A place in some bytes that moves forward. Borrows the bytes. After a read that returned nothing
// the place is where that read began.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes, std::size_t offset = 0) : bytes_(bytes), offset_(offset) {}

  std::size_t offset() const { return offset_; }
  std::size_t left() const { return bytes_.size() - offset_; }
  bool done() const { return offset_ == bytes_.size(); }

  std::optional<std::uint8_t> Byte() {
    if (done()) return std::nullopt;
    return bytes_[offset_++];
  }

  // The next uvarint, as Go's encoding/binary reads it: at most ten bytes, the tenth at most 1.
  // Nothing when it overflows or the bytes end inside it.
  std::optional<std::uint64_t> Uvarint() {
    if (left() > 0 && bytes_[offset_] < 0x80) return bytes_[offset_++];
    return LongUvarint();
  }

  // The next `count` bytes; nothing when fewer are left.
  std::optional<ByteView> Bytes(std::size_t count) {
    if (count > left()) return std::nullopt;
    const ByteView view = bytes_.subspan(offset_, count);
    offset_ += count;
    return view;
  }

 private:
  std::optional<std::uint64_t> LongUvarint() {
    std::uint64_t value = 0;
    const std::size_t limit = left() < kMaxVarintBytes ? left() : kMaxVarintBytes;
    for (std::size_t i = 0; i < limit; ++i) {
      const std::uint8_t byte = bytes_[offset_ + i];
      if (byte < 0x80) {
        if (i == kMaxVarintBytes - 1 && byte > 1) return std::nullopt;
        offset_ += i + 1;
        return value | static_cast<std::uint64_t>(byte) << (7 * i);
      }
      value |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
    }
    return std::nullopt;
  }

  ByteView bytes_;
  std::size_t offset_;
};

}  // namespace gtengine::wire
