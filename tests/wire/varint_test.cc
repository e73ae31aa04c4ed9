#include "engine/wire/varint.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/wire/trace_builder.h"

namespace gtengine::wire {
namespace {

using testing::Bytes;

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

std::optional<std::uint64_t> Read(std::initializer_list<std::uint8_t> bytes) {
  const std::vector<std::uint8_t> copy(bytes);
  return ByteReader(copy).Uvarint();
}

TEST(ByteReader, ReadsNumbersOfEveryLength) {
  EXPECT_EQ(Read({0x00}), 0);
  EXPECT_EQ(Read({0x7F}), 127);
  EXPECT_EQ(Read({0x80, 0x01}), 128);
  EXPECT_EQ(Read({0xAC, 0x02}), 300);
  EXPECT_EQ(Read({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F}), kMax >> 1);
  EXPECT_EQ(Read({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}), kMax);
}

TEST(ByteReader, AcceptsPaddingUpToTenBytes) {
  EXPECT_EQ(Read({0x85, 0x80, 0x00}), 5);
  EXPECT_EQ(Read({0x85, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}), 5);
  EXPECT_EQ(Read({0x85, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}), std::nullopt);
}

TEST(ByteReader, RefusesWhatDoesNotFit64Bits) {
  EXPECT_EQ(Read({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02}), std::nullopt);
  EXPECT_EQ(Read({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F}), std::nullopt);
  EXPECT_EQ(Read({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}), std::nullopt);
}

TEST(ByteReader, RefusesAnEndInsideANumber) {
  EXPECT_EQ(Read({}), std::nullopt);
  EXPECT_EQ(Read({0x80}), std::nullopt);
  EXPECT_EQ(Read({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}), std::nullopt);
}

TEST(ByteReader, StaysWhereAFailedReadBegan) {
  const std::vector<std::uint8_t> bytes{0x01, 0x80, 0x80};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.Uvarint(), 1);
  EXPECT_EQ(reader.Uvarint(), std::nullopt);
  EXPECT_EQ(reader.offset(), 1);
  EXPECT_EQ(reader.Bytes(3), std::nullopt);
  EXPECT_EQ(reader.left(), 2);
  EXPECT_EQ(reader.Bytes(2)->size(), 2);
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.Byte(), std::nullopt);
}

TEST(ByteReader, ReadsBackEveryBitWidth) {
  for (int bits = 0; bits < 64; ++bits) {
    for (const std::uint64_t value : {std::uint64_t{1} << bits, (std::uint64_t{1} << bits) - 1}) {
      Bytes bytes;
      bytes.Number(value);
      ByteReader reader(bytes.view());
      EXPECT_EQ(reader.Uvarint(), value);
      EXPECT_TRUE(reader.done());
    }
  }
}

}  // namespace
}  // namespace gtengine::wire
