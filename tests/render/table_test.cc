#include "engine/render/table.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>

#include "engine/render/display_text.h"
#include "tests/render/golden.h"

namespace gtengine {
namespace {

std::size_t WidestLine(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, DisplayWidth(line));
  return widest;
}

TEST(TableTest, Golden) {
  const Document document = SampleDocument();
  ExpectGolden("sched.txt", RenderTables({&document, 1}));
}

TEST(TableTest, GoldenOfAWideTerminal) {
  const Document document = SampleDocument({.compat_go_tool_trace = true});
  ExpectGolden("sched_wide_compat.txt", RenderTables({&document, 1}, 200));
}

TEST(TableTest, LinesFitTheWidth) {
  const Document document = SampleDocument();
  for (std::size_t width = 90; width < 260; ++width) {
    EXPECT_LE(WidestLine(RenderTables({&document, 1}, width)), width);
  }
}

TEST(TableTest, AnyWidthIsTaken) {
  const Document document = SampleDocument();
  for (std::size_t width = 0; width < 90; ++width) {
    EXPECT_FALSE(RenderTables({&document, 1}, width).empty());
  }
}

TEST(TableTest, NothingReachesTheTerminalRaw) {
  const Document document = SampleDocument();
  for (const char byte : RenderTables({&document, 1}, 200)) {
    EXPECT_TRUE(byte == '\n' || (byte >= 0x20 && byte < 0x7f)) << static_cast<int>(byte);
  }
}

TEST(TableTest, DocumentsFollowEachOther) {
  const Document documents[] = {
      {.report = "a", .title = "A", .facts = {}, .tables = {}, .notes = {}},
      {.report = "b",
       .title = "B",
       .facts = {{"some_key", Cell::Integer(1500), Unit::kNs}},
       .tables = {{.id = "t", .heading = "T", .columns = {}, .rows = {}}},
       .notes = {"one two three four"}}};
  EXPECT_EQ(RenderTables(documents, 10),
            "A\n\nB\n  some key  1.50 us\n\nT\n  (none)\n\none two\nthree four\n");
}

}  // namespace
}  // namespace gtengine
