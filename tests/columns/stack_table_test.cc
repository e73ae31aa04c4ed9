#include "engine/columns/stack_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace gtengine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(StackTableTest, EqualFramesHaveOneRef) {
  StackTable table;
  const Frame frame{.function = StringRef{1}, .file = StringRef{2}, .line = 3};
  const FrameRef ref = table.InternFrame(frame);
  EXPECT_EQ(table.InternFrame(frame), ref);
  EXPECT_EQ(table.GetFrame(ref), frame);
  for (const Frame& other :
       {Frame{StringRef{2}, StringRef{2}, 3}, Frame{StringRef{1}, StringRef{1}, 3},
        Frame{StringRef{1}, StringRef{2}, 4}}) {
    EXPECT_NE(table.InternFrame(other), ref);
  }
}

TEST(StackTableTest, EqualStacksHaveOneRef) {
  StackTable table;
  const FrameRef a = table.InternFrame({.function = StringRef{1}});
  const FrameRef b = table.InternFrame({.function = StringRef{2}});
  const StackRef ab = table.InternStack(std::vector{a, b});
  const StackRef ba = table.InternStack(std::vector{b, a});
  EXPECT_EQ(ab, StackRef{1});
  EXPECT_NE(ab, ba);
  EXPECT_EQ(table.InternStack(std::vector{a, b}), ab);
  EXPECT_THAT(table.GetStack(ab), ElementsAre(a, b));
  EXPECT_THAT(table.GetStack(ba), ElementsAre(b, a));
  EXPECT_EQ(table.size(), 3u);
}

TEST(StackTableTest, NoFramesAreNoStack) {
  StackTable table;
  EXPECT_EQ(table.InternStack({}), kNoStack);
  EXPECT_THAT(table.GetStack(kNoStack), IsEmpty());
}

}  // namespace
}  // namespace gtengine
