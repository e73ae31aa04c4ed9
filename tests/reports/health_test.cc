// The health report, by a trace written by hand and against what Go's reader says of the shipped
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

TEST(HealthTest, TellsWhatTracingCostAndHowClocksWent) {
  const Document document = PartialOfText("health", R"(version 26
generation 1
sync
  Frequency freq=1000000000
  ClockSnapshot dt=100 mono=500 sec=1000000000 nsec=999999500
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  ProcStop dt=999
generation 2
sync
  Frequency freq=1000000000
  ClockSnapshot dt=2000 mono=2500 sec=1000000001 nsec=1945
batch m=1 time=2100
  ProcStatus p=0 pstatus=idle
expect ok 0
)")
                                ->ToDocument({});
  EXPECT_THAT(Lines(document, "hosts", {"service", "host", "stretches", "events"}),
              ElementsAre("s | h | 1 | 5"));
  EXPECT_THAT(Lines(document, "clocks",
                    {"service", "host", "generations", "longest_generation_ns", "snapshots",
                     "wall_step_ns", "clock_backwards"}),
              ElementsAre("s | h | 2 | 1000 | 2 | 445 | 0"));
  EXPECT_THAT(Lines(document, "frequencies", {"frequency_hz", "generations"}),
              ElementsAre("1000000000 | 2"));
}

class HealthGoldenTest : public ShippedTraceTest {};

TEST_P(HealthGoldenTest, NumbersAreThoseOfGo) {
  const simdjson::dom::element expected = Expected();
  const Document document = PartialOfFile("health", GetParam().trace_path)->ToDocument(AllOf());
  // The trace's last Sync event and its header belong to no generation.
  EXPECT_EQ(FactOf(document, "events") + 1, std::int64_t{expected["events"]});
  EXPECT_EQ(FactOf(document, "generations") + 1, std::int64_t{expected["syncs"]});
  EXPECT_EQ(FactOf(document, "bytes_in_generations") + 16, std::int64_t{expected["bytes"]});
}

GTENGINE_TEST_SHIPPED_TRACES(HealthGoldenTest);

}  // namespace
}  // namespace gtengine
