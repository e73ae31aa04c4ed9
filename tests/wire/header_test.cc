#include "engine/wire/header.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace gtengine::wire {
namespace {

using namespace std::string_view_literals;

ByteView View(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

ErrorCode CodeOf(std::string_view text) { return ReadHeader(View(text)).error().code; }

TEST(Header, NamesEveryFormatThatIsRead) {
  EXPECT_EQ(*ReadHeader(View("go 1.11 trace\0\0\0"sv)), Version::k11);
  EXPECT_EQ(*ReadHeader(View("go 1.19 trace\0\0\0"sv)), Version::k19);
  EXPECT_EQ(*ReadHeader(View("go 1.21 trace\0\0\0"sv)), Version::k21);
  EXPECT_EQ(*ReadHeader(View("go 1.22 trace\0\0\0"sv)), Version::k22);
  EXPECT_EQ(*ReadHeader(View("go 1.23 trace\0\0\0"sv)), Version::k23);
  EXPECT_EQ(*ReadHeader(View("go 1.25 trace\0\0\0"sv)), Version::k25);
  EXPECT_EQ(*ReadHeader(View("go 1.26 trace\0\0\0 and more"sv)), Version::k26);
}

TEST(Header, RefusesOtherFormatsByName) {
  for (const std::string_view header :
       {"go 1.24 trace\0\0\0"sv, "go 1.27 trace\0\0\0"sv, "go 1.99 trace\0\0\0"sv}) {
    const auto version = ReadHeader(View(header));
    ASSERT_FALSE(version.ok());
    EXPECT_EQ(version.error().code, ErrorCode::kUnsupportedVersion);
    EXPECT_NE(version.error().what.find(header.substr(0, 7)), std::string::npos);
    EXPECT_TRUE(LooksLikeTrace(View(header)));
  }
}

TEST(Header, TellsTheLastGoThatReadsAnOldFormat) {
  for (const std::string_view header :
       {"go 1.5 trace\0\0\0\0"sv, "go 1.7 trace\0\0\0\0"sv, "go 1.8 trace\0\0\0\0"sv,
        "go 1.9 trace\0\0\0\0"sv, "go 1.10 trace\0\0\0"sv}) {
    const auto version = ReadHeader(View(header));
    ASSERT_FALSE(version.ok());
    EXPECT_EQ(version.error().code, ErrorCode::kUnsupportedVersion);
    EXPECT_EQ(version.error().what,
              "trace format " + std::string(header.substr(0, header.find(" trace"))) +
                  " is not read: go tool trace of Go 1.22 is the last that reads it");
    EXPECT_TRUE(LooksLikeTrace(View(header)));
  }
}

TEST(Header, KnowsLegacyFormats) {
  EXPECT_TRUE(IsLegacy(Version::k11));
  EXPECT_TRUE(IsLegacy(Version::k21));
  EXPECT_FALSE(IsLegacy(Version::k22));
}

TEST(Header, TellsTracesFromOtherFiles) {
  EXPECT_EQ(CodeOf(""), ErrorCode::kNotATrace);
  EXPECT_EQ(CodeOf("ELF and whatever follows"), ErrorCode::kNotATrace);
  EXPECT_EQ(CodeOf("go 2.22 trace\0\0\0"sv), ErrorCode::kNotATrace);
  EXPECT_EQ(CodeOf("go 1.x2 trace\0\0\0"sv), ErrorCode::kNotATrace);
  EXPECT_EQ(CodeOf("go 1.22 trace\n\0\0"sv), ErrorCode::kNotATrace);
  EXPECT_EQ(CodeOf("go 1.122 trace\0\0\0"sv), ErrorCode::kNotATrace);
  EXPECT_FALSE(LooksLikeTrace(View("go 1.22 trace\n\0\0"sv)));
}

TEST(Header, TellsATruncatedHeader) {
  constexpr std::string_view kWhole = "go 1.22 trace\0\0\0"sv;
  for (std::size_t size = 7; size < kWhole.size(); ++size) {
    EXPECT_EQ(CodeOf(kWhole.substr(0, size)), ErrorCode::kTruncated) << size;
    EXPECT_FALSE(LooksLikeTrace(View(kWhole.substr(0, size))));
  }
}

}  // namespace
}  // namespace gtengine::wire
