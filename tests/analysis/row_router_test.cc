// Laws of choosing and telling apart rows, on real traces: through whole scans.
#include "engine/analysis/row_router.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/reports/registry.h"
#include "engine/run/corpus_scan.h"
#include "engine/run/partial_file.h"
#include "tests/run/scan_setup.h"

namespace gtengine {
namespace {

// Traces with tasks and regions, with many goroutines, and a legacy one.
std::vector<std::string> Paths() {
  return {run::CorpusPath("shop/web-24/20261123/094801.trace"),
          run::CorpusPath("shop/web-21/20261124/095519.trace"),
          run::CorpusPath("edge/sys-22/20261123/094824.trace"),
          run::CorpusPath("edge/procs-27/20261123/094830.trace")};
}

TextFilter Filter(const std::string& pattern) { return TextFilter::Parse({pattern}).value(); }

run::ScanOptions Options(const std::string& report, RowChoice rows = {}) {
  run::ScanOptions options = run::SchedOptions();
  options.reports = {FindReport(report)};
  options.rows = std::move(rows);
  if (options.rows.by_task) options.selection.group_by.push_back(run::GroupKey::kTask);
  if (options.rows.by_goroutine) options.selection.group_by.push_back(run::GroupKey::kGoroutine);
  return options;
}

std::string Serialized(const std::string& report, RowChoice rows = {}) {
  return run::ScanCorpus(Paths(), Options(report, std::move(rows))).partial(0).Serialize();
}

// What the parts come to together.
std::string Sum(const std::string& report, const std::vector<RowChoice>& parts) {
  const auto sum = FindReport(report)->empty();
  for (const RowChoice& part : parts) {
    const auto result = run::ScanCorpus(Paths(), Options(report, part));
    sum->Combine(result.partial(0));
  }
  return sum->Serialize();
}

std::string SumOfGroups(const std::string& report, RowChoice rows) {
  const auto sum = FindReport(report)->empty();
  const auto file = run::ScanCorpusToPartial(Paths(), Options(report, std::move(rows)));
  std::size_t groups = 0;
  for (const run::TraceResult& trace : file.traces) {
    groups += trace.row_groups.size();
    for (const run::RowGroup& group : trace.row_groups) sum->Combine(*group.partials[0]);
  }
  // More than one a trace, where every trace has rows.
  EXPECT_GE(groups, report == "sched" ? Paths().size() + 1 : 1);
  return sum->Serialize();
}

// Reports whose numbers are sums over rows, so that parts add up to the whole.
const char* const kSums[] = {"sched", "blocking", "syscalls", "cpu", "labels", "logs"};

TEST(RowRouterTest, AFilterAndItsContraryAddUpToAll) {
  struct Case {
    TextFilter RowChoice::*filter;
    const char* pattern;
  };
  const Case cases[] = {{&RowChoice::task, "checkout"},    {&RowChoice::region, "/./"},
                        {&RowChoice::goroutine, "main.*"}, {&RowChoice::stack, "runtime.*"},
                        {&RowChoice::log, "/a/"},          {&RowChoice::label, "GC*"}};
  for (const char* report : kSums) {
    const std::string all = Serialized(report);
    for (const Case& one : cases) {
      RowChoice with;
      with.*one.filter = Filter(one.pattern);
      RowChoice without;
      without.*one.filter = Filter(std::string("!") + one.pattern);
      EXPECT_TRUE(Sum(report, {with, without}) == all) << report << ' ' << one.pattern;
      // What both want is nothing.
      RowChoice both;
      both.*one.filter = TextFilter::Parse({one.pattern, std::string("!") + one.pattern}).value();
      EXPECT_TRUE(Serialized(report, both) == FindReport(report)->empty()->Serialize()) << report;
    }
  }
}

TEST(RowRouterTest, TheFiltersDivideTheseTraces) {
  RowChoice task;
  task.task = Filter("checkout");
  RowChoice goroutine;
  goroutine.goroutine = Filter("main.*");
  const std::string none = FindReport("sched")->empty()->Serialize();
  for (const RowChoice& rows : {task, goroutine}) {
    EXPECT_NE(Serialized("sched", rows), none);
    EXPECT_NE(Serialized("sched", rows), Serialized("sched"));
  }
}

TEST(RowRouterTest, GroupsAddUpToAll) {
  for (const char* report : kSums) {
    const std::string all = Serialized(report);
    EXPECT_TRUE(SumOfGroups(report, {.by_task = true}) == all) << report;
    EXPECT_TRUE(SumOfGroups(report, {.by_goroutine = true}) == all) << report;
    EXPECT_TRUE(SumOfGroups(report, {.by_task = true, .by_goroutine = true}) == all) << report;
  }
}

TEST(RowRouterTest, AcceptingEveryRowChangesNothing) {
  for (const ReportType& report : AllReports()) {
    if (report.is_of_whole_traces) continue;
    const std::string name(report.name);
    // Marks of any kind do not refuse.
    RowChoice rows;
    rows.task = rows.region = rows.goroutine = rows.stack = rows.log = rows.label =
        Filter("!no such thing anywhere");
    EXPECT_TRUE(Serialized(name, rows) == Serialized(name)) << name;
  }
}

TEST(RowRouterTest, AGroupIsWhatItsFilterLeaves) {
  for (const char* report : {"sched", "tasks", "regions", "goroutines", "blocking"}) {
    const auto file = run::ScanCorpusToPartial(Paths(), Options(report, {.by_task = true}));
    const auto group = FindReport(report)->empty();
    for (const run::TraceResult& trace : file.traces) {
      for (const run::RowGroup& rows : trace.row_groups) {
        if (rows.texts.front() == "checkout") group->Combine(*rows.partials[0]);
      }
    }
    RowChoice rows;
    rows.task = Filter("checkout");
    EXPECT_TRUE(group->Serialize() == Serialized(report, rows)) << report;
  }
}

}  // namespace
}  // namespace gtengine
