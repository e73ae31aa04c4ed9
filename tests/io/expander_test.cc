#include "engine/io/expander.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "tests/io/compressed_bytes.h"

namespace gtengine::io {
namespace {

// Text that compresses, but not to nothing.
std::string Sample(std::size_t bytes) {
  std::string text;
  for (std::uint32_t i = 1; text.size() < bytes; i = i * 1664525 + 1013904223) {
    text += std::to_string(i >> 12) + " goroutine\n";
  }
  text.resize(bytes);
  return text;
}

struct Outcome {
  std::string text;
  std::optional<Error> error;
  bool wants_large_window = false;
};

Outcome ExpandAll(std::string_view compressed, std::size_t piece = 10'000,
                  const ExpandLimits& limits = {}, Window window = Window::kUsual) {
  ViewSource source(View(compressed));
  Expander expander(source, DetectCompression(View(compressed)), limits, window);
  Outcome outcome;
  std::string buffer(piece, '\0');
  while (true) {
    auto got = expander.Read({reinterpret_cast<std::uint8_t*>(buffer.data()), buffer.size()});
    if (!got.ok()) {
      outcome.error = std::move(got).error();
      // The same again.
      EXPECT_FALSE(expander.Read({reinterpret_cast<std::uint8_t*>(buffer.data()), 1}).ok());
      break;
    }
    if (*got == 0) break;
    outcome.text.append(buffer, 0, *got);
  }
  EXPECT_EQ(expander.has_failed(), outcome.error.has_value());
  EXPECT_LE(expander.consumed_bytes(), compressed.size());
  outcome.wants_large_window = expander.wants_large_window();
  return outcome;
}

std::string Compress(bool zstd, std::string_view text) { return zstd ? Zstd(text) : Gzip(text); }

TEST(ExpanderTest, TellsCompressionByContent) {
  EXPECT_EQ(DetectCompression(View(Gzip("x"))), Compression::kGzip);
  EXPECT_EQ(DetectCompression(View(Zstd("x"))), Compression::kZstd);
  EXPECT_EQ(DetectCompression(View(std::string_view("\x53\x2a\x4d\x18", 4))), Compression::kZstd);
  EXPECT_EQ(DetectCompression(View("go 1.26 trace")), Compression::kNone);
  EXPECT_EQ(DetectCompression({}), Compression::kNone);
  EXPECT_EQ(ForeignCompression(View(std::string_view("\xfd"
                                                     "7zXZ\0",
                                                     6))),
            "xz");
  EXPECT_EQ(ForeignCompression(View("go 1.26 trace")), "");
}

TEST(ExpanderTest, GivesBackWhatWasCompressed) {
  for (const bool zstd : {false, true}) {
    for (const std::size_t size : {0u, 1u, 1000u, 300'000u}) {
      const std::string text = Sample(size);
      for (const std::size_t piece : {1u, 777u, 1'000'000u}) {
        if (piece == 1 && size > 1000) continue;
        SCOPED_TRACE(testing::Message() << zstd << " " << size << " " << piece);
        const Outcome outcome = ExpandAll(Compress(zstd, text), piece);
        EXPECT_FALSE(outcome.error);
        EXPECT_EQ(outcome.text, text);
      }
    }
  }
}

TEST(ExpanderTest, MembersAndFramesFollowOneAnother) {
  const std::string a = Sample(70'000);
  for (const bool zstd : {false, true}) {
    const std::string two = Compress(zstd, a) + Compress(zstd, "") + Compress(zstd, "end");
    EXPECT_EQ(ExpandAll(two).text, a + "end");
    EXPECT_FALSE(ExpandAll(two).error);
  }
  const std::string skippable("\x50\x2a\x4d\x18\x03\x00\x00\x00xyz", 11);
  EXPECT_EQ(ExpandAll(skippable + Zstd("in") + skippable).text, "in");
  EXPECT_FALSE(ExpandAll(skippable + Zstd("in") + skippable).error);
  EXPECT_FALSE(ExpandAll(Gzip("padded") + std::string(100'000, '\0')).error);
}

TEST(ExpanderTest, WhatComesBeforeACutIsGiven) {
  const std::string text = Sample(400'000);
  for (const bool zstd : {false, true}) {
    const std::string whole = Compress(zstd, text);
    for (std::size_t length = 6; length < whole.size(); length += whole.size() / 23) {
      SCOPED_TRACE(testing::Message() << zstd << " " << length);
      const Outcome outcome = ExpandAll(std::string_view(whole).substr(0, length));
      ASSERT_TRUE(outcome.error);
      EXPECT_EQ(outcome.error->code, ErrorCode::kTruncated);
      EXPECT_EQ(outcome.error->what, "compressed byte " + std::to_string(length) + ": " +
                                         (zstd ? "zstd" : "gzip") + ": cut off");
      EXPECT_TRUE(text.starts_with(outcome.text));
    }
    EXPECT_GT(ExpandAll(std::string_view(whole).substr(0, whole.size() - 1)).text.size(), 390'000u);
  }
}

TEST(ExpanderTest, WrongChecksumsAndGarbageAreErrors) {
  for (const bool zstd : {false, true}) {
    std::string bad = Compress(zstd, Sample(1000));
    bad[bad.size() - (zstd ? 1 : 6)] ^= 1;
    const Outcome outcome = ExpandAll(bad);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code, ErrorCode::kCorrupt);
    EXPECT_EQ(outcome.text, Sample(1000));
    EXPECT_TRUE(ExpandAll(Compress(zstd, "x") + "garbage").error);
    EXPECT_EQ(ExpandAll(Compress(zstd, "x") + "garbage").text, "x");
  }
  std::string method = Gzip("x");
  method[2] = 9;
  EXPECT_NE(ExpandAll(method).error->what.find("unknown compression method"), std::string::npos);
}

TEST(ExpanderTest, ABombIsStopped) {
  for (const bool zstd : {false, true}) {
    const std::string bomb = Compress(zstd, std::string(40'000'000, '\0'));
    const Outcome ratio = ExpandAll(bomb, 100'000);
    ASSERT_TRUE(ratio.error);
    EXPECT_EQ(ratio.error->code, ErrorCode::kLimit);
    EXPECT_NE(ratio.error->what.find("more than 200 times as many bytes"), std::string::npos);
    EXPECT_LT(ratio.text.size(), 18'000'000u);
    EXPECT_FALSE(ExpandAll(bomb, 100'000, {.max_ratio = 1'000'000}).error);
    const std::string text = Sample(100'000);
    EXPECT_FALSE(ExpandAll(Compress(zstd, text), 7000, {.max_bytes = 100'000}).error);
    const Outcome size = ExpandAll(Compress(zstd, text), 7000, {.max_bytes = 99'999});
    ASSERT_TRUE(size.error);
    EXPECT_EQ(size.error->code, ErrorCode::kLimit);
    EXPECT_LE(size.text.size(), 99'999u);
  }
}

TEST(ExpanderTest, LargeWindowsAreAskedFor) {
  const std::string large = Zstd("small text in a large window", 27);
  const Outcome refused = ExpandAll(large);
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->code, ErrorCode::kLimit);
  EXPECT_TRUE(refused.wants_large_window);
  EXPECT_NE(refused.error->what.find("above the 8 MiB"), std::string::npos);
  EXPECT_EQ(ExpandAll(large, 100, {}, Window::kLarge).text, "small text in a large window");
  const Outcome usual = ExpandAll(Zstd("text", 23));
  EXPECT_FALSE(usual.error);
  const Outcome too_large = ExpandAll(Zstd("text", 28), 100, {}, Window::kLarge);
  ASSERT_TRUE(too_large.error);
  EXPECT_FALSE(too_large.wants_large_window);
  EXPECT_GT(ExpanderBytes(Compression::kZstd, Window::kLarge), std::uint64_t{128} << 20);
}

}  // namespace
}  // namespace gtengine::io
