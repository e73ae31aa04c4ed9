// The summary report: that it says what the reports say which it sends the reader to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

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

TEST(SummaryTest, TellsTheWorstAndWhereToLook) {
  const Document document = PartialOfText("summary", R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  UserTaskBegin dt=8 task=7 parent_task=0 name_string="order"
  GoCreate dt=10 new_g=2 new_stack=(main.worker@m.go:9) stack=(main.spawn@m.go:3 main.main@m.go:3)
  STWBegin dt=8 kind_string="GC mark termination"
  STWEnd dt=2000000
  UserTaskEnd dt=10 task=7
  HeapAlloc heapalloc_value=4096
  GoBlock dt=5 reason_string="chan receive" stack=(main.main@m.go:4)
  GoStart dt=5 g=2 g_seq=1
expect ok 0
)")
                                ->ToDocument({});
  EXPECT_THAT(Lines(document, "services",
                    {"service", "traces", "wait_p99_ns", "task_p99_ns", "stop_max_ns", "busy",
                     "assist", "heap_max_bytes", "look_at"}),
              ElementsAre("s | 1 | 2000029 | 2000028 | 2000000 | 1000 | 0 | 4096 | sched, gc"));
  EXPECT_THAT(Lines(document, "worst", {"service", "kind", "length_ns", "goroutine", "what"}),
              ElementsAre("s | wait for a P | 2000029 | 2 | main.spawn",
                          "s | stop-the-world | 2000000 | 1 | stop-the-world (GC mark termination)",
                          "s | stay of a P | 2000050 | - | P 0", "s | task | 2000028 | 1 | order"));
}

// A number of the one row of a table.
Int128 NumberIn(const Document& document, std::string_view table_id, std::string_view column) {
  const Table& table = TableOf(document, table_id);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].id == column && !table.rows.empty()) {
      const Int128* number = table.rows.front()[i].integer();
      return number == nullptr ? 0 : *number;
    }
  }
  return 0;
}

class SummaryGoldenTest : public ShippedTraceTest {};

TEST_P(SummaryGoldenTest, SaysWhatOtherReportsSay) {
  const std::string& path = GetParam().trace_path;
  const auto document_of = [&](std::string_view report) {
    return PartialOfFile(report, path)->ToDocument(AllOf());
  };
  const Document summary = document_of("summary");
  EXPECT_EQ(NumberIn(summary, "services", "wait_p99_ns"),
            NumberIn(document_of("sched"), "overall", "p99_ns"));
  EXPECT_EQ(NumberIn(summary, "services", "stay_max_ns"),
            FactOf(document_of("procs"), "longest_stay"));
  EXPECT_EQ(NumberIn(summary, "services", "busy"), FactOf(document_of("procs"), "busy"));
  EXPECT_EQ(NumberIn(summary, "services", "heap_max_bytes"),
            FactOf(document_of("heap"), "heap_max"));
  EXPECT_EQ(NumberIn(summary, "services", "stop_max_ns"),
            NumberIn(document_of("gc"), "longest_stops", "duration_ns"));
}

GTENGINE_TEST_SHIPPED_TRACES(SummaryGoldenTest);

}  // namespace
}  // namespace gtengine
