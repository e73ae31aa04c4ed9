#include "engine/io/byte_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "tests/io/compressed_bytes.h"

namespace gtengine::io {
namespace {

// Gives one byte at a time.
class SlowSource : public ByteSource {
 public:
  explicit SlowSource(ByteView bytes) : bytes_(bytes) {}
  Result<std::size_t> Read(std::span<std::uint8_t> out) override {
    return bytes_.Read(out.first(std::min<std::size_t>(out.size(), 1)));
  }

 private:
  ViewSource bytes_;
};

std::string ReadText(ByteSource& source, std::size_t count) {
  std::string text(count, '\0');
  const auto got = ReadFully(source, {reinterpret_cast<std::uint8_t*>(text.data()), count});
  EXPECT_TRUE(got.ok());
  text.resize(*got);
  return text;
}

TEST(ByteSourceTest, ReadsAndSkips) {
  ViewSource view(View("0123456789"));
  SlowSource slow(View("0123456789"));
  for (ByteSource* source : {static_cast<ByteSource*>(&view), static_cast<ByteSource*>(&slow)}) {
    EXPECT_EQ(ReadText(*source, 3), "012");
    EXPECT_EQ(source->Skip(2).value(), 2u);
    EXPECT_EQ(ReadText(*source, 4), "5678");
    EXPECT_EQ(source->Skip(5).value(), 1u);
    EXPECT_EQ(ReadText(*source, 4), "");
  }
}

}  // namespace
}  // namespace gtengine::io
