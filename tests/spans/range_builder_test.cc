#include "engine/spans/range_builder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/spans/column_recorder.h"

namespace gtengine::spans {
namespace {

using gtengine::testing::kStart;
using gtengine::testing::RecordSets;
using ::testing::ElementsAre;

constexpr SetRequest kRanges{.ranges = true, .range_stacks = true};

TEST(RangeBuilderTest, EachKindHasItsNameScopeAndAttributes) {
  EXPECT_THAT(
      RecordSets(kStart + R"(  GCBegin dt=8 gc_seq=1 stack=(runtime.gcStart@m.go:1 main.main@m.go:1)
  GCMarkAssistBegin stack=(runtime.assist@m.go:1)
  GCSweepBegin stack=(runtime.sweep@m.go:1)
  GCSweepEnd dt=5 swept_value=8192 reclaimed_value=4096
  GCMarkAssistEnd
  GCEnd gc_seq=2
expect ok 0
)",
                 kRanges),
      ElementsAre("range GC incremental sweep of g=-1 p=0 112..117 by g=1..1 stopped=112 "
                  "stacks=runtime.sweep..- bytes=8192,4096 flags=0",
                  "range GC mark assist of g=1 p=-1 111..118 by g=1..1 stopped=111 "
                  "stacks=runtime.assist..- bytes=0,0 flags=0",
                  "range GC concurrent mark phase of g=-1 p=-1 110..119 by g=1..1 stopped=110 "
                  "stacks=runtime.gcStart..- bytes=0,0 flags=0"));
}

TEST(RangeBuilderTest, AStopTheWorldIsStoppedWhenTheLastPStands) {
  EXPECT_THAT(
      RecordSets(
          kStart + R"(  STWBegin dt=8 kind_string="GC mark termination" stack=(main.gc@m.go:1)
batch m=2 time=100
  ProcStatus p=1 pstatus=running
  ProcStop dt=19
batch m=3 time=100
  ProcStatus p=2 pstatus=running
  ProcStop dt=24
batch m=2 time=140
  ProcStart p=1 p_seq=1
  ProcStop
batch m=1 time=150
  STWEnd
  STWBegin kind_string="read mem stats"
  STWEnd
expect ok 0
)",
          kRanges),
      ElementsAre("range stop-the-world (GC mark termination) of g=1 p=-1 110..151 by g=1..1 "
                  "stopped=125 stacks=main.gc..- bytes=0,0 flags=0",
                  // Nobody else was running.
                  "range stop-the-world (read mem stats) of g=1 p=-1 152..153 by g=1..1 "
                  "stopped=152 stacks=-..- bytes=0,0 flags=0"));
}

TEST(RangeBuilderTest, WhatIsFoundUnderWayBeganWithTheTrace) {
  EXPECT_THAT(RecordSets(kStart + R"(  GCActive gc_seq=4
  GCSweepActive p=0
  GoStatus g=2 gstatus=waiting
  GCMarkAssistActive g=2
  GCSweepEnd swept_value=1 reclaimed_value=2
generation 2
frequency 1000000000
batch m=1 time=200
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  GCActive gc_seq=5
  GoStatus g=2 gstatus=waiting
  GCMarkAssistActive g=2
  GCEnd gc_seq=6
expect ok 0
)",
                         kRanges),
              ElementsAre("range GC incremental sweep of g=-1 p=0 100..107 by g=1..1 stopped=100 "
                          "stacks=-..- bytes=1,2 flags=1",
                          "range GC concurrent mark phase of g=-1 p=-1 100..206 by g=1..1 "
                          "stopped=100 stacks=-..- bytes=0,0 flags=1",
                          "range GC mark assist of g=2 p=-1 100..207 by g=1..-1 stopped=100 "
                          "stacks=-..- bytes=0,0 flags=3"));
}

// The kind of a stop-the-world is a string id that its end does not repeat; in the generation where
// it ends the id may mean something else.
TEST(RangeBuilderTest, AStopTheWorldKeepsItsNameOverGenerations) {
  EXPECT_THAT(RecordSets(kStart + R"(  STWBegin kind_string="GOMAXPROCS"
generation 2
frequency 1000000000
batch m=1 time=200
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  STWEnd
  STWBegin kind_string="another"
expect ok 0
)",
                         kRanges),
              ElementsAre("range stop-the-world (GOMAXPROCS) of g=1 p=-1 103..203 by g=1..1 "
                          "stopped=103 stacks=-..- bytes=0,0 flags=0",
                          "range stop-the-world (another) of g=1 p=-1 204..205 by g=1..-1 "
                          "stopped=204 stacks=-..- bytes=0,0 flags=2"));
}

TEST(RangeBuilderTest, RangesOfTwoPsDoNotMeet) {
  EXPECT_THAT(RecordSets(kStart + R"(  GCSweepBegin
batch m=2 time=110
  ProcStatus p=1 pstatus=running
  GCSweepBegin
  GCSweepEnd swept_value=5 reclaimed_value=0
batch m=1 time=120
  GCSweepEnd swept_value=6 reclaimed_value=0
expect ok 0
)",
                         kRanges),
              ElementsAre("range GC incremental sweep of g=-1 p=1 112..113 by g=-1..-1 stopped=112 "
                          "stacks=-..- bytes=5,0 flags=0",
                          "range GC incremental sweep of g=-1 p=0 103..121 by g=1..1 stopped=103 "
                          "stacks=-..- bytes=6,0 flags=0"));
}

// Writes down how long the goroutine of each assist was running.
class AssistRecorder : public SpanConsumer {
 public:
  SpanRequest Request() const override {
    SpanRequest request;
    request.sets = {.ranges = true, .range_running = true};
    return request;
  }
  void OnGoroutineSpans(const GoroutineSpans&, const TraceTables&) override {}
  void OnLateName(std::uint32_t, StringRef, const TraceTables&) override {}
  void OnRanges(const Ranges& ranges, const TraceTables&) override {
    for (std::size_t i = 0; i < ranges.rows; ++i) {
      lines.push_back(fmt::format("g={} {}..{} running={}", Raw(ranges.scope_g[i]),
                                  ranges.start_ns[i], ranges.end_ns[i], ranges.running_ns[i]));
    }
  }

  std::vector<std::string> lines;
};

std::vector<std::string> AssistsOf(const std::string& text) {
  AssistRecorder recorder;
  testing::BuildSets(text, {&recorder});
  return recorder.lines;
}

// Waiting for a P, or for others to mark, is part of an assist, and not of running in it.
TEST(RangeBuilderTest, AnAssistTellsHowLongItsGoroutineRan) {
  EXPECT_THAT(AssistsOf(kStart + R"(  GCMarkAssistBegin dt=8
  GoStop dt=3
  GoStart dt=100 g=1 g_seq=1
  GoBlock dt=4
  GoUnblock dt=200 g=1 g_seq=2
  GoStart dt=10 g=1 g_seq=3
  GCMarkAssistEnd dt=5
  GCMarkAssistBegin dt=1
  GCMarkAssistEnd dt=2
expect ok 0
)"),
              ElementsAre("g=1 110..432 running=12", "g=1 433..435 running=2"));
}

TEST(RangeBuilderTest, AnAssistFoundUnderWayRanIfItsGoroutineDoes) {
  EXPECT_THAT(AssistsOf(kStart + R"(  GCMarkAssistActive dt=1 g=1
  GoStatus g=2 gstatus=waiting
  GCMarkAssistActive dt=1 g=2
  GoUnblock dt=5 g=2 g_seq=1
  GoStop dt=3
  GoStart dt=10 g=2 g_seq=2
  GCMarkAssistEnd dt=7
  GoStop dt=1
expect ok 0
)"),
              ElementsAre("g=2 100..130 running=7", "g=1 100..132 running=13"));
}

}  // namespace
}  // namespace gtengine::spans
