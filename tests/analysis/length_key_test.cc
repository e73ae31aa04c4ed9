#include "engine/analysis/length_key.h"

#include <gtest/gtest.h>

#include <array>

namespace gtengine {
namespace {

TEST(LengthKeyTest, HasTheLeafAndItsCallerWithoutLines) {
  TraceTables tables;
  const auto frame = [&](const char* function, std::uint64_t line) {
    return tables.stacks.InternFrame({.function = tables.strings.Intern(function),
                                      .file = tables.strings.Intern("m.go"),
                                      .line = line});
  };
  const std::array frames = {frame("main.leaf", 1), frame("main.caller", 2), frame("main.main", 3)};
  const std::array moved = {frame("main.leaf", 4), frame("main.caller", 5)};
  const LengthKey key = KeyOfStack("call in", tables, tables.stacks.InternStack(frames));
  EXPECT_EQ(key.what, "call in");
  EXPECT_EQ(key.name, "main.leaf");
  EXPECT_EQ(key.detail, "main.caller");
  EXPECT_EQ(key, KeyOfStack("call in", tables, tables.stacks.InternStack(moved)));
  const std::array alone = {frames[0]};
  EXPECT_EQ(KeyOfStack("x", tables, tables.stacks.InternStack(alone)).detail, "");
}

TEST(LengthKeyTest, NeverLacksAName) {
  EXPECT_EQ(KeyOfStack("x", {}, kNoStack).name, "(no stack)");
  TraceTables tables;
  const std::array nameless = {tables.stacks.InternFrame({})};
  EXPECT_EQ(KeyOfStack("x", tables, tables.stacks.InternStack(nameless)).name, "(not known)");
  EXPECT_EQ(KeyOfName("task", "").name, "(not known)");
  EXPECT_EQ(KeyOfName("task", "order").name, "order");
}

}  // namespace
}  // namespace gtengine
