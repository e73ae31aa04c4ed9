#include "engine/render/display_text.h"

#include <gtest/gtest.h>

#include <string>

namespace gtengine {
namespace {

TEST(DisplayTextTest, HarmlessTextStays) {
  EXPECT_EQ(Printable("main.(*T).f·1 näme 日本 😀"), "main.(*T).f·1 näme 日本 😀");
}

TEST(DisplayTextTest, ControlsAndBadBytesAreEscaped) {
  EXPECT_EQ(Printable("a\x1b[31m\n\t\x7f"), "a\\x1b[31m\\x0a\\x09\\x7f");
  EXPECT_EQ(Printable(std::string("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(Printable("\xc2\x9b"), "\\xc2\\x9b");           // C1: a control sequence begins
  EXPECT_EQ(Printable("\xe2\x80\xae"), "\\xe2\\x80\\xae");  // right-to-left override
  EXPECT_EQ(Printable("\xff"
                      "a\xc3"),
            "\\xffa\\xc3");
  EXPECT_EQ(Printable("\xc0\xaf"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(Printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // surrogate
  EXPECT_EQ(Printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(DisplayTextTest, WidthCountsCodePoints) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("näme"), 4u);
  EXPECT_EQ(DisplayWidth("日本"), 2u);
}

TEST(DisplayTextTest, ShortenedLosesItsMiddle) {
  EXPECT_EQ(Shortened("abcdefghij", 10), "abcdefghij");
  EXPECT_EQ(Shortened("abcdefghij", 8), "ab..ghij");
  EXPECT_EQ(Shortened("abcdefghij", 3), "..j");
  EXPECT_EQ(Shortened("abcdefghij", 2), "ij");
  EXPECT_EQ(Shortened("abcdefghij", 0), "");
}

TEST(DisplayTextTest, ShortenedKeepsCodePointsWhole) {
  const std::string text = "ä日😀öüßéèêë";
  for (std::size_t width = 0; width <= 10; ++width) {
    const std::string shortened = Shortened(text, width);
    EXPECT_EQ(DisplayWidth(shortened), width);
    EXPECT_EQ(Printable(shortened), shortened) << "split at width " << width;
  }
}

}  // namespace
}  // namespace gtengine
