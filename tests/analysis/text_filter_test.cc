#include "engine/analysis/text_filter.h"

#include <gtest/gtest.h>

#include <string>

namespace gtengine {
namespace {

bool Accepts(const std::vector<std::string>& patterns, std::string_view text) {
  const auto filter = TextFilter::Parse(patterns);
  EXPECT_TRUE(filter.ok());
  return filter->AcceptsText(text);
}

TEST(TextFilterTest, AGlobStandsForTheWholeText) {
  EXPECT_TRUE(Accepts({"main.work"}, "main.work"));
  EXPECT_FALSE(Accepts({"main.work"}, "main.worker"));
  EXPECT_FALSE(Accepts({"main.work"}, "mainxwork"));
  EXPECT_TRUE(Accepts({"main.*"}, "main.(*T[...]).Run"));
  EXPECT_TRUE(Accepts({"main.(*T[...]).Run"}, "main.(*T[...]).Run"));
  EXPECT_TRUE(Accepts({"w?b"},
                      "w\xc3\xa9"
                      "b"));
  EXPECT_TRUE(Accepts({"*"}, ""));
  EXPECT_TRUE(Accepts({"a*z"}, "a\n\xff\x01z"));
  EXPECT_TRUE(Accepts({"/"}, "/"));
}

TEST(TextFilterTest, ARegexIsFoundAnywhere) {
  EXPECT_TRUE(Accepts({"/w[0-9]+/"}, "aw12z"));
  EXPECT_FALSE(Accepts({"/^w[0-9]+$/"}, "aw12z"));
  EXPECT_TRUE(Accepts({"//"}, "anything"));
}

TEST(TextFilterTest, OnePatternMustMatchAndNoRefusal) {
  EXPECT_TRUE(Accepts({"a", "b"}, "b"));
  EXPECT_FALSE(Accepts({"a", "b"}, "c"));
  EXPECT_TRUE(Accepts({"!a"}, "b"));
  EXPECT_FALSE(Accepts({"!a"}, "a"));
  EXPECT_FALSE(Accepts({"a*", "!/b/"}, "ab"));
  EXPECT_TRUE(Accepts({"a*", "!/b/"}, "ac"));
}

TEST(TextFilterTest, APatternAndItsContraryDivideThingsWithSeveralTexts) {
  const TextFilter filter = TextFilter::Parse({"a"}).value();
  const TextFilter contrary = TextFilter::Parse({"!a"}).value();
  const std::vector<std::string_view> things[] = {{}, {"a"}, {"b"}, {"a", "b"}};
  for (const auto& texts : things) {
    TextMarks marks = kNoMarks;
    TextMarks contrary_marks = kNoMarks;
    for (const std::string_view text : texts) {
      marks |= filter.Mark(text);
      contrary_marks |= contrary.Mark(text);
    }
    EXPECT_NE(filter.Accepts(marks), contrary.Accepts(contrary_marks)) << texts.size();
  }
}

TEST(TextFilterTest, NothingAcceptsEverything) {
  EXPECT_TRUE(TextFilter().empty());
  EXPECT_TRUE(TextFilter().AcceptsText("x"));
  EXPECT_TRUE(TextFilter().Accepts(kNoMarks));
}

TEST(TextFilterTest, BadRegexesAreErrorsOfOneLine) {
  const auto filter = TextFilter::Parse({"ok", "!/(/"});
  ASSERT_FALSE(filter.ok());
  EXPECT_EQ(filter.error().code, ErrorCode::kUsage);
  EXPECT_NE(filter.error().what.find("!/(/"), std::string::npos);
  EXPECT_EQ(filter.error().what.find('\n'), std::string::npos);
}

TEST(TextFilterTest, HostilePatternsAndTextsTakeLittleTime) {
  const std::string text(100'000, 'a');
  EXPECT_FALSE(Accepts({"*a*a*a*a*a*a*a*b"}, text));
  EXPECT_FALSE(Accepts({"/(a*)*(a*)*b$/"}, text));
}

}  // namespace
}  // namespace gtengine
