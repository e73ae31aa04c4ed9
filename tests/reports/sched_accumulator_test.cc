// Which rows the scheduler-latency report counts, and when goroutines get their names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/reports/sched.h"
#include "tests/reports/document_rows.h"
#include "tests/reports/trace_rows.h"

namespace gtengine {
namespace {

using testing::ElementsAre;

const TraceIdentity kTrace{
    .path = "shop/h1/1.trace", .service = "shop", .host = "h1", .start_ns = 5000};

TEST(SchedAccumulatorTest, AsksForRunnableSpansOnly) {
  const SpanRequest request = BeginSched(kTrace)->Request();
  for (std::size_t state = 0; state < kGoStateCount; ++state) {
    EXPECT_EQ(request.states[state], state == static_cast<std::size_t>(GoState::kRunnable));
  }
  EXPECT_FALSE(request.goroutine_columns.end_stack);
  EXPECT_FALSE(request.goroutine_columns.place);
}

TEST(SchedAccumulatorTest, CountsWaitsThatEnded) {
  const std::vector<TestRow> rows = {
      {.start_ns = 5000, .duration_ns = 100},
      {.start_ns = 5000, .duration_ns = 300, .cause = SpanCause::kRestated, .flags = kCutAtStart},
      {.start_ns = 6000, .duration_ns = 70'000, .flags = kCutAtEnd},
      {.start_ns = 6000, .duration_ns = 0},
      {.start_ns = 6000, .duration_ns = -5},
  };
  const Document document = PartialOf(SchedReport(), kTrace, rows)->ToDocument({});
  EXPECT_THAT(Lines(document, "overall", {"count", "total_ns", "p50_ns", "p99_ns", "max_ns"}),
              ElementsAre("2 | 400 | 100 | 300 | 300"));
}

TEST(SchedAccumulatorTest, NamesGoroutinesLate) {
  TraceRows feeder;
  const auto accumulator = BeginSched(kTrace);
  feeder.Feed(*accumulator, {{.goroutine = 3, .start_function = "", .duration_ns = 1},
                             {.goroutine = 4, .start_function = "", .duration_ns = 10},
                             {.goroutine = 5, .start_function = "main.known", .duration_ns = 100}});
  feeder.Name(*accumulator, 3, "main.late");
  feeder.Name(*accumulator, 4, "");
  feeder.Feed(*accumulator, {{.goroutine = 3, .start_function = "", .duration_ns = 1000},
                             {.goroutine = 3, .start_function = "main.late", .duration_ns = 5}});
  const Document document = accumulator->Finish(feeder.tables())->ToDocument({});
  EXPECT_THAT(Lines(document, "start_functions", {"start_function", "count", "total_ns"}),
              ElementsAre("(unknown) | 2 | 1010", "main.known | 1 | 100", "main.late | 2 | 6"));
}

}  // namespace
}  // namespace gtengine
