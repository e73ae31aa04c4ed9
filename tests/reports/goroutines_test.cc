// The goroutines report, by a trace written by hand and against what Go's summarizer says of the
// shipped ones.
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

TEST(GoroutinesTest, CountsThemAndTheirTimes) {
  const Document document = PartialOfText("goroutines", R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  GoCreate dt=8 new_g=2 new_stack=(main.worker@m.go:9) stack=(main.main@m.go:3)
  GoCreate dt=10 new_g=3 new_stack=(main.worker@m.go:9) stack=(main.main@m.go:3)
  GoBlock dt=5 reason_string="chan receive" stack=(main.main@m.go:4)
  GoStart dt=5 g=2 g_seq=1
  GoDestroy dt=20
  GoStart dt=2 g=3 g_seq=1
  GoSyscallBegin dt=3 p_seq=1
  GoSyscallEnd dt=7
expect ok 0
)")
                                ->ToDocument({});
  EXPECT_THAT(
      Lines(document, "functions",
            {"start_function", "count", "created", "ended", "peak_alive", "longest_run_ns"}),
      ElementsAre("main.worker | 2 | 2 | 1 | 2 | 20", "main.main | 1 | 0 | 0 | 1 | 23"));
  EXPECT_THAT(Lines(document, "times",
                    {"start_function", "running_ns", "runnable_ns", "blocked_ns", "syscall_ns",
                     "syscall_blocked_ns", "total_ns"}),
              ElementsAre("main.main | 25 | 0 | 38 | 0 | 0 | 63",
                          "main.worker | 24 | 52 | 0 | 7 | 0 | 83"));
  EXPECT_THAT(Lines(document, "blocked", {"start_function", "reason", "blocked_ns", "share"}),
              ElementsAre("main.main | chan receive | 38 | 603"));
  EXPECT_THAT(Lines(document, "longest_runs", {"goroutine", "duration_ns", "offset_ns", "what"}),
              ElementsAre("1 | 23 | 2 | main.main", "2 | 20 | 30 | main.worker",
                          "3 | 3 | 52 | main.worker", "3 | 1 | 62 | main.worker"));
}

std::string NameOf(std::string_view name) {
  return name.empty() ? "(not known)" : std::string(name);
}

class GoroutinesGoldenTest : public ShippedTraceTest {
 protected:
  void SetUp() override {
    const simdjson::dom::element expected = ShippedTraceTest::Expected();
    ASSERT_EQ(expected["goroutines"].get(goroutines_), simdjson::SUCCESS);
  }

  // The rows of the golden, with the numbers of the fields named.
  std::vector<std::string> Expected(const std::vector<const char*>& fields) {
    std::vector<std::string> lines;
    for (const simdjson::dom::element one : goroutines_) {
      std::string& line = lines.emplace_back(NameOf(one["name"]));
      for (const char* field : fields) line += fmt::format(" | {}", std::int64_t{one[field]});
    }
    std::ranges::sort(lines);
    return lines;
  }
  // Likewise of a table of parts, without what is 0.
  std::vector<std::string> ExpectedParts(const char* parts) {
    std::vector<std::string> lines;
    for (const simdjson::dom::element one : goroutines_) {
      const simdjson::dom::object object = one[parts];
      for (const auto field : object) {
        if (std::int64_t{field.value} == 0) continue;
        lines.push_back(fmt::format("{} | {} | {}", NameOf(one["name"]), NameOf(field.key),
                                    std::int64_t{field.value}));
      }
    }
    std::ranges::sort(lines);
    return lines;
  }

  simdjson::dom::array goroutines_;
};

std::vector<std::string> Sorted(std::vector<std::string> lines) {
  std::ranges::sort(lines);
  return lines;
}

TEST_P(GoroutinesGoldenTest, NumbersAreThoseOfGo) {
  const Document document =
      PartialOfFile("goroutines", GetParam().trace_path)->ToDocument(AllOf(true));
  EXPECT_EQ(Sorted(Lines(document, "functions", {"start_function", "count"})), Expected({"count"}));
  EXPECT_EQ(Sorted(Lines(document, "times",
                         {"start_function", "running_ns", "runnable_ns", "syscall_ns",
                          "syscall_blocked_ns", "total_ns"})),
            Expected({"exec_ns", "sched_wait_ns", "syscall_ns", "syscall_block_ns", "total_ns"}));
  EXPECT_EQ(Sorted(Lines(document, "blocked", {"start_function", "reason", "blocked_ns"})),
            ExpectedParts("block_ns"));
  EXPECT_EQ(Sorted(Lines(document, "ranges", {"start_function", "range", "range_ns"})),
            ExpectedParts("range_ns"));
}

// In full, what the parts of a goroutine's time come to is its time; but for the time after it
// blocked forever, and for what Go leaves out of an unknown state.
TEST_P(GoroutinesGoldenTest, PartsAddUpToTheWhole) {
  const Document document = PartialOfFile("goroutines", GetParam().trace_path)->ToDocument(AllOf());
  const Table& times = TableOf(document, "times");
  ASSERT_FALSE(times.rows.empty());
  for (const auto& row : times.rows) {
    Int128 sum = 0;
    for (std::size_t i = 1; i + 1 < row.size(); ++i) sum += *row[i].integer();
    EXPECT_EQ(sum, *row.back().integer()) << TextOf(row.front());
  }
}

GTENGINE_TEST_SHIPPED_TRACES(GoroutinesGoldenTest);

}  // namespace
}  // namespace gtengine
