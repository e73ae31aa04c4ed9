#include "engine/spans/region_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/spans/column_recorder.h"

namespace gtengine::spans {
namespace {

using gtengine::testing::kStart;
using gtengine::testing::RecordSets;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr SetRequest kRegions{.regions = true, .region_stacks = true};
constexpr SetRequest kSlices{.region_slices = true};

// A goroutine with two regions, one in the other, that blocks in the inner one.
const std::string kNested = kStart + R"(  UserTaskBegin task=5 parent_task=0 name_string="order"
  UserRegionBegin dt=7 task=5 name_string="outer" stack=(main.a@m.go:1 main.main@m.go:1)
  UserRegionBegin dt=10 task=0 name_string="inner" stack=(main.b@m.go:1)
  GoBlock dt=3 reason_string="chan receive" stack=(main.b@m.go:2 main.main@m.go:1)
  GoUnblock dt=20 g=1 g_seq=1
  GoStart dt=5 g=1 g_seq=2
  UserRegionEnd dt=2 task=0 name_string="inner" stack=(main.c@m.go:1)
  UserRegionEnd dt=10 task=5 name_string="outer"
expect ok 0
)";

TEST(RegionBuilderTest, RegionsNest) {
  EXPECT_THAT(RecordSets(kNested, kRegions),
              ElementsAre("region 1 in 0 \"inner\" task=0\"\" g=1 120..150 self=30 "
                          "stacks=main.b..main.c depth=1 flags=0",
                          "region 0 in - \"outer\" task=5\"order\" g=1 110..160 self=20 "
                          "stacks=main.a..- depth=0 flags=0"));
}

// The inner region was given no task: what is done in it is done for the task around it.
TEST(RegionBuilderTest, SlicesSayWhatTheTimeWasSpentOn) {
  EXPECT_THAT(RecordSets(kNested, kSlices),
              ElementsAre("slice of 0 task=5\"order\" g=1 Running reason= 110..120 flags=0",
                          "slice of 1 task=5\"order\" g=1 Running reason= 120..123 flags=0",
                          "slice of 1 task=5\"order\" g=1 Waiting reason=chan receive 123..143 "
                          "flags=0",
                          "slice of 1 task=5\"order\" g=1 Runnable reason= 143..148 flags=0",
                          "slice of 1 task=5\"order\" g=1 Running reason= 148..150 flags=0",
                          "slice of 0 task=5\"order\" g=1 Running reason= 150..160 flags=0"));
}

TEST(RegionBuilderTest, SlicesComeBeforeTheirRegion) {
  EXPECT_THAT(RecordSets(kStart + R"(  UserRegionBegin task=0 name_string="r"
  UserRegionEnd task=0 name_string="r"
expect ok 0
)",
                         {.regions = true, .region_stacks = true, .region_slices = true}),
              ElementsAre("slice of 0 task=0\"\" g=1 Running reason= 103..104 flags=0",
                          "region 0 in - \"r\" task=0\"\" g=1 103..104 self=1 stacks=-..- depth=0 "
                          "flags=0"));
}

TEST(RegionBuilderTest, MarkAssistsAndYieldsCutSlices) {
  EXPECT_THAT(RecordSets(kStart + R"(  UserRegionBegin task=0 name_string="r"
  GCMarkAssistBegin
  GoStop reason_string="preempted" stack=(main.main@m.go:1)
  GoStart g=1 g_seq=1
  GCMarkAssistEnd
  GoSyscallBegin p_seq=1
  GoSyscallEnd
expect ok 0
)",
                         kSlices),
              ElementsAre("slice of 0 task=0\"\" g=1 Running reason= 103..104 flags=0",
                          "slice of 0 task=0\"\" g=1 Running reason= 104..105 flags=4",
                          "slice of 0 task=0\"\" g=1 Runnable reason=preempted 105..106 flags=4",
                          "slice of 0 task=0\"\" g=1 Running reason= 106..107 flags=4",
                          "slice of 0 task=0\"\" g=1 Running reason= 107..108 flags=0",
                          "slice of 0 task=0\"\" g=1 Syscall reason= 108..109 flags=0",
                          "slice of 0 task=0\"\" g=1 Running reason= 109..110 flags=2"));
}

TEST(RegionBuilderTest, AnAssistFoundUnderWayCounts) {
  EXPECT_THAT(RecordSets(kStart + R"(  GCMarkAssistActive g=1
  UserRegionBegin task=0 name_string="r"
  UserRegionEnd task=0 name_string="r"
expect ok 0
)",
                         kSlices),
              ElementsAre("slice of 0 task=0\"\" g=1 Running reason= 104..105 flags=4"));
}

TEST(RegionBuilderTest, ARegionFromBeforeTheTraceHoldsAllThatWasSeen) {
  EXPECT_THAT(RecordSets(kStart + R"(  UserRegionBegin dt=8 task=0 name_string="known"
  UserRegionEnd dt=5 task=0 name_string="known"
  UserRegionEnd dt=5 task=3 name_string="first" stack=(main.e@m.go:1)
  UserRegionEnd dt=10 task=3 name_string="second"
expect ok 0
)",
                         kRegions),
              ElementsAre("region 0 in - \"known\" task=0\"\" g=1 110..115 self=5 stacks=-..- "
                          "depth=0 flags=0",
                          "region 1 in - \"first\" task=3\"\" g=1 100..120 self=15 "
                          "stacks=-..main.e depth=0 flags=1",
                          "region 2 in - \"second\" task=3\"\" g=1 100..130 self=10 stacks=-..- "
                          "depth=0 flags=1"));
}

// A goroutine that is created inside a region inherits its task, and so do those that it creates.
TEST(RegionBuilderTest, ATaskIsInherited) {
  const std::string text = kStart + R"(  UserTaskBegin task=5 parent_task=0 name_string="order"
  UserRegionBegin dt=7 task=5 name_string="spawn"
  GoCreate dt=1 new_g=2 new_stack=(main.child@m.go:1) stack=(main.spawn@m.go:1 main.main@m.go:1)
  GoBlock dt=4 stack=(main.main@m.go:1)
  GoStart dt=5 g=2 g_seq=1
  UserRegionBegin dt=5 task=5 name_string="own"
  GoCreate dt=5 new_g=3 new_stack=(main.child@m.go:1) stack=(main.child@m.go:1)
  UserRegionEnd dt=5 task=5 name_string="own"
  GoDestroy dt=5
expect ok 0
)";
  EXPECT_THAT(RecordSets(text, kRegions),
              ElementsAre("region 2 in 1 \"own\" task=5\"order\" g=2 125..135 self=10 stacks=-..- "
                          "depth=0 flags=0",
                          "region 1 in 0 \"\" task=5\"order\" g=2 111..140 self=19 "
                          "stacks=main.spawn..- depth=0 flags=12",
                          "region 0 in - \"spawn\" task=5\"order\" g=1 110..141 self=31 "
                          "stacks=-..- depth=0 flags=2",
                          "region 3 in 2 \"\" task=5\"order\" g=3 130..141 self=11 "
                          "stacks=main.child..- depth=0 flags=6"));
  EXPECT_THAT(RecordSets(text, kSlices),
              ElementsAre("slice of 0 task=5\"order\" g=1 Running reason= 110..115 flags=0",
                          "slice of 1 task=5\"order\" g=2 Runnable reason= 111..120 flags=0",
                          "slice of 1 task=5\"order\" g=2 Running reason= 120..125 flags=0",
                          "slice of 2 task=5\"order\" g=2 Running reason= 125..135 flags=0",
                          "slice of 1 task=5\"order\" g=2 Running reason= 135..140 flags=0",
                          "slice of 0 task=5\"order\" g=1 Waiting reason= 115..141 flags=2",
                          "slice of 3 task=5\"order\" g=3 Runnable reason= 130..141 flags=2"));
}

TEST(RegionBuilderTest, SystemGoroutinesInheritNothing) {
  EXPECT_THAT(RecordSets(kStart + R"(  UserRegionBegin task=0 name_string="r"
  GoCreate new_g=2 new_stack=(runtime.gcBgMarkWorker@m.go:1) stack=(main.main@m.go:1)
  UserRegionEnd task=0 name_string="r"
  GoBlock stack=(main.main@m.go:1)
  GoStart g=2 g_seq=1
  UserRegionBegin task=0 name_string="finalizer"
expect ok 0
)",
                         {.regions = true, .region_stacks = true, .region_slices = true}),
              ElementsAre("slice of 0 task=0\"\" g=1 Running reason= 103..105 flags=0",
                          "slice of 2 task=0\"\" g=2 Running reason= 108..109 flags=2",
                          "region 0 in - \"r\" task=0\"\" g=1 103..105 self=2 stacks=-..- depth=0 "
                          "flags=0",
                          "region 2 in 1 \"finalizer\" task=0\"\" g=2 108..109 self=1 "
                          "stacks=-..- depth=0 flags=18"));
}

TEST(RegionBuilderTest, TheEndOfAGoroutineEndsItsRegions) {
  EXPECT_THAT(
      RecordSets(kStart + R"(  GoCreate new_g=2 new_stack=(main.a@m.go:1) stack=(main.main@m.go:1)
  GoBlock stack=(main.main@m.go:1)
  GoStart g=2 g_seq=1
  UserRegionBegin task=0 name_string="outer"
  UserRegionBegin task=0 name_string="inner"
  GoDestroy
expect ok 0
)",
                 kRegions),
      ElementsAre("region 1 in 0 \"inner\" task=0\"\" g=2 107..108 self=1 stacks=-..- "
                  "depth=1 flags=8",
                  "region 0 in - \"outer\" task=0\"\" g=2 106..108 self=1 stacks=-..- "
                  "depth=0 flags=8"));
}

TEST(RegionBuilderTest, BlockingForEverEndsRegions) {
  EXPECT_THAT(RecordSets(kStart + R"(  UserRegionBegin task=0 name_string="r"
  GoBlock reason_string="forever" stack=(main.main@m.go:1)
  GoUnblock g=1 g_seq=1
expect ok 0
)",
                         {.regions = true, .region_stacks = true, .region_slices = true}),
              ElementsAre("slice of 0 task=0\"\" g=1 Running reason= 103..104 flags=0",
                          "region 0 in - \"r\" task=0\"\" g=1 103..104 self=1 "
                          "stacks=-..main.main depth=0 flags=8"));
}

// The number of a goroutine is used again for another: nothing of the first must show.
TEST(RegionBuilderTest, ANewGoroutineStartsAnew) {
  EXPECT_THAT(
      RecordSets(kStart + R"(  GoCreate new_g=2 new_stack=(main.a@m.go:1) stack=(main.main@m.go:1)
  GoBlock stack=(main.main@m.go:1)
  GoStart g=2 g_seq=1
  UserRegionBegin task=0 name_string="old"
  GCMarkAssistBegin
  GoDestroy
  GoUnblock g=1 g_seq=1
  GoStart g=1 g_seq=2
  GoCreate new_g=3 new_stack=(main.a@m.go:1) stack=(main.main@m.go:1)
  GoBlock stack=(main.main@m.go:1)
  GoStart g=3 g_seq=1
  UserRegionBegin task=0 name_string="new"
  UserRegionEnd task=0 name_string="new"
expect ok 0
)",
                 {.regions = true, .region_stacks = true, .region_slices = true}),
      ElementsAre("slice of 0 task=0\"\" g=2 Running reason= 106..107 flags=0",
                  "slice of 0 task=0\"\" g=2 Running reason= 107..108 flags=4",
                  "slice of 1 task=0\"\" g=3 Running reason= 114..115 flags=0",
                  "region 0 in - \"old\" task=0\"\" g=2 106..108 self=2 stacks=-..- "
                  "depth=0 flags=8",
                  "region 1 in - \"new\" task=0\"\" g=3 114..115 self=1 stacks=-..- "
                  "depth=0 flags=0"));
}

TEST(RegionBuilderTest, NothingIsMadeOfATraceWithoutRegions) {
  EXPECT_THAT(RecordSets(kStart + "  GoBlock\nexpect ok 0\n",
                         {.regions = true, .region_stacks = true, .region_slices = true}),
              IsEmpty());
}

}  // namespace
}  // namespace gtengine::spans
