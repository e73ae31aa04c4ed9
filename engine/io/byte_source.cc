#include "engine/io/byte_source.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace gtengine::io {

Result<std::uint64_t> ByteSource::Skip(std::uint64_t count) {
  std::array<std::uint8_t, std::size_t{1} << 14> buffer;
  std::uint64_t skipped = 0;
  while (skipped < count) {
    const std::size_t piece = std::min<std::uint64_t>(buffer.size(), count - skipped);
    const auto got = Read(std::span(buffer).first(piece));
    if (!got.ok()) return got.error();
    if (*got == 0) break;
    skipped += *got;
  }
  return skipped;
}

Result<std::size_t> ReadFully(ByteSource& source, std::span<std::uint8_t> out) {
  std::size_t size = 0;
  while (size < out.size()) {
    const auto got = source.Read(out.subspan(size));
    if (!got.ok()) return got.error();
    if (*got == 0) break;
    size += *got;
  }
  return size;
}

Result<std::size_t> ViewSource::Read(std::span<std::uint8_t> out) {
  const std::size_t count = std::min(out.size(), bytes_.size());
  if (count > 0) std::memcpy(out.data(), bytes_.data(), count);
  bytes_ = bytes_.subspan(count);
  return count;
}

Result<std::uint64_t> ViewSource::Skip(std::uint64_t count) {
  const std::size_t skipped = std::min<std::uint64_t>(count, bytes_.size());
  bytes_ = bytes_.subspan(skipped);
  return std::uint64_t{skipped};
}

}  // namespace gtengine::io
