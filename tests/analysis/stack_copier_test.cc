#include "engine/analysis/stack_copier.h"

#include <gtest/gtest.h>

#include <vector>

namespace gtengine {
namespace {

StackRef Intern(TraceTables& tables, const std::vector<const char*>& functions) {
  std::vector<FrameRef> frames;
  for (const char* function : functions) {
    frames.push_back(tables.stacks.InternFrame(
        {tables.strings.Intern(function), tables.strings.Intern("f.go"), 1}));
  }
  return tables.stacks.InternStack(frames);
}

TEST(StackCopierTest, CopiesByContent) {
  TraceTables from;
  const StackRef first = Intern(from, {"a", "b"});
  const StackRef second = Intern(from, {"b", "c"});
  TraceTables to;
  const StackRef there = Intern(to, {"b", "c"});
  StackCopier copier(from, to);
  EXPECT_EQ(copier.Copy(second), there);
  EXPECT_EQ(copier.Copy(kNoStack), kNoStack);
  EXPECT_EQ(copier.Copy(first), Intern(to, {"a", "b"}));
  EXPECT_EQ(copier.Copy(first), Intern(to, {"a", "b"}));
  EXPECT_EQ(to.stacks.size(), 3u);
}

TEST(StackCopierTest, WithinOneTableNothingChanges) {
  TraceTables tables;
  const StackRef stack = Intern(tables, {"a", "b"});
  StackCopier copier(tables, tables);
  EXPECT_EQ(copier.Copy(stack), stack);
  EXPECT_EQ(tables.stacks.size(), 2u);
}

}  // namespace
}  // namespace gtengine
