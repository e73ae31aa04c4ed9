#include "engine/spans/gc_work_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/spans/column_recorder.h"

namespace gtengine::spans {
namespace {

using gtengine::testing::kStart;
using gtengine::testing::RecordSets;
using ::testing::ElementsAre;

constexpr SetRequest kGcWork{.gc_work = true};

// Kinds: 0 dedicated, 1 other mark workers, 2 assists, 3 sweeps.
TEST(GcWorkBuilderTest, AnAssistWorksWhileItsGoroutineRuns) {
  EXPECT_THAT(
      RecordSets(kStart + R"trace(  GCMarkAssistBegin dt=8
  GoBlock dt=10 reason_string="GC assist wait"
  GoUnblock dt=10 g=1 g_seq=1
  GoStart dt=10 g=1 g_seq=2
  GCSweepBegin dt=10
  GCSweepEnd dt=3 swept_value=1 reclaimed_value=1
  GCMarkAssistEnd dt=7
  GoStop dt=5 reason_string="preempted"
expect ok 0
)trace",
                 kGcWork),
      ElementsAre("gc work 2 p=0 110..120", "gc work 3 p=0 150..153", "gc work 2 p=0 140..160"));
}

TEST(GcWorkBuilderTest, AMarkWorkerWorksFromItsLabelToItsStop) {
  EXPECT_THAT(RecordSets(kStart + R"trace(  GoLabel dt=8 label_string="GC (dedicated)"
  GoStop dt=10 reason_string="preempted"
  GoStart dt=10 g=1 g_seq=1
  GoLabel dt=2 label_string="GC (idle)"
  GoStop dt=10 reason_string="preempted"
  GoStart dt=10 g=1 g_seq=2
  GoLabel dt=2 label_string="GC (fractional)"
  GoLabel dt=2 label_string="mine"
  GoStop dt=10 reason_string="preempted"
expect ok 0
)trace",
                         kGcWork),
              ElementsAre("gc work 0 p=0 110..120", "gc work 1 p=0 154..166"));
}

TEST(GcWorkBuilderTest, WhatIsFoundAndWhatIsOpenIsCut) {
  EXPECT_THAT(RecordSets(kStart + R"trace(  GCMarkAssistActive dt=8 g=1
  GCSweepActive dt=10 p=0
  GCMarkAssistEnd dt=10
  GoLabel dt=10 label_string="GC (dedicated)"
  GCSweepEnd dt=2 swept_value=0 reclaimed_value=0
  GCSweepBegin dt=3
  HeapAlloc dt=5 heapalloc_value=1
expect ok 0
)trace",
                         kGcWork),
              ElementsAre("gc work 2 p=0 100..130", "gc work 3 p=0 100..142",
                          "gc work 0 p=0 140..151", "gc work 3 p=0 145..151"));
}

}  // namespace
}  // namespace gtengine::spans
