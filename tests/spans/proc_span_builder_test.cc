#include "engine/spans/proc_span_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/spans/column_recorder.h"

namespace gtengine::spans {
namespace {

using gtengine::testing::RecordSets;
using ::testing::ElementsAre;

constexpr SetRequest kProcSpans{.proc_spans = true, .proc_runnable = true};

const std::string kStart = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
)";

TEST(ProcSpanBuilderTest, AProcStopsAndStarts) {
  EXPECT_THAT(RecordSets(kStart + R"(  ProcStatus dt=5 p=0 pstatus=running
  ProcStop
batch m=2 time=110
  ProcStart p=0 p_seq=1
  ProcStop
expect ok 0
)",
                         kProcSpans),
              // Found at 105, but it has been running since the trace's start.
              ElementsAre("p=0 Running 100..106 m=1 runnable=0 flags=1",
                          "p=0 Idle 106..111 m=1 runnable=0 flags=0",
                          "p=0 Running 111..112 m=2 runnable=0 flags=0",
                          "p=0 Idle 112..113 m=2 runnable=0 flags=2"));
}

TEST(ProcSpanBuilderTest, AProcIsStolenFromASystemCall) {
  EXPECT_THAT(RecordSets(kStart + R"(  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  GoSyscallBegin p_seq=1
batch m=2 time=110
  ProcSteal p=0 p_seq=2 m=1
  ProcStart p=0 p_seq=3
expect ok 0
)",
                         kProcSpans),
              ElementsAre("p=0 Running 100..111 m=1 runnable=0 flags=5",
                          "p=0 Idle 111..112 m=2 runnable=0 flags=0",
                          "p=0 Running 112..113 m=2 runnable=0 flags=2"));
}

// One that was lost to a thread nobody knows counts as idle already.
TEST(ProcSpanBuilderTest, TheStealOfAnAbandonedProcIsNothing) {
  EXPECT_THAT(RecordSets(kStart + R"(  ProcStatus p=7 pstatus=4
  ProcSteal p=7 p_seq=1 m=-1
expect ok 0
)",
                         kProcSpans),
              ElementsAre("p=7 Idle 100..103 m=1 runnable=0 flags=3"));
}

TEST(ProcSpanBuilderTest, ProcsOfLaterGenerationsAreNew) {
  EXPECT_THAT(RecordSets(kStart + R"(  ProcStatus p=0 pstatus=running
generation 2
frequency 1000000000
batch m=1 time=200
  ProcStatus p=0 pstatus=running
  ProcStatus p=1 pstatus=idle
expect ok 0
)",
                         kProcSpans),
              ElementsAre("p=0 Running 100..203 m=1 runnable=0 flags=3",
                          "p=1 Idle 202..203 m=1 runnable=0 flags=2"));
}

TEST(ProcSpanBuilderTest, IdleTimeWithRunnableGoroutines) {
  EXPECT_THAT(RecordSets(kStart + R"(  ProcStatus p=0 pstatus=running
  ProcStatus p=1 pstatus=idle
  GoStatus g=1 gstatus=running
  GoCreate dt=7 new_g=2 new_stack=(main.a@m.go:1) stack=(main.main@m.go:1)
  GoCreate dt=10 new_g=3 new_stack=(main.a@m.go:1) stack=(main.main@m.go:1)
  GoBlock dt=10 stack=(main.main@m.go:1)
  GoStart dt=10 g=2 g_seq=1
  GoDestroy dt=10
  GoStart dt=10 g=3 g_seq=1
  GoDestroy dt=10
  ProcStop dt=10
  GoUnblock dt=10 g=1 g_seq=1
batch m=2 time=200
  ProcStart dt=5 p=1 p_seq=1
expect ok 0
)",
                         kProcSpans),
              // Runnable: g2 and g3 together from 110 to 160, and g1 from 190 on.
              ElementsAre("p=0 Running 100..180 m=1 runnable=0 flags=1",
                          "p=1 Idle 100..205 m=1 runnable=65 flags=1",
                          "p=0 Idle 180..206 m=1 runnable=16 flags=2",
                          "p=1 Running 205..206 m=2 runnable=0 flags=2"));
}

TEST(ProcSpanBuilderTest, GoroutinesAreOnlyLookedAtWhenThatIsWanted) {
  EXPECT_THAT(RecordSets(kStart + R"(  ProcStatus p=0 pstatus=idle
  GoStatus g=1 gstatus=runnable
expect ok 0
)",
                         {.proc_spans = true}),
              ElementsAre("p=0 Idle 100..103 m=1 runnable=0 flags=3"));
}

}  // namespace
}  // namespace gtengine::spans
