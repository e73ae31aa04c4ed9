#include "engine/spans/task_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/spans/column_recorder.h"

namespace gtengine::spans {
namespace {

using gtengine::testing::kStart;
using gtengine::testing::RecordSets;
using ::testing::ElementsAre;

constexpr SetRequest kTasks{.tasks = true, .task_stacks = true};

TEST(TaskBuilderTest, ATaskAndItsChild) {
  EXPECT_THAT(
      RecordSets(
          kStart + R"(  UserTaskBegin task=5 parent_task=0 name_string="order" stack=(main.a@m.go:1)
  UserTaskBegin task=6 parent_task=5 name_string="pay" stack=(main.b@m.go:1)
  UserTaskEnd task=6 stack=(main.c@m.go:1)
  UserTaskEnd task=5
expect ok 0
)",
          kTasks),
      ElementsAre("task 6\"pay\" in 5\"order\" 104..105 by g=1..1 stacks=main.b..main.c "
                  "flags=0",
                  "task 5\"order\" in - 103..106 by g=1..1 stacks=main.a..- flags=0"));
}

TEST(TaskBuilderTest, TasksThatAreCut) {
  EXPECT_THAT(RecordSets(kStart + R"(  UserTaskEnd task=9
  UserTaskBegin task=8 parent_task=3 name_string="open"
expect ok 0
)",
                         kTasks),
              ElementsAre("task 9\"\" in - 100..103 by g=-1..1 stacks=-..- flags=1",
                          // All that is known of the parent is that it is one.
                          "task 3\"\" in - 100..105 by g=-1..-1 stacks=-..- flags=3",
                          "task 8\"open\" in 3\"\" 104..105 by g=1..-1 stacks=-..- flags=2"));
}

TEST(TaskBuilderTest, RegionsAndLogsNameTasks) {
  EXPECT_THAT(RecordSets(kStart + R"(  UserLog task=7 key_string="k" value_string="v"
  UserRegionBegin task=0 name_string="r"
  UserRegionEnd task=0 name_string="r"
  UserRegionEnd task=4 name_string="r"
  UserTaskEnd task=7
expect ok 0
)",
                         kTasks),
              ElementsAre("task 7\"\" in - 100..107 by g=-1..1 stacks=-..- flags=1",
                          "task 0\"\" in - 100..108 by g=-1..-1 stacks=-..- flags=3",
                          "task 4\"\" in - 100..108 by g=-1..-1 stacks=-..- flags=3"));
}

// Programs may end a task twice, and go on to name it.
TEST(TaskBuilderTest, WhatFollowsTheEndOfATaskIsNoOther) {
  EXPECT_THAT(RecordSets(kStart + R"(  UserTaskBegin task=5 parent_task=0 name_string="order"
  UserTaskEnd task=5
  UserTaskEnd task=5
  UserLog task=5 key_string="k" value_string="v"
  UserRegionBegin task=5 name_string="r"
  UserTaskBegin task=6 parent_task=5 name_string="late"
  UserTaskEnd task=6
expect ok 0
)",
                         kTasks),
              ElementsAre("task 5\"order\" in - 103..104 by g=1..1 stacks=-..- flags=0",
                          "task 6\"late\" in 5\"\" 108..109 by g=1..1 stacks=-..- flags=0"));
}

TEST(TaskBuilderTest, ABeginningAfterAMentionCounts) {
  EXPECT_THAT(RecordSets(kStart + R"(  UserLog task=5 key_string="k" value_string="v"
  UserTaskBegin task=5 parent_task=0 name_string="order"
  UserTaskEnd task=5
  UserTaskBegin task=5 parent_task=0 name_string="again"
  UserTaskEnd task=5
expect ok 0
)",
                         kTasks),
              ElementsAre("task 5\"order\" in - 104..105 by g=1..1 stacks=-..- flags=0",
                          "task 5\"again\" in - 106..107 by g=1..1 stacks=-..- flags=0"));
}

TEST(EndedTasksTest, HoldsWhatWasAdded) {
  EndedTasks ended;
  const TaskId ids[] = {TaskId{0}, TaskId{63}, TaskId{64}, kNoTask};
  for (const TaskId id : ids) {
    EXPECT_FALSE(ended.Has(id));
    ended.Remove(id);
    ended.Add(id);
    EXPECT_TRUE(ended.Has(id));
  }
  EXPECT_FALSE(ended.Has(TaskId{1}));
  EXPECT_FALSE(ended.Has(TaskId{65}));
  ended.Remove(TaskId{63});
  EXPECT_FALSE(ended.Has(TaskId{63}));
  EXPECT_TRUE(ended.Has(TaskId{0}));
}

}  // namespace
}  // namespace gtengine::spans
