#include "engine/render/markdown.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/render/golden.h"

namespace gtengine {
namespace {

TEST(MarkdownTest, Golden) {
  const Document document = SampleDocument();
  ExpectGolden("sched.md", RenderMarkdown({&document, 1}));
}

TEST(MarkdownTest, NoDocuments) { EXPECT_EQ(RenderMarkdown({}), ""); }

TEST(MarkdownTest, NothingInATextIsMarkup) {
  const Document document{
      .report = "r",
      .title = "A *title*",
      .facts = {{"some_key", Cell::Text("<b>|`x`</b>"), Unit::kText},
                {"other", Cell::Integer(1500), Unit::kNs},
                {"unknown", Cell(), Unit::kNs}},
      .tables = {{.id = "t",
                  .heading = "T [x](y)",
                  .columns = {{"name", "name|1", Unit::kText}, {"n", "n", Unit::kCount}},
                  .rows = {{Cell::Text("a|b\\|c"), Cell::Integer(1234)},
                           {Cell::Text("http://x.y/#a & \n"), Cell()}}},
                 {.id = "e", .heading = "E", .columns = {{"x", "x"}}, .rows = {}}},
      .notes = {"one ~~two~~"}};
  EXPECT_EQ(RenderMarkdown({&document, 1}),
            "## A \\*title\\*\n"
            "\n"
            "- some key: \\<b\\>\\|\\`x\\`\\</b\\>\n"
            "- other: 1.50 us\n"
            "- unknown: \n"
            "\n"
            "### T \\[x\\](y)\n"
            "\n"
            "| name\\|1 | n |\n"
            "|---|---:|\n"
            "| a\\|b\\\\\\|c | 1,234 |\n"
            "| http\\://x.y/\\#a \\& \\\\x0a | |\n"
            "\n"
            "### E\n"
            "\n"
            "(none)\n"
            "\n"
            "one \\~\\~two\\~\\~\n");
}

}  // namespace
}  // namespace gtengine
