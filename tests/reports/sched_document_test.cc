// Under which heading the scheduler-latency report tells what.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/reports/sched.h"
#include "tests/reports/document_rows.h"
#include "tests/reports/trace_rows.h"

namespace gtengine {
namespace {

const TraceIdentity kTrace{
    .path = "shop/h1/1.trace", .service = "shop", .host = "h1", .start_ns = 5000};
const std::vector<TestFrame> kSend = {{"runtime.chansend1", "runtime/chan.go", 161},
                                      {"main.produce", "main.go", 10},
                                      {"main.main", "main.go", 20}};
const std::vector<TestFrame> kSendElsewhere = {{"runtime.chansend1", "runtime/chan.go", 161},
                                               {"main.produce", "main.go", 10},
                                               {"main.other", "main.go", 30}};
const std::vector<TestFrame> kGo = {{"main.main", "main.go", 25}};

Document DocumentOf(const std::vector<TestRow>& rows, ReportOptions options = {}) {
  return PartialOf(SchedReport(), kTrace, rows)->ToDocument(options);
}

using testing::ElementsAre;

TEST(SchedDocumentTest, TellsCauses) {
  const Document document = DocumentOf({
      {.duration_ns = 1, .cause = SpanCause::kCreated, .flags = kNeverRanYet},
      {.duration_ns = 10, .cause = SpanCause::kUnblocked},
      {.duration_ns = 100, .cause = SpanCause::kYielded},
      {.duration_ns = 1000, .cause = SpanCause::kSyscallEnded},
      {.duration_ns = 10000, .cause = SpanCause::kRestated, .flags = kCutAtStart},
  });
  EXPECT_THAT(Lines(document, "causes", {"cause", "count", "total_ns"}),
              ElementsAre("found runnable at the trace's start | 1 | 10000",
                          "after syscall | 1 | 1000", "after yield or preemption | 1 | 100",
                          "after unblock | 1 | 10", "first run after creation | 1 | 1"));
}

TEST(SchedDocumentTest, MergesSitesByLeafAndCaller) {
  const auto partial = PartialOf(SchedReport(), kTrace,
                                 {{.duration_ns = 50, .stack = kSend},
                                  {.duration_ns = 60, .stack = kSendElsewhere},
                                  {.duration_ns = 70, .stack = kSend},
                                  {.duration_ns = 1000, .stack = kGo, .flags = kNeverRanYet},
                                  {.duration_ns = 2, .cause = SpanCause::kSyscallEnded}});
  EXPECT_THAT(
      Lines(partial->ToDocument({}), "sites",
            {"function", "location", "caller", "caller_location", "count", "total_ns",
             "first_run_count", "first_run_ns"}),
      ElementsAre("main.main | main.go:25 | - | - | 1 | 1000 | 1 | 1000",
                  "runtime.chansend1 | runtime/chan.go:161 | main.produce | main.go:10 | 3 | 180 | "
                  "0 | 0",
                  "(no stack: after a syscall or a coroutine switch) | - | - | - | 1 | 2 | 0 | 0"));
}

TEST(SchedDocumentTest, ListsAtMostTopSitesWithTiesByContent) {
  const Document document = DocumentOf({{.duration_ns = 5, .stack = {{"c", "f", 1}}},
                                        {.duration_ns = 5, .stack = {{"a", "f", 1}}},
                                        {.duration_ns = 5, .stack = {{"b", "f", 1}}}},
                                       {.top = 2});
  EXPECT_THAT(Lines(document, "sites", {"function"}), ElementsAre("a", "b"));
}

TEST(SchedDocumentTest, LeavesOutWhatGoToolTraceLoses) {
  const std::vector<TestRow> rows = {
      {.duration_ns = 1000, .stack = kSend},
      {.duration_ns = 300, .stack = kGo, .cause = SpanCause::kCreated, .flags = kNeverRanYet},
      {.start_function = "main.ended", .duration_ns = 9000, .flags = kAfterForever}};
  const Document full = DocumentOf(rows);
  EXPECT_THAT(Lines(full, "overall", {"count", "total_ns", "max_ns"}),
              ElementsAre("3 | 10300 | 9000"));
  EXPECT_THAT(
      full.notes.front(),
      testing::StartsWith("Counted here and not by go tool trace: 2 waits (9300 ns); 200.00 "
                          "% more waits, 930.00 % more time. "));
  EXPECT_EQ(TableOf(full, "worst").rows.size(), 3u);

  const Document compat = DocumentOf(rows, {.compat_go_tool_trace = true});
  for (const char* table : {"overall", "causes", "sites", "start_functions", "services", "worst"}) {
    EXPECT_EQ(TableOf(compat, table).rows.size(), 1u) << table;
  }
  EXPECT_THAT(Lines(compat, "sites", {"function", "count", "total_ns", "max_ns"}),
              ElementsAre("runtime.chansend1 | 1 | 1000 | 1000"));
}

TEST(SchedDocumentTest, SaysWhenGoToolTraceCountsTheSameOrNothing) {
  EXPECT_EQ(DocumentOf({{.duration_ns = 5}}).notes.front(), "go tool trace counts the same waits.");
  EXPECT_THAT(DocumentOf({{.duration_ns = 5, .flags = kNeverRanYet}}).notes.front(),
              testing::HasSubstr("1 wait (5 ns); it counts none."));
}

TEST(SchedDocumentTest, FindsTheWorst) {
  const Document document =
      DocumentOf({{.g = 7, .start_ns = 6000, .duration_ns = 10, .stack = kSend},
                  {.g = 9, .start_ns = 5500, .duration_ns = 10, .cause = SpanCause::kYielded},
                  {.g = 8, .start_ns = 5500, .duration_ns = 10, .stack = kGo},
                  {.g = 1, .start_ns = 9000, .duration_ns = 99, .flags = kNeverRanYet},
                  {.g = 2, .start_ns = 5000, .duration_ns = 9}},
                 {.top = 4});
  EXPECT_THAT(Lines(document, "worst",
                    {"trace", "offset_ns", "goroutine", "duration_ns", "function", "cause"}),
              ElementsAre("shop/h1/1.trace | 4000 | 1 | 99 | - | after unblock",
                          "shop/h1/1.trace | 500 | 8 | 10 | main.main | after unblock",
                          "shop/h1/1.trace | 500 | 9 | 10 | - | after yield or preemption",
                          "shop/h1/1.trace | 1000 | 7 | 10 | runtime.chansend1 | after unblock"));
}

TEST(SchedDocumentTest, TellsServicesApart) {
  TraceIdentity other = kTrace;
  other.service = "chat";
  const auto partial = PartialOf(SchedReport(), kTrace, {{.duration_ns = 5}});
  partial->Combine(*PartialOf(SchedReport(), other, {{.duration_ns = 7}, {.duration_ns = 1}}));
  EXPECT_THAT(Lines(partial->ToDocument({}), "services", {"service", "count", "total_ns"}),
              ElementsAre("chat | 2 | 8", "shop | 1 | 5"));
}

}  // namespace
}  // namespace gtengine
