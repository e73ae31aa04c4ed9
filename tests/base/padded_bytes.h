// Bytes in memory with the readable tail that the readers ask for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/base/byte_view.h"

namespace gtengine::testing {

// Owns a copy of some bytes and exactly kReadableTailBytes more, so that a sanitizer sees every
// read beyond the promise. The tail is filled with a byte that is no zero, to catch whoever uses
// it.
class PaddedBytes {
 public:
  explicit PaddedBytes(ByteView bytes)
      : size_(bytes.size()), data_(new std::uint8_t[bytes.size() + kReadableTailBytes]) {
    std::copy(bytes.begin(), bytes.end(), data_.get());
    std::fill_n(data_.get() + size_, kReadableTailBytes, std::uint8_t{0xA5});
  }

  PaddedView view() const { return PaddedView::Promise(data_.get(), size_); }

 private:
  std::size_t size_;
  std::unique_ptr<std::uint8_t[]> data_;
};

}  // namespace gtengine::testing
