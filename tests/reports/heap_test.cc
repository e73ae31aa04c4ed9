// The heap report, by a trace written by hand and against what Go's reader says of the shipped
// ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/golden/shipped_trace_test.h"
#include "tests/reports/document_facts.h"
#include "tests/reports/document_rows.h"
#include "tests/reports/report_run.h"

namespace gtengine {
namespace {

using testing::AllOf;
using ::testing::ElementsAre;
using testing::PartialOfFile;
using testing::PartialOfText;

TEST(HeapTest, TellsSizesByServiceSecondAndTrace) {
  const Document document = PartialOfText("heap", R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  HeapAlloc heapalloc_value=500
  HeapAlloc heapalloc_value=300
  HeapGoal heapgoal_value=900
  HeapAlloc dt=1000000000 heapalloc_value=700
  HeapGoal heapgoal_value=-1
expect ok 0
)")
                                ->ToDocument({});
  EXPECT_THAT(Lines(document, "services",
                    {"service", "values", "alloc_min_bytes", "alloc_max_bytes", "goal_min_bytes"}),
              ElementsAre("s | 3 | 300 | 700 | 900"));
  EXPECT_THAT(
      Lines(document, "over_time", {"service", "second", "alloc_max_bytes", "goal_max_bytes"}),
      ElementsAre("s | 0 | 500 | 900", "s | 1 | 700 | 9223372036854775807"));
  EXPECT_THAT(Lines(document, "traces", {"trace", "values", "alloc_max_bytes"}),
              ElementsAre("t | 3 | 700"));
}

class HeapGoldenTest : public ShippedTraceTest {};

TEST_P(HeapGoldenTest, NumbersAreThoseOfGo) {
  const simdjson::dom::element expected = Expected();
  const Document document = PartialOfFile("heap", GetParam().trace_path)->ToDocument(AllOf());
  EXPECT_EQ(FactOf(document, "heap_max"), std::int64_t{expected["heap_alloc_max"]});
  EXPECT_EQ(FactOf(document, "goal_max"), std::int64_t{expected["heap_goal_max"]});
}

GTENGINE_TEST_SHIPPED_TRACES(HeapGoldenTest);

}  // namespace
}  // namespace gtengine
