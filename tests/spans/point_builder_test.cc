#include "engine/spans/point_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/spans/column_recorder.h"

namespace gtengine::spans {
namespace {

using gtengine::testing::kStart;
using gtengine::testing::RecordSets;
using ::testing::ElementsAre;

TEST(PointBuilderTest, LogsBelongToTasks) {
  EXPECT_THAT(RecordSets(kStart + R"(  UserTaskBegin task=5 parent_task=0 name_string="order"
  UserLog task=5 key_string="state" value_string="paid" stack=(main.log@m.go:1 main.main@m.go:1)
  UserTaskEnd task=5
  UserLog task=5 key_string="" value_string="late"
  UserLog task=0 key_string="k" value_string="v"
expect ok 0
)",
                         {.logs = true, .log_stacks = true}),
              ElementsAre("log at 104 m=1 p=0 g=1 task=5\"order\" state: paid stack=main.log",
                          "log at 106 m=1 p=0 g=1 task=5\"\" : late stack=-",
                          "log at 107 m=1 p=0 g=1 task=0\"\" k: v stack=-"));
}

TEST(PointBuilderTest, MetricsAndLabels) {
  EXPECT_THAT(RecordSets(kStart + R"(  HeapAlloc heapalloc_value=1000
  HeapGoal heapgoal_value=4000000000000
  ProcsChange procs_value=8
  GoLabel label_string="GC dedicated"
expect ok 0
)",
                         {.metrics = true, .labels = true}),
              ElementsAre("metric at 103 m=1 p=0 g=1 heap alloc=1000",
                          "metric at 104 m=1 p=0 g=1 heap goal=4000000000000",
                          "metric at 105 m=1 p=0 g=1 gomaxprocs=8",
                          "label at 106 m=1 p=0 g=1 \"GC dedicated\""));
}

// The sample of 110 comes before anything tells the goroutine's name, that of 130 inside a region.
const std::string kSampled =
    kStart + R"(  UserTaskBegin dt=5 task=5 parent_task=0 name_string="order"
  UserRegionBegin dt=13 task=5 name_string="r"
  GoStop dt=20 stack=(main.x@m.go:3 main.main@m.go:1)
  GoStart dt=10 g=1 g_seq=1
  GoDestroy dt=10
samples
  CPUSample time=110 m=1 p=0 g=1 stack=(main.a@m.go:1 main.main@m.go:2)
  CPUSample time=130 m=1 p=0 g=1 stack=(main.b@m.go:1)
  CPUSample time=155 m=1 p=0 g=1 stack=(main.b@m.go:1)
  CPUSample time=165 m=1 p=0 g=1
  CPUSample time=166 m=2 p=-1 g=0
expect ok 0
)";

TEST(PointBuilderTest, SamplesKnowTheirGoroutines) {
  EXPECT_THAT(RecordSets(kSampled, {.samples = true, .sample_goroutines = true}),
              ElementsAre("sample at 110 m=1 p=0 g=1 stack=main.a f= task=0\"\"",
                          "sample at 130 m=1 p=0 g=1 stack=main.b f= task=5\"order\"",
                          "samples of g=1 are of main.main",
                          "sample at 155 m=1 p=0 g=1 stack=main.b f=main.main task=5\"order\"",
                          // It has ended; and one of no goroutine.
                          "sample at 165 m=1 p=0 g=1 stack=- f= task=0\"\"",
                          "sample at 166 m=2 p=-1 g=-1 stack=- f= task=0\"\""));
}

TEST(PointBuilderTest, SamplesAlone) {
  EXPECT_THAT(
      RecordSets(kSampled, {.samples = true}),
      ElementsAre("sample at 110 m=1 p=0 g=1 stack=main.a",
                  "sample at 130 m=1 p=0 g=1 stack=main.b",
                  "sample at 155 m=1 p=0 g=1 stack=main.b", "sample at 165 m=1 p=0 g=1 stack=-",
                  "sample at 166 m=2 p=-1 g=-1 stack=-"));
}

}  // namespace
}  // namespace gtengine::spans
