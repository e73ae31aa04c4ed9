#include "engine/spans/column_sinks.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/spans/column_recorder.h"

namespace gtengine::spans {
namespace {

using gtengine::testing::ColumnRecorder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

void AddMetric(ColumnSinks& sinks, TimeNs time_ns) {
  const auto [metrics, row] = sinks.metrics.AddRow();
  metrics.time_ns[row] = time_ns;
  metrics.g[row] = kNoGoroutine;
  metrics.p[row] = kNoProc;
  metrics.m[row] = kNoThread;
  metrics.kind[row] = MetricKind::kHeapAlloc;
  metrics.value[row] = 7;
}

void AddProcSpan(ColumnSinks& sinks, TimeNs start_ns) {
  const auto [spans, row] = sinks.proc_spans.AddRow();
  spans.p[row] = ProcId{0};
  spans.state[row] = ProcState::kIdle;
  spans.start_ns[row] = start_ns;
  spans.end_ns[row] = start_ns + 1;
  spans.m[row] = kNoThread;
  spans.runnable_ns[row] = 0;
  spans.flags[row] = 0;
}

TEST(ColumnSinksTest, OnlyWhoWantsASetGetsIt) {
  const TraceTables tables;
  ColumnRecorder wants_metrics({.metrics = true});
  ColumnRecorder wants_nothing(SetRequest{});
  SpanConsumer* consumers[] = {&wants_metrics, &wants_nothing};
  ColumnSinks sinks(consumers, tables);
  EXPECT_TRUE(sinks.metrics.is_wanted());
  EXPECT_FALSE(sinks.proc_spans.is_wanted());
  AddMetric(sinks, 5);
  EXPECT_THAT(wants_metrics.lines, IsEmpty());
  sinks.round.Flush();
  sinks.round.Flush();
  EXPECT_THAT(wants_metrics.lines, ElementsAre("metric at 5 m=-1 p=-1 g=-1 heap alloc=7"));
  EXPECT_THAT(wants_nothing.lines, IsEmpty());
}

// The set that fills its chunk first makes the round; no row comes in two.
TEST(ColumnSinksTest, AFullChunkSendsAllSetsInTheirOrder) {
  const TraceTables tables;
  ColumnRecorder recorder({.proc_spans = true, .metrics = true});
  SpanConsumer* consumers[] = {&recorder};
  ColumnSinks sinks(consumers, tables);
  for (std::size_t i = 0; i < ProcSpans::kRows; ++i) AddProcSpan(sinks, static_cast<TimeNs>(i));
  AddMetric(sinks, 5);
  EXPECT_THAT(recorder.lines, IsEmpty());
  AddProcSpan(sinks, ProcSpans::kRows);
  ASSERT_THAT(recorder.lines, SizeIs(ProcSpans::kRows + 1));
  EXPECT_EQ(recorder.lines.front(), "metric at 5 m=-1 p=-1 g=-1 heap alloc=7");
  for (std::size_t i = 0; i < ProcSpans::kRows; ++i) {
    EXPECT_EQ(recorder.lines[i + 1],
              fmt::format("p=0 Idle {}..{} m=-1 runnable=0 flags=0", i, i + 1));
  }
  sinks.round.Flush();
  EXPECT_THAT(recorder.lines, SizeIs(ProcSpans::kRows + 2));
  EXPECT_EQ(recorder.lines.back(), "p=0 Idle 1024..1025 m=-1 runnable=0 flags=0");
}

}  // namespace
}  // namespace gtengine::spans
