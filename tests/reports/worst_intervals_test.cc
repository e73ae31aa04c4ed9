#include "engine/reports/worst_intervals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/io/mapped_file.h"
#include "tests/reports/report_run.h"

namespace gtengine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kTrace = R"(
version 26
generation 3
frequency 1000000000
batch m=1 time=1000
  ProcStatus p=0 pstatus=running dt=0
  GoStatus g=1 gstatus=running dt=0
  GoStatus g=2 gstatus=waiting dt=0
  UserTaskBegin dt=100 task=7 parent_task=0 name_string="pay" stack=(main.pay@p.go:3 main.main@p.go:1)
  STWBegin dt=10 kind_string="GC mark termination" stack=(main.gc@p.go:9)
  STWEnd dt=40
  GoUnblock dt=50 g=2 g_seq=1 stack=(main.wake@p.go:5)
  GoBlock dt=100 reason_string="chan receive" stack=(main.recv@p.go:8)
  GoStart dt=200 g=2 g_seq=2
generation 4
frequency 1000000000
batch m=1 time=5000
  ProcStatus p=0 pstatus=running dt=0
  GoStatus g=2 gstatus=running dt=0
  GoStatus g=1 gstatus=waiting dt=0
  GoUnblock dt=100 g=1 g_seq=1 stack=(main.wake@p.go:5)
  GoBlock dt=100 reason_string="sleep" stack=(main.nap@p.go:2)
  GoStart dt=100 g=1 g_seq=2
  UserTaskEnd dt=100 task=7
expect ok 19
)";

std::unique_ptr<ReportPartial> Found(IntervalQuery query, std::size_t k = 10,
                                     std::string path = "t") {
  const std::vector<std::uint8_t> padded = testing::PaddedTrace(kTrace);
  const PaddedView view = PaddedView::Promise(padded.data(), padded.size() - kReadableTailBytes);
  return testing::PartialOfTrace(WorstIntervals(std::move(query), k), view,
                                 {.path = std::move(path), .service = {}, .host = {}});
}

// Each interval as "LENGTH GOROUTINE TASK FIRST LAST WHY LEAF", as far as the kind has them.
std::vector<std::string> Lines(const ReportPartial& partial, std::size_t top = 20) {
  std::vector<std::string> lines;
  const Document document = partial.ToDocument({.top = top});
  const Table& table = document.tables.at(0);
  for (const std::vector<Cell>& row : table.rows) {
    std::string& line = lines.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string& id = table.columns[i].id;
      if (id != "length_ns" && id != "goroutine" && id != "first_generation" &&
          id != "last_generation" && id != "what" && id != "function" && id != "task") {
        continue;
      }
      if (!line.empty()) line += ' ';
      if (row[i].integer() != nullptr) {
        line += std::to_string(static_cast<long long>(*row[i].integer()));
      } else {
        line += row[i].is_empty() ? "-" : *row[i].text();
      }
    }
  }
  return lines;
}

TEST(WorstIntervalsTest, Runnable) {
  EXPECT_THAT(Lines(*Found({.kind = IntervalKind::kRunnable, .task_name = {}})),
              ElementsAre("300 2 3 3 main.wake", "200 1 4 4 main.wake"));
}

TEST(WorstIntervalsTest, BlockedAcrossGenerations) {
  // The wait of goroutine 2 at the end is open, that at the start began before.
  EXPECT_THAT(Lines(*Found({.kind = IntervalKind::kBlocked, .task_name = {}})),
              ElementsAre("3800 1 3 4 chan receive main.recv", "197 2 3 3 - -"));
}

TEST(WorstIntervalsTest, StopTheWorld) {
  EXPECT_THAT(Lines(*Found({.kind = IntervalKind::kStopTheWorld, .task_name = {}})),
              ElementsAre("40 1 3 3 stop-the-world (GC mark termination) main.gc"));
}

TEST(WorstIntervalsTest, TasksOfOneName) {
  EXPECT_THAT(Lines(*Found({.kind = IntervalKind::kTask, .task_name = "pay"})),
              ElementsAre("4300 1 7 3 4 main.pay"));
  EXPECT_THAT(Lines(*Found({.kind = IntervalKind::kTask, .task_name = "play"})), IsEmpty());
}

TEST(WorstIntervalsTest, SyscallsThereAreNone) {
  EXPECT_THAT(Lines(*Found({.kind = IntervalKind::kSyscall, .task_name = {}})), IsEmpty());
}

TEST(WorstIntervalsTest, OnlySoMany) {
  const IntervalQuery query{.kind = IntervalKind::kRunnable, .task_name = {}};
  EXPECT_EQ(Lines(*Found(query, 1)).size(), 1);
  EXPECT_EQ(Lines(*Found(query, 10), 1).size(), 1);
}

TEST(WorstIntervalsTest, StacksAreWhole) {
  const auto partial = Found({.kind = IntervalKind::kTask, .task_name = "pay"});
  const Document document = partial->ToDocument({});
  const Table& stacks = document.tables.at(1);
  ASSERT_EQ(stacks.rows.size(), 2);
  EXPECT_EQ(*stacks.rows[1][2].text(), "main.main");
  EXPECT_EQ(*stacks.rows[1][3].text(), "p.go:1");
}

TEST(WorstIntervalsTest, AnyOrderOfCombinationGivesTheSame) {
  const IntervalQuery query{.kind = IntervalKind::kRunnable, .task_name = {}};
  const ReportType report = WorstIntervals(query, 3);
  std::vector<std::string> results;
  for (const bool reversed : {false, true}) {
    auto all = report.empty();
    std::vector<std::string> paths = {"a", "b", "c"};
    if (reversed) paths = {"c", "b", "a"};
    for (const std::string& path : paths) all->Combine(*Found(query, 3, path));
    results.push_back(all->Serialize());
    EXPECT_THAT(Lines(*all),
                ElementsAre("300 2 3 3 main.wake", "300 2 3 3 main.wake", "300 2 3 3 main.wake"));
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_FALSE(report.parse(results[0]).ok());
}

}  // namespace
}  // namespace gtengine
