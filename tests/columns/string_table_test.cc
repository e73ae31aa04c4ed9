#include "engine/columns/string_table.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace gtengine {
namespace {

TEST(StringTableTest, TheEmptyStringIsThereFromTheStart) {
  StringTable table;
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.Get(kEmptyString), "");
  EXPECT_EQ(table.Intern(""), kEmptyString);
}

TEST(StringTableTest, EqualContentHasOneRef) {
  StringTable table;
  const StringRef a = table.Intern("a");
  const StringRef b = table.Intern(std::string("b\0b", 3));
  EXPECT_EQ(a, StringRef{1});
  EXPECT_EQ(b, StringRef{2});
  EXPECT_EQ(table.Intern("a"), a);
  EXPECT_EQ(table.Get(b), std::string_view("b\0b", 3));
  EXPECT_EQ(table.content_bytes(), 4u);
}

TEST(StringTableTest, ViewsSurviveGrowth) {
  StringTable table;
  const std::string_view first = table.Get(table.Intern("x"));
  for (int i = 0; i < 10'000; ++i) table.Intern(std::to_string(i));
  EXPECT_EQ(first, "x");
  EXPECT_EQ(table.Intern("x"), StringRef{1});
}

TEST(StringTableTest, CopiesStandAlone) {
  StringTable copy;
  {
    StringTable table;
    table.Intern("a");
    copy = table;
    table.Intern("b");
  }
  EXPECT_EQ(copy.size(), 2u);
  EXPECT_EQ(copy.Intern("a"), StringRef{1});
  StringTable moved = std::move(copy);
  EXPECT_EQ(moved.Intern("a"), StringRef{1});
}

}  // namespace
}  // namespace gtengine
