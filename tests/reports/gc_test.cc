// The gc report, by a trace written by hand and against what Go's reader says of the shipped ones.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

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

// A stop-the-world that another P is slow to heed, an assist, a sweep, and an open mark phase.
const std::string kTrace = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  STWBegin dt=8 kind_string="GC mark termination"
batch m=2 time=104
  ProcStatus p=1 pstatus=running
  ProcStop dt=20
batch m=1 time=135
  STWEnd dt=5
  GCMarkAssistBegin dt=10
  GCMarkAssistEnd dt=7
  GCSweepBegin dt=3
  GCSweepEnd dt=4 swept_value=100 reclaimed_value=40
  GCBegin dt=11 gc_seq=1
  GCMarkAssistBegin dt=10
expect ok 0
)";

TEST(GcTest, CountsWhatTheRuntimeDid) {
  const Document document = PartialOfText("gc", kTrace)->ToDocument({});
  EXPECT_THAT(Lines(document, "ranges", {"range", "count", "total_ns", "max_ns", "open_at_end"}),
              ElementsAre("stop-the-world (GC mark termination) | 1 | 30 | 30 | 0",
                          "GC mark assist | 1 | 7 | 7 | 1", "GC incremental sweep | 1 | 4 | 4 | 0",
                          "GC concurrent mark phase | 0 | 0 | 0 | 1"));
  EXPECT_THAT(
      Lines(document, "stops", {"range", "count", "stopping_ns", "pause_ns", "pause_max_ns"}),
      ElementsAre("stop-the-world (GC mark termination) | 1 | 15 | 15 | 15"));
  EXPECT_THAT(Lines(document, "longest_stops", {"offset_ns", "goroutine", "duration_ns"}),
              ElementsAre("10 | 1 | 30"));
  EXPECT_THAT(Lines(document, "longest_assists", {"goroutine", "duration_ns", "what"}),
              ElementsAre("1 | 7 | GC mark assist"));
  EXPECT_EQ(FactOf(document, "swept"), 100);
  EXPECT_EQ(FactOf(document, "reclaimed"), 40);
  EXPECT_EQ(FactOf(document, "mark_phases"), 0);
}

class GcGoldenTest : public ShippedTraceTest {};

TEST_P(GcGoldenTest, RangesAreThoseOfGo) {
  const simdjson::dom::element expected = Expected();
  std::vector<std::string> golden;
  simdjson::dom::array array;
  if (expected["ranges"].get(array) == simdjson::SUCCESS) {
    for (const simdjson::dom::element range : array) {
      golden.push_back(fmt::format("{} | {} | {} | {}", std::string_view{range["name"]},
                                   std::int64_t{range["count"]}, std::int64_t{range["total_ns"]},
                                   std::int64_t{range["max_ns"]}));
    }
  }
  std::ranges::sort(golden);
  const Document document = PartialOfFile("gc", GetParam().trace_path)->ToDocument(AllOf());
  std::vector<std::string> lines =
      Lines(document, "ranges", {"range", "count", "total_ns", "max_ns"});
  // Those that only began.
  std::erase_if(lines, [](const std::string& line) { return line.ends_with(" | 0 | 0 | 0"); });
  std::ranges::sort(lines);
  EXPECT_EQ(lines, golden);
}

// What goref says (tests/live/goref/mmu.go), by window; "none" where it says nothing.
std::vector<std::string> ExpectedUtilisation(const std::string& name, const std::string& column) {
  std::ifstream file(std::string(GTENGINE_SOURCE_DIR) + "/corpus/expected/mmu.txt");
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::vector<std::string> found(std::istream_iterator<std::string>(words), {});
    if (found.size() < 3 || found[0] != name + ".trace" || found[1] != column) continue;
    found.erase(found.begin(), found.begin() + 2);
    return found;
  }
  ADD_FAILURE() << "nothing is expected of " << name;
  return {"none"};
}

TEST_P(GcGoldenTest, MutatorUtilisationIsThatOfGo) {
  const Document document = PartialOfFile("gc", GetParam().trace_path)->ToDocument(AllOf());
  const Table& table = TableOf(document, "mmu_lost");
  ASSERT_EQ(table.rows.size(), 10u);
  if (GetParam().name.starts_with("shop/web-21/")) {
    // Here GOMAXPROCS is told in the midst of a stop: Go counts the end of that but not its
    // beginning, and so misses the next one.
    EXPECT_EQ(ExpectedUtilisation(GetParam().name, "stops").front(), "1.000000000000");
    EXPECT_EQ(*table.rows.back()[1].integer(), 1'753'048);
    return;
  }
  for (std::size_t column = 1; column <= 4; ++column) {
    const std::vector<std::string> expected =
        ExpectedUtilisation(GetParam().name, table.columns[column].id);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const auto lost = static_cast<double>(*table.rows[i][column].integer());
      if (expected.front() == "none") {
        EXPECT_EQ(lost, 0);
        continue;
      }
      EXPECT_NEAR(1 - lost / 1e9, std::stod(expected.at(i)), 1.001e-9)
          << table.columns[column].id << " " << TextOf(table.rows[i][0]);
    }
  }
}

GTENGINE_TEST_SHIPPED_TRACES(GcGoldenTest);

}  // namespace
}  // namespace gtengine
