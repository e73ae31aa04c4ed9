// Inputs that try what the decoders do by windows: where one ends, what is long, what goes on for
// too long.
#include "kernels/event_window.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/event_decode.h"
#include "tests/kernels/decode_comparison.h"

namespace gtengine::kernels {
namespace {

constexpr std::size_t kFewWindows = 3 * kWindowBytes + 200;

// Events before the others that move these by one byte more each time.
std::vector<std::uint8_t> Prefix(std::size_t bytes) {
  std::vector<std::uint8_t> out;
  for (; bytes > 3; bytes -= 2) out.insert(out.end(), {11, 1});
  if (bytes == 3) out.insert(out.end(), {11, 0x81, 0});
  if (bytes == 2) out.insert(out.end(), {11, 1});
  return out;
}

TEST(EventWindowTest, AgreesWhereverWindowsEnd) {
  Random random(21);
  Comparison comparison;
  const std::vector<std::uint8_t> events = LifelikeEvents(kFewWindows, &random);
  for (std::size_t before = 2; before < 80; ++before) {
    std::vector<std::uint8_t> bytes = Prefix(before);
    bytes.insert(bytes.end(), events.begin(), events.end());
    EXPECT_EQ(comparison.Run(bytes, {.misalignment = before % 64}).stop, DecodeStop::kEnd);
    ASSERT_FALSE(HasFailure());
  }
}

TEST(EventWindowTest, AgreesOnEverySizeAroundTheEndOfAWindow) {
  Random random(22);
  Comparison comparison;
  const std::vector<std::uint8_t> bytes = LifelikeEvents(kFewWindows, &random);
  for (std::size_t size = kWindowBytes - 100; size < kWindowBytes + 100; ++size) {
    comparison.Run(std::span(bytes).first(size));
    comparison.Run(std::span(bytes).first(size), {.capacity = size / 6});
    ASSERT_FALSE(HasFailure());
  }
}

// Uvarints of four, five and six bytes in each argument, from none to nearly all.
TEST(EventWindowTest, AgreesOnAnyShareOfLongUvarints) {
  Random random(23);
  Comparison comparison;
  for (std::size_t one_in = 1; one_in < 600; one_in += 1 + one_in / 4) {
    std::vector<std::uint8_t> bytes;
    while (bytes.size() < kFewWindows) {
      const std::size_t count = 1 + Below(&random, 5);
      const std::uint64_t type = Below(&random, 4);
      // Types from 128 make one uvarint of themselves and the time difference.
      bytes.push_back(type == 0 ? 131 : kTypeWith[count]);
      for (std::size_t i = 0; i < (type == 0 ? kGoArgCounts[131] : count); ++i) {
        const bool is_long = Below(&random, one_in) == 0;
        AppendUvarintOfLength(is_long ? 4 + Below(&random, 3) : 1 + Below(&random, 2), &random,
                              &bytes);
      }
    }
    EXPECT_EQ(comparison.Run(bytes).stop, DecodeStop::kEnd);
    EXPECT_EQ(comparison.Run(bytes, {.capacity = 256}).stop, DecodeStop::kFull);
    ASSERT_FALSE(HasFailure());
  }
}

// A uvarint that goes on for any number of bytes and ends, among usual events: lengths that are
// the same in their lowest bits must not be taken for each other.
TEST(EventWindowTest, AgreesOnUvarintsOfAnyLength) {
  Random random(24);
  Comparison comparison;
  const std::vector<std::uint8_t> usual = LifelikeEvents(700, &random);
  for (std::size_t length = 5; length < 2 * kWindowBytes; length += length < 600 ? 1 : 61) {
    std::vector<std::uint8_t> bytes = usual;
    const std::size_t count = 1 + Below(&random, 5);
    const std::size_t longest = Below(&random, count);
    const std::size_t bad_at = bytes.size();
    bytes.push_back(kTypeWith[count]);
    for (std::size_t i = 0; i < count; ++i) {
      if (i == longest) bytes.insert(bytes.end(), length - 1, 0x80);
      bytes.push_back(1);
    }
    bytes.insert(bytes.end(), usual.begin(), usual.end());
    const DecodeResult result = comparison.Run(bytes, {.misalignment = length % 64});
    EXPECT_EQ(result.stop, length <= 10 ? DecodeStop::kEnd : DecodeStop::kBadVarint);
    if (length > 10) {
      EXPECT_EQ(result.bytes, bad_at);
    }
    ASSERT_FALSE(HasFailure());
  }
}

// As many uvarints as an event has, each of so many bytes: their sum, too, may be the same as that
// of a usual event in its lowest bits.
TEST(EventWindowTest, AgreesOnEventsOfAnyLength) {
  Random random(25);
  Comparison comparison;
  const std::vector<std::uint8_t> usual = LifelikeEvents(kWindowBytes - 300, &random);
  for (std::size_t length = 5; length < 130; ++length) {
    for (std::size_t count = 2; count <= 5; ++count) {
      std::vector<std::uint8_t> bytes = usual;
      bytes.push_back(kTypeWith[count]);
      for (std::size_t i = 0; i < count; ++i) {
        bytes.insert(bytes.end(), length - 1, 0xFF);
        bytes.push_back(1);
      }
      bytes.insert(bytes.end(), usual.begin(), usual.end());
      comparison.Run(bytes, {.misalignment = length % 64});
      // Windows that end near the event.
      comparison.Run(bytes, {.capacity = 180 + Below(&random, 80)});
      comparison.Run(std::span(bytes).first(usual.size() + Below(&random, 400)));
    }
    ASSERT_FALSE(HasFailure());
  }
}

TEST(EventWindowTest, AgreesOnDamagedBatches) {
  Random random(26);
  Comparison comparison;
  const std::vector<std::uint8_t> usual = LifelikeEvents(kFewWindows, &random);
  for (std::size_t round = 0; round < 3000; ++round) {
    std::vector<std::uint8_t> bytes = usual;
    const std::uint64_t changes = 1 + Below(&random, 4);
    for (std::uint64_t i = 0; i < changes; ++i) {
      const std::size_t at = Below(&random, bytes.size() - 32);
      const std::size_t count = Below(&random, 8) == 0 ? 1 + Below(&random, 30) : 1;
      const std::uint64_t kind = Below(&random, 3);
      for (std::size_t k = 0; k < count; ++k) {
        const auto byte = static_cast<std::uint8_t>(random());
        bytes[at + k] = kind == 0   ? byte
                        : kind == 1 ? static_cast<std::uint8_t>(bytes[at + k] | 0x80)
                                    : static_cast<std::uint8_t>(bytes[at + k] & 0x7F);
      }
    }
    comparison.Run(bytes, {.begin = Below(&random, 2) * Below(&random, bytes.size()),
                           .capacity = Below(&random, 2) == 0 ? 256 : bytes.size()});
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace gtengine::kernels
