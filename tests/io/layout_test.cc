#include "engine/io/layout.h"

#include <gtest/gtest.h>

namespace gtengine::io {
namespace {

TraceOrigin Match(std::string_view pattern, std::string_view path) {
  auto layout = Layout::Parse(pattern);
  EXPECT_TRUE(layout.ok()) << layout.error().ToString();
  return layout->Match(path);
}

TEST(LayoutTest, TheDefaultMatchesTheEndOfAPath) {
  const TraceOrigin expected{
      .service = "shop", .host = "web-1", .date = "20261123", .time = "094803"};
  EXPECT_EQ(Match(kDefaultLayout, "shop/web-1/20261123/094803.trace"), expected);
  EXPECT_EQ(Match(kDefaultLayout, "/a/b/shop/web-1/20261123/094803.trace"), expected);
}

TEST(LayoutTest, OtherPathsTellNothing) {
  for (const char* path :
       {"trace.out", "web-1/20261123/094803.trace", "shop/web-1/2026/094803.trace",
        "shop/web-1/20261123/094803.trace.gz", ""}) {
    EXPECT_EQ(Match(kDefaultLayout, path), TraceOrigin()) << path;
  }
}

TEST(LayoutTest, WordsMayStandWithinComponents) {
  EXPECT_EQ(Match("service-host/yyyymmddThhmmss*.out", "x/api-h7/20260102T030405-1.out"),
            (TraceOrigin{.service = "api", .host = "h7", .date = "20260102", .time = "030405"}));
  EXPECT_EQ(Match("host.trace", "x/h7.trace"),
            (TraceOrigin{.service = "", .host = "h7", .date = "", .time = ""}));
}

TEST(LayoutTest, WhatIsNoWordStandsForItself) {
  EXPECT_EQ(Match("service.(a+b)", "api.(a+b)").service, "api");
  EXPECT_EQ(Match("service.(a+b)", "apix(ab)").service, "");
}

TEST(LayoutTest, BadPatternsSayWhatIsWrong) {
  for (const char* pattern : {"", "/service", "service/service", "*.trace"}) {
    const auto layout = Layout::Parse(pattern);
    ASSERT_FALSE(layout.ok()) << pattern;
    EXPECT_EQ(layout.error().code, ErrorCode::kUsage);
    EXPECT_NE(layout.error().what.find("an example is service/host"), std::string::npos);
  }
}

}  // namespace
}  // namespace gtengine::io
