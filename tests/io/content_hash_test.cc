#include "engine/io/content_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace gtengine::io {
namespace {

TEST(ContentHashTest, DependsOnEveryByteAndOnTheLength) {
  std::vector<std::uint8_t> bytes(1000, 7);
  const ContentHash hash = HashContent(bytes);
  EXPECT_EQ(HashContent(bytes), hash);
  EXPECT_NE(HashContent(ByteView(bytes).first(999)), hash);
  bytes[500] = 8;
  EXPECT_NE(HashContent(bytes), hash);
  EXPECT_NE(HashContent({}), ContentHash());
}

TEST(ContentHashTest, PiecesHashAsTheWhole) {
  std::vector<std::uint8_t> bytes(100'000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * i);
  ContentHasher hasher;
  EXPECT_EQ(hasher.Hash(), HashContent({}));
  for (std::size_t at = 0, size = 1; at < bytes.size(); at += size, size = size * 3 + 1) {
    size = std::min(size, bytes.size() - at);
    hasher.Add(ByteView(bytes).subspan(at, size));
  }
  EXPECT_EQ(hasher.Hash(), HashContent(bytes));
}

}  // namespace
}  // namespace gtengine::io
