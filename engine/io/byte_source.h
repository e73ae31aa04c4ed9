// Bytes that come one after the other.
#pragma once

#include <cstdint>
#include <span>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"

namespace gtengine::io {

// One thread at a time. Errors have no path; the bytes before them came whole.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Puts the next bytes into `out`, as many as there are at once, but at least one unless `out` is
  // empty. 0: the end. After an error, the same error again.
  virtual Result<std::size_t> Read(std::span<std::uint8_t> out) = 0;
  // Passes over so many bytes or, where there are fewer, to the end. Gives how many they were.
  virtual Result<std::uint64_t> Skip(std::uint64_t count);

 protected:
  ByteSource() = default;
  ByteSource(const ByteSource&) = default;
  ByteSource& operator=(const ByteSource&) = default;
};

// Reads until `out` is full or the source ends; how many bytes there are.
Result<std::size_t> ReadFully(ByteSource& source, std::span<std::uint8_t> out);

// A view's bytes. Borrows them; skipping costs nothing.
class ViewSource : public ByteSource {
 public:
  explicit ViewSource(ByteView bytes) : bytes_(bytes) {}

  Result<std::size_t> Read(std::span<std::uint8_t> out) override;
  Result<std::uint64_t> Skip(std::uint64_t count) override;

 private:
  ByteView bytes_;
};

}  // namespace gtengine::io
