// Views of a trace's bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace gtengine {

using ByteView = std::span<const std::uint8_t>;

// Bytes that may be read (never used) past the end of a PaddedView, so that a vector load at the
// last byte is legal.
inline constexpr std::size_t kReadableTailBytes = 64;

// Bytes of which at least kReadableTailBytes more are readable past size(). Borrowed: whoever made
// the view says how long they live. Only an owner that provides the tail (engine/io/mapped_file.h)
// makes one from scratch; a part of a PaddedView is a PaddedView.
class PaddedView {
 public:
  constexpr PaddedView() = default;
  // The caller promises the readable tail.
  static constexpr PaddedView Promise(const std::uint8_t* data, std::size_t size) {
    return PaddedView(data, size);
  }

  constexpr const std::uint8_t* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr std::uint8_t operator[](std::size_t i) const { return data_[i]; }
  constexpr ByteView bytes() const { return {data_, size_}; }
  // The `count` bytes from `offset`; both must lie inside.
  constexpr PaddedView Sub(std::size_t offset, std::size_t count) const {
    return PaddedView(data_ + offset, count);
  }

 private:
  constexpr PaddedView(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace gtengine
