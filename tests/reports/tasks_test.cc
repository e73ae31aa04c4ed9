// The tasks report, by a trace written by hand and against what Go says of the shipped ones.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/golden/shipped_trace_test.h"
#include "tests/reports/document_rows.h"
#include "tests/reports/report_run.h"

namespace gtengine {
namespace {

using testing::AllOf;
using ::testing::ElementsAre;
using testing::PartialOfFile;
using testing::PartialOfText;

// Task 7 with a region in which goroutine 1 runs and blocks, its child 8, and 9 that stays open.
const std::string kTrace = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  UserTaskBegin dt=8 task=7 parent_task=0 name_string="order" stack=(main.main@m.go:1)
  UserTaskBegin task=8 parent_task=7 name_string="pay" stack=(main.main@m.go:1)
  UserLog task=7 key_string="id" value_string="42" stack=(main.main@m.go:1)
  UserLog task=7 key_string="" value_string="late" stack=(main.main@m.go:1)
  UserRegionBegin dt=6 task=7 name_string="wait" stack=(main.main@m.go:1)
  GoBlock dt=5 reason_string="chan receive" stack=(main.main@m.go:2)
batch m=2 time=130
  ProcStatus p=1 pstatus=running
  GoStatus g=2 m=2 gstatus=running
  GoUnblock dt=10 g=1 g_seq=1
batch m=1 time=145
  GoStart dt=5 g=1 g_seq=2
  UserRegionEnd dt=4 task=7 name_string="wait" stack=(main.main@m.go:3)
  UserTaskEnd task=8 stack=(main.main@m.go:4)
  UserTaskEnd dt=5 task=7 stack=(main.main@m.go:4)
  UserTaskBegin task=9 parent_task=0 name_string="order" stack=(main.main@m.go:1)
expect ok 0
)";

TEST(TasksTest, CountsThemAndTheirTime) {
  const Document document = PartialOfText("tasks", kTrace)->ToDocument({});
  EXPECT_THAT(Lines(document, "tasks", {"task", "count", "cut", "complete", "total_ns", "max_ns"}),
              ElementsAre("order | 2 | 1 | 1 | 50 | 50", "pay | 1 | 0 | 1 | 44 | 44"));
  EXPECT_THAT(Lines(document, "latencies", {"task", "min_ns", "p99_ns"}),
              ElementsAre("order | 50 | 50", "pay | 44 | 44"));
  EXPECT_THAT(
      Lines(document, "inside", {"task", "inside_ns", "running_ns", "runnable_ns", "blocked_ns"}),
      ElementsAre("order | 35 | 9 | 8 | 18"));
  EXPECT_THAT(Lines(document, "blocked", {"task", "reason", "blocked_ns", "share"}),
              ElementsAre("order | chan receive | 18 | 514"));
  EXPECT_THAT(Lines(document, "children", {"parent", "child", "count", "complete", "total_ns"}),
              ElementsAre("order | pay | 1 | 1 | 44"));
  EXPECT_THAT(Lines(document, "longest", {"what", "duration_ns", "goroutine", "more"}),
              ElementsAre("order | 50 | 1 | id: 42; late", "pay | 44 | 1 | -"));
}

// Of three tasks one has a stop-the-world and a mark assist inside; another one begins in the midst
// of a stop.
TEST(TasksTest, TellsWhatTheCollectorTook) {
  const Document document = PartialOfText("tasks", R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  UserTaskBegin dt=8 task=7 parent_task=0 name_string="order"
  UserRegionBegin dt=10 task=7 name_string="work"
  GCMarkAssistBegin dt=10
  GCMarkAssistEnd dt=30
  STWBegin dt=10 kind_string="read mem stats"
  STWEnd dt=20
  UserRegionEnd dt=5 task=7 name_string="work"
  UserTaskEnd dt=15 task=7
  UserTaskBegin dt=10 task=8 parent_task=0 name_string="order"
  UserTaskEnd dt=10 task=8
  STWBegin dt=10 kind_string="read mem stats"
  UserTaskBegin dt=10 task=9 parent_task=0 name_string="order"
  STWEnd dt=30
  UserTaskEnd dt=20 task=9
expect ok 0
)")
                                ->ToDocument({});
  EXPECT_THAT(Lines(document, "tasks", {"task", "complete", "total_ns"}),
              ElementsAre("order | 3 | 160"));
  EXPECT_THAT(Lines(document, "gc_blame",
                    {"which", "complete", "stopped", "stopped_share", "assisted", "assist_share"}),
              ElementsAre("all | 3 | 2 | 313 | 1 | 188", "slowest | 1 | 1 | 200 | 1 | 300"));
  EXPECT_THAT(Lines(document, "gc_blame", {"which", "touched_share", "stops", "assists"}),
              ElementsAre("all | 667 | 2 | 1", "slowest | 1000 | 1 | 1"));
}

class TasksGoldenTest : public ShippedTraceTest {};

TEST_P(TasksGoldenTest, NumbersAreThoseOfGo) {
  const simdjson::dom::element expected = Expected();
  std::vector<std::string> counts;
  std::vector<std::string> latencies;
  simdjson::dom::array array;
  if (expected["tasks"].get(array) == simdjson::SUCCESS) {
    for (const simdjson::dom::element task : array) {
      const std::string_view golden_name = task["name"];
      const std::string name(golden_name.empty() ? "(not known)" : golden_name);
      const std::int64_t max_ns = task["max_ns"];
      counts.push_back(fmt::format("{} | {} | {} | {} | {}", name, std::int64_t{task["count"]},
                                   std::int64_t{task["complete"]}, std::int64_t{task["total_ns"]},
                                   max_ns));
      if (std::int64_t{task["complete"]} == 0) continue;
      latencies.push_back(fmt::format("{} | {} | {}", name, std::int64_t{task["min_ns"]}, max_ns));
    }
  }
  std::ranges::sort(counts);
  std::ranges::sort(latencies);
  const Document document = PartialOfFile("tasks", GetParam().trace_path)->ToDocument(AllOf());
  std::vector<std::string> lines =
      Lines(document, "tasks", {"task", "count", "complete", "total_ns", "max_ns"});
  std::ranges::sort(lines);
  EXPECT_EQ(lines, counts);
  lines = Lines(document, "latencies", {"task", "min_ns", "max_ns"});
  std::ranges::sort(lines);
  EXPECT_EQ(lines, latencies);
}

GTENGINE_TEST_SHIPPED_TRACES(TasksGoldenTest);

}  // namespace
}  // namespace gtengine
