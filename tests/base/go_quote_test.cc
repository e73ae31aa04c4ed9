#include "engine/base/go_quote.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace gtengine {
namespace {

using std::string_view_literals::operator""sv;

std::string Quoted(std::string_view text) {
  std::string out;
  AppendGoQuoted(text, out);
  return out;
}

TEST(GoQuote, LeavesPrintableText) {
  EXPECT_EQ(Quoted(""), R"("")");
  EXPECT_EQ(Quoted("plain text, 100%"), R"("plain text, 100%")");
  EXPECT_EQ(Quoted("h\u00e9, \u65e5\u672c\u8a9e \U0001f600"),
            "\"h\u00e9, \u65e5\u672c\u8a9e \U0001f600\"");
}

TEST(GoQuote, AppendsToWhatIsThere) {
  std::string out = "a=";
  AppendGoQuoted("b", out);
  EXPECT_EQ(out, R"(a="b")");
}

TEST(GoQuote, EscapesQuotesAndBackslashes) { EXPECT_EQ(Quoted(R"(a"b\c'd)"), R"("a\"b\\c'd")"); }

TEST(GoQuote, EscapesControlsByName) { EXPECT_EQ(Quoted("\a\b\f\n\r\t\v"), R"("\a\b\f\n\r\t\v")"); }

TEST(GoQuote, EscapesOtherControlsByNumber) {
  EXPECT_EQ(Quoted("\x00\x01\x1b\x1f\x7f"sv), R"("\x00\x01\x1b\x1f\x7f")");
}

TEST(GoQuote, EscapesUnprintableRunes) {
  EXPECT_EQ(Quoted("\u0080\u00a0\u00ad"), R"("\u0080\u00a0\u00ad")");
  EXPECT_EQ(Quoted("\u0378\u0600\u200d\u2028\u3000\ufeff"),
            R"("\u0378\u0600\u200d\u2028\u3000\ufeff")");
  EXPECT_EQ(Quoted("\U000e0001\U0010ffff"), R"("\U000e0001\U0010ffff")");
}

// The replacement character itself is printable; bytes that would decode to it are not.
TEST(GoQuote, TellsTheReplacementCharacterFromBadBytes) {
  EXPECT_EQ(Quoted("\ufffd"), "\"\ufffd\"");
  EXPECT_EQ(Quoted("\xff"), R"("\xff")");
}

TEST(GoQuote, EscapesBytesThatAreNoUtf8OneByOne) {
  EXPECT_EQ(Quoted("\x80\xbf"), R"("\x80\xbf")");  // no lead
  EXPECT_EQ(Quoted("\xc2"), R"("\xc2")");          // cut off
  EXPECT_EQ(Quoted("\xe2\x82"), R"("\xe2\x82")");
  EXPECT_EQ(Quoted("a\xf0\x9f\x98"), R"("a\xf0\x9f\x98")");
  EXPECT_EQ(Quoted("\xe2\x82z"), R"("\xe2\x82z")");
  EXPECT_EQ(Quoted("\xc0\xaf"), R"("\xc0\xaf")");  // overlong
  EXPECT_EQ(Quoted("\xe0\x80\x80"), R"("\xe0\x80\x80")");
  EXPECT_EQ(Quoted("\xf0\x80\x80\x80"), R"("\xf0\x80\x80\x80")");
  EXPECT_EQ(Quoted("\xed\xa0\x80"), R"("\xed\xa0\x80")");          // a surrogate
  EXPECT_EQ(Quoted("\xf4\x90\x80\x80"), R"("\xf4\x90\x80\x80")");  // too great
  EXPECT_EQ(Quoted("\xf5\x80\x80\x80"), R"("\xf5\x80\x80\x80")");
}

}  // namespace
}  // namespace gtengine
