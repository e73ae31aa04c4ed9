#include "engine/io/content_hash.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace gtengine::io
