// The sched-causes report, by a trace written by hand, and its waits against those of Go's reader.
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

// Goroutine 2 waits from 120 to 180: for 21 ns a P is idle, then none is, but for the 5 ns of a
// stop.
TEST(SchedCausesTest, TellsWhatWentOnMeanwhile) {
  const Document document = PartialOfText("sched-causes", R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  ProcsChange dt=8 procs_value=2
  GoCreate dt=10 new_g=2 new_stack=(main.work@m.go:9) stack=(main.main@m.go:1)
  STWBegin dt=35 kind_string="GC mark termination"
  STWEnd dt=5
  GoStop dt=5 reason_string="preempted"
  GoStart dt=15 g=2 g_seq=1
batch m=2 time=140
  ProcStart p=1 p_seq=1
batch m=3 time=101
  ProcStatus p=1 pstatus=idle
expect ok 0
)")
                                ->ToDocument({});
  const std::vector<std::string> columns = {"count",   "total_ns",   "busy_ns",
                                            "idle_ns", "stopped_ns", "marking_ns"};
  std::vector<std::string> by_cause = columns;
  by_cause.insert(by_cause.begin(), "cause");
  EXPECT_THAT(Lines(document, "causes", by_cause),
              ElementsAre("first run after creation | 1 | 60 | 34 | 21 | 5 | 0"));
  std::vector<std::string> by_site = columns;
  by_site.insert(by_site.begin(), "function");
  EXPECT_THAT(Lines(document, "sites", by_site),
              ElementsAre("main.main | 1 | 60 | 34 | 21 | 5 | 0"));
}

class SchedCausesGoldenTest : public ShippedTraceTest {};

TEST_P(SchedCausesGoldenTest, WaitsAreThoseOfGo) {
  const simdjson::dom::element expected = Expected();
  const auto partial = PartialOfFile("sched-causes", GetParam().trace_path);
  for (const bool compat : {false, true}) {
    const simdjson::dom::element profile =
        expected[compat ? "cmd_trace_profiles" : "profiles"]["sched"];
    const Document document = partial->ToDocument(AllOf(compat));
    EXPECT_EQ(FactOf(document, "waits"), std::int64_t{profile["count"]});
    EXPECT_EQ(FactOf(document, "total"), std::int64_t{profile["time_ns"]});
    for (const char* id : {"causes", "sites"}) {
      std::int64_t total_ns = 0;
      for (const auto& row : TableOf(document, id).rows) {
        const auto size = row.size();
        std::int64_t parts_ns = 0;
        for (std::size_t i = size - 4; i < size - 1; ++i) {
          parts_ns += static_cast<std::int64_t>(*row[i].integer());
        }
        const auto row_ns = static_cast<std::int64_t>(*row[size - 5].integer());
        EXPECT_LE(parts_ns, row_ns);  // the rest is not known
        EXPECT_LE(*row[size - 1].integer(), row_ns);
        total_ns += row_ns;
      }
      EXPECT_EQ(total_ns, FactOf(document, "total"));
    }
  }
}

GTENGINE_TEST_SHIPPED_TRACES(SchedCausesGoldenTest);

}  // namespace
}  // namespace gtengine
