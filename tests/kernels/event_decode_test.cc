#include "kernels/event_decode.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "tests/kernels/decode_comparison.h"

namespace gtengine::kernels {
namespace {

TEST(EventDecodeTest, RunsEveryTarget) {
  const auto targets = Targets();
  ASSERT_FALSE(targets.empty());
  std::string names;
  for (const std::int64_t target : targets) {
    names += (names.empty() ? "" : " ") + std::string(hwy::TargetName(target));
  }
  std::cout << "targets that run: " << names << '\n';
  // What the processor has and is better than what every processor has.
  const std::int64_t better =
      hwy::SupportedTargets() & (HWY_STATIC_TARGET - 1) & ~std::int64_t{HWY_EMU128};
  EXPECT_EQ(better & ~std::int64_t{HWY_TARGETS}, 0) << "a target is not compiled";
  // Whoever chooses the processor knows what it has.
  const char* const expected = std::getenv("GTENGINE_EXPECTED_TARGETS");
  EXPECT_EQ(names, expected != nullptr ? expected : names);
}

struct Example {
  std::vector<std::uint8_t> bytes;
  DecodeResult result;
  std::vector<EventRecord> records;
};

TEST(EventDecodeTest, KnowsTheWrittenExamples) {
  using enum DecodeStop;
  const Example examples[] = {
      {{}, {0, 0, kEnd}, {}},
      // ProcStop: dt.
      {{11, 5}, {1, 2, kEnd}, {{5, {}, 0, 11, 0, 2}}},
      // GoStart: dt, g, seq; two bytes hold 300.
      {{16, 0xAC, 0x02, 7, 1}, {1, 5, kEnd}, {{300, {7, 1}, 0, 16, 0, 5}}},
      // Two events; the second has five uvarints.
      {{17, 9, 44, 1, 2, 3, 4, 5},
       {2, 8, kEnd},
       {{9, {}, 0, 17, 0, 2}, {1, {2, 3, 4, 5}, 2, 44, 0, 6}}},
      // Types from 128 are one byte: 136 is no varint of two.
      {{136, 1, 2}, {1, 3, kEnd}, {{1, {2}, 0, 136, 0, 3}}},
      // The largest 32-bit argument, and the first beyond.
      {{31, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, {1, 7, kEnd}, {{0, {0xFFFFFFFF}, 0, 31, 0, 7}}},
      {{31, 0, 0x80, 0x80, 0x80, 0x80, 0x10}, {1, 7, kEnd}, {{0, {0}, 0, 31, 1, 7}}},
      // A time difference is whole, and never makes an event wide.
      {{11, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01},
       {1, 11, kEnd},
       {{0xFFFFFFFFFFFFFFFF, {}, 0, 11, 0, 11}}},
      {{31, 0x80, 0x80, 0x80, 0x80, 0x20, 3}, {1, 7, kEnd}, {{0x200000000, {3}, 0, 31, 0, 7}}},
      // More bytes than needed are legal.
      {{31, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x82, 0x00},
       {1, 10, kEnd},
       {{1, {2}, 0, 31, 0, 10}}},
      // Bad types: none, a batch's, one from 128.
      {{0}, {0, 0, kBadType}, {}},
      {{11, 5, 1, 1, 1, 1}, {1, 2, kBadType}, {{5, {}, 0, 11, 0, 2}}},
      {{11, 5, 137}, {1, 2, kBadType}, {{5, {}, 0, 11, 0, 2}}},
      // Cut off: no argument, half of one, one missing.
      {{11}, {0, 0, kBadVarint}, {}},
      {{11, 0x80}, {0, 0, kBadVarint}, {}},
      {{11, 5, 16, 1, 2}, {1, 2, kBadVarint}, {{5, {}, 0, 11, 0, 2}}},
      // Beyond 64 bits: the tenth byte is 2; an eleventh byte.
      {{11, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02}, {0, 0, kBadVarint}, {}},
      {{31, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x81, 0x00},
       {0, 0, kBadVarint},
       {}},
  };
  Comparison comparison;
  for (const Example& example : examples) {
    const DecodeResult result = comparison.Run(example.bytes);
    EXPECT_EQ(result, example.result);
    ASSERT_EQ(result.events, example.records.size());
    for (std::size_t i = 0; i < result.events; ++i) {
      EXPECT_EQ(std::memcmp(&comparison.records()[i], &example.records[i], sizeof(EventRecord)), 0)
          << "record " << i << " of an event of type " << int{example.records[i].type};
    }
  }
}

TEST(EventDecodeTest, SaysFullOnlyWhenBytesAreLeft) {
  const std::vector<std::uint8_t> bytes = {11, 5, 17, 6, 0};
  Comparison comparison;
  const auto run = [&](std::size_t size, std::size_t capacity) {
    return comparison.Run(std::span(bytes).first(size), {.capacity = capacity});
  };
  EXPECT_EQ(run(0, 0), (DecodeResult{0, 0, DecodeStop::kEnd}));
  EXPECT_EQ(run(2, 0), (DecodeResult{0, 0, DecodeStop::kFull}));
  EXPECT_EQ(run(2, 1), (DecodeResult{1, 2, DecodeStop::kEnd}));
  EXPECT_EQ(run(4, 1), (DecodeResult{1, 2, DecodeStop::kFull}));
  EXPECT_EQ(run(4, 2), (DecodeResult{2, 4, DecodeStop::kEnd}));
  EXPECT_EQ(run(5, 2), (DecodeResult{2, 4, DecodeStop::kFull}));
  EXPECT_EQ(run(5, 3), (DecodeResult{2, 4, DecodeStop::kBadType}));
}

TEST(EventDecodeTest, ReadsWideArgumentsAgain) {
  std::vector<std::uint8_t> event = {44};
  const std::uint64_t values[] = {~std::uint64_t{0}, 1, std::uint64_t{1} << 32, ~std::uint64_t{0},
                                  0x123456789ABC};
  for (const std::uint64_t value : values) AppendUvarint(value, &event);
  Comparison comparison;
  ASSERT_EQ(comparison.Run(event), (DecodeResult{1, event.size(), DecodeStop::kEnd}));
  EXPECT_EQ(comparison.records()[0].wide, 1);
  EXPECT_EQ(comparison.records()[0].args[3], 0x56789ABCU);
  for (std::size_t count = 0; count <= 4; ++count) {
    std::uint64_t args[4] = {9, 9, 9, 9};
    ReadWideArgs(event.data(), count, args);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(args[i], i < count ? values[i + 1] : 9);
  }
}

// Every argument count with every mix of these uvarint lengths, cut off at every byte, each time at
// another misalignment.
void SweepLengths(std::size_t count, std::span<const std::size_t> lengths) {
  Random random(count);
  Comparison comparison;
  std::size_t mixes = 1;
  for (std::size_t i = 0; i < count; ++i) mixes *= lengths.size();
  std::size_t misalignment = 0;
  std::vector<std::uint8_t> bytes;
  for (std::size_t mix = 0; mix < mixes; ++mix) {
    bytes.assign({11, 1});  // so that a bad event has one before it
    bytes.push_back(kTypeWith[count]);
    for (std::size_t i = 0, rest = mix; i < count; ++i, rest /= lengths.size()) {
      AppendUvarintOfLength(lengths[rest % lengths.size()], &random, &bytes);
    }
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
      const DecodeResult result =
          comparison.Run(std::span(bytes).first(size), {.misalignment = misalignment++ % 64});
      const bool whole = size == 0 || size == 2 || size == bytes.size();
      ASSERT_EQ(result.stop, whole ? DecodeStop::kEnd : DecodeStop::kBadVarint);
    }
    if (testing::Test::HasFailure()) return;
  }
}

TEST(EventDecodeTest, AgreesOnMixesOfLengths) {
  constexpr std::size_t kAll[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  constexpr std::size_t kFew[] = {1, 2, 3, 4, 5, 6, 10};
  constexpr std::size_t kFewer[] = {1, 2, 4, 5, 9};
  SweepLengths(1, kAll);
  SweepLengths(2, kAll);
  SweepLengths(3, kAll);
  SweepLengths(4, kFew);
  SweepLengths(5, kFewer);
}

TEST(EventDecodeTest, AgreesAtEveryMisalignmentSizeAndCapacity) {
  Random random(1);
  Comparison comparison;
  const std::vector<std::uint8_t> bytes = LifelikeEvents(160, &random);
  for (std::size_t misalignment = 0; misalignment < 64; ++misalignment) {
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
      comparison.Run(std::span(bytes).first(size), {.misalignment = misalignment});
    }
    for (std::size_t capacity = 0; capacity <= 40; ++capacity) {
      comparison.Run(bytes, {.capacity = capacity, .misalignment = misalignment});
    }
    ASSERT_FALSE(HasFailure());
  }
}

TEST(EventDecodeTest, AgreesFromEveryBegin) {
  Random random(2);
  Comparison comparison;
  const std::vector<std::uint8_t> bytes = LifelikeEvents(600, &random);
  for (std::size_t begin = 0; begin <= bytes.size(); ++begin) {
    comparison.Run(bytes, {.begin = begin});
    comparison.Run(bytes, {.begin = begin, .capacity = 3});
    ASSERT_FALSE(HasFailure());
  }
}

TEST(EventDecodeTest, AgreesOnEveryTypeEverywhere) {
  Random random(3);
  Comparison comparison;
  const std::vector<std::uint8_t> bytes = LifelikeEvents(70, &random);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      std::vector<std::uint8_t> changed = bytes;
      changed[at] = static_cast<std::uint8_t>(byte);
      comparison.Run(changed, {.misalignment = at % 64});
    }
    ASSERT_FALSE(HasFailure());
  }
}

TEST(EventDecodeTest, AgreesOnOverflow) {
  Random random(4);
  Comparison comparison;
  for (std::size_t count = 1; count <= 5; ++count) {
    for (std::size_t bad = 0; bad < count; ++bad) {
      for (unsigned tenth = 0; tenth < 256; ++tenth) {
        std::vector<std::uint8_t> bytes = {11, 1, kTypeWith[count]};
        for (std::size_t i = 0; i < count; ++i) {
          if (i != bad) {
            AppendUvarintOfLength(1 + Below(&random, 3), &random, &bytes);
            continue;
          }
          bytes.insert(bytes.end(), 9, 0x80);
          bytes.push_back(static_cast<std::uint8_t>(tenth));
          if (tenth >= 0x80) bytes.push_back(0);
        }
        bytes.insert(bytes.end(), {17, 1, 17, 2, 17, 3});
        const DecodeResult result = comparison.Run(bytes, {.misalignment = tenth % 64});
        EXPECT_EQ(result.stop, tenth <= 1 ? DecodeStop::kEnd : DecodeStop::kBadVarint);
      }
    }
    ASSERT_FALSE(HasFailure());
  }
}

TEST(EventDecodeTest, AgreesOnContinuationWithoutEnd) {
  Comparison comparison;
  for (const std::uint8_t byte : {std::uint8_t{0x80}, std::uint8_t{0xFF}}) {
    for (std::size_t size = 0; size < 140; ++size) {
      for (std::size_t count = 1; count <= 5; ++count) {
        std::vector<std::uint8_t> bytes(size, byte);
        bytes.insert(bytes.begin(), kTypeWith[count]);
        EXPECT_EQ(comparison.Run(bytes).stop, DecodeStop::kBadVarint);
      }
    }
  }
}

TEST(EventDecodeTest, AgreesOnRandomBytes) {
  Random random(5);
  Comparison comparison;
  std::vector<std::uint8_t> bytes;
  for (std::size_t round = 0; round < 20000; ++round) {
    bytes.resize(Below(&random, 300));
    const std::uint64_t kind = Below(&random, 4);
    for (std::uint8_t& byte : bytes) {
      const std::uint64_t value = random();
      switch (kind) {
        case 0:
          byte = static_cast<std::uint8_t>(value);
          break;
        case 1:  // nearly always a type
          byte = static_cast<std::uint8_t>(9 + value % 40);
          break;
        case 2:  // a type, or a uvarint going on
          byte = static_cast<std::uint8_t>(9 + value % 40 + (value >> 62 == 0 ? 0x80 : 0));
          break;
        default:  // experimental types, which look like uvarints going on
          byte = static_cast<std::uint8_t>(value >> 62 == 0 ? 128 + value % 9 : 9 + value % 40);
      }
    }
    comparison.Run(bytes, {.capacity = Below(&random, 200), .misalignment = Below(&random, 64)});
    ASSERT_FALSE(HasFailure());
  }
}

// A batch of the largest size, a few hundred events at a time, as the batch decoder asks for them.
TEST(EventDecodeTest, AgreesOnLifelikeBatches) {
  Random random(6);
  Comparison comparison;
  for (std::size_t round = 0; round < 4; ++round) {
    const std::vector<std::uint8_t> bytes = LifelikeEvents(64 * 1024, &random);
    EXPECT_EQ(comparison.Run(bytes).stop, DecodeStop::kEnd);
    std::size_t begin = 0;
    for (;;) {
      const DecodeResult result =
          comparison.Run(bytes, {.begin = begin, .capacity = 300 + Below(&random, 500)});
      begin += result.bytes;
      if (result.stop != DecodeStop::kFull) break;
    }
    EXPECT_EQ(begin, bytes.size());
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace gtengine::kernels
