// The regions report, by a trace written by hand and against what Go says of the shipped ones.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
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

// A region with one inside it in which the goroutine blocks, and one that stays open.
const std::string kTrace = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  UserTaskBegin dt=8 task=7 parent_task=0 name_string="order" stack=(main.main@m.go:1)
  UserRegionBegin dt=10 task=7 name_string="outer" stack=(main.a@m.go:1 main.main@m.go:9)
  UserRegionBegin dt=10 task=0 name_string="inner" stack=(main.b@m.go:2 main.main@m.go:9)
  GoBlock dt=5 reason_string="chan receive" stack=(main.main@m.go:2)
batch m=2 time=140
  ProcStatus p=1 pstatus=running
  GoStatus g=2 m=2 gstatus=running
  GoUnblock dt=10 g=1 g_seq=1
batch m=1 time=155
  GoStart dt=5 g=1 g_seq=2
  UserRegionEnd dt=4 task=0 name_string="inner" stack=(main.main@m.go:3)
  UserRegionEnd dt=6 task=7 name_string="outer" stack=(main.main@m.go:3)
  UserRegionBegin dt=10 task=0 name_string="inner" stack=(main.b@m.go:2 main.main@m.go:10)
expect ok 0
)";

TEST(RegionsTest, CountsThemAndTheirTime) {
  const Document document = PartialOfText("regions", kTrace)->ToDocument({});
  EXPECT_THAT(Lines(document, "regions",
                    {"region", "count", "cut", "total_ns", "max_ns", "self_ns", "function",
                     "location", "task"}),
              ElementsAre("outer | 1 | 0 | 50 | 50 | 16 | main.a | m.go:1 | order",
                          "inner | 2 | 1 | 35 | 34 | 35 | main.b | m.go:2 | -"));
  EXPECT_THAT(
      Lines(document, "inside", {"region", "inside_ns", "running_ns", "runnable_ns", "blocked_ns"}),
      ElementsAre("outer | 50 | 25 | 8 | 17", "inner | 35 | 10 | 8 | 17"));
  EXPECT_THAT(Lines(document, "blocked", {"region", "reason", "blocked_ns", "share"}),
              ElementsAre("inner | chan receive | 17 | 486", "outer | chan receive | 17 | 340"));
  EXPECT_THAT(Lines(document, "longest", {"what", "duration_ns", "more"}),
              ElementsAre("outer | 50 | order", "inner | 34 | -"));
}

class RegionsGoldenTest : public ShippedTraceTest {};

// What Go has by name alone.
struct ByName {
  Int128 count = 0;
  Int128 cut = 0;
  Int128 total_ns = 0;
  Int128 max_ns = 0;
  Int128 min_ns = std::numeric_limits<std::int64_t>::max();
};

TEST_P(RegionsGoldenTest, NumbersAreThoseOfGo) {
  const simdjson::dom::element expected = Expected();
  std::vector<std::string> golden;
  simdjson::dom::array array;
  if (expected["regions"].get(array) == simdjson::SUCCESS) {
    for (const simdjson::dom::element region : array) {
      const std::int64_t count = region["count"];
      golden.push_back(fmt::format("{} {} {} {} {} {}", std::string_view{region["name"]}, count,
                                   count - std::int64_t{region["complete"]},
                                   std::int64_t{region["total_ns"]}, std::int64_t{region["max_ns"]},
                                   std::int64_t{region["min_ns"]}));
    }
  }
  std::ranges::sort(golden);

  const Document document =
      PartialOfFile("regions", GetParam().trace_path)->ToDocument(AllOf(true));
  const Table& table = TableOf(document, "regions");
  std::map<std::string, ByName> by_name;
  const auto number = [&](const std::vector<Cell>& row, std::string_view id) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (table.columns[i].id == id) return *row[i].integer();
    }
    ADD_FAILURE() << "no column " << id;
    return Int128{0};
  };
  for (const auto& row : table.rows) {
    if (TextOf(row[0]) == "(not known)") continue;  // Go's reference program leaves these out
    ByName& sum = by_name[TextOf(row[0])];
    sum.count += number(row, "count");
    sum.cut += number(row, "cut");
    sum.total_ns += number(row, "total_ns");
    sum.max_ns = std::max(sum.max_ns, number(row, "max_ns"));
    sum.min_ns = std::min(sum.min_ns, number(row, "min_ns"));
  }
  std::vector<std::string> lines;
  for (const auto& [name, sum] : by_name) {
    lines.push_back(fmt::format("{} {} {} {} {} {}", name, sum.count, sum.cut, sum.total_ns,
                                sum.max_ns, sum.min_ns));
  }
  std::ranges::sort(lines);
  EXPECT_EQ(lines, golden);
}

GTENGINE_TEST_SHIPPED_TRACES(RegionsGoldenTest);

}  // namespace
}  // namespace gtengine
