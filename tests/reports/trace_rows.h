// Rows of goroutine spans written by hand, with the tables that they refer to.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/columns/goroutine_spans.h"
#include "engine/columns/stack_table.h"
#include "engine/reports/report.h"

namespace gtengine {

struct TestFrame {
  std::string_view function;
  std::string_view file;
  std::uint64_t line;
};

struct TestRow {
  std::int64_t g = 1;
  std::uint32_t goroutine = 1;
  std::string_view start_function = "main.worker";
  TimeNs start_ns = 0;
  TimeNs duration_ns = 1000;
  std::vector<TestFrame> stack = {};
  SpanCause cause = SpanCause::kUnblocked;
  std::uint8_t flags = 0;
};

// Feeds rows to an accumulator as the span builder would.
class TraceRows {
 public:
  void Feed(ReportAccumulator& accumulator, const std::vector<TestRow>& rows) {
    for (const TestRow& row : rows) {
      Append(row);
      if (spans_->rows == GoroutineSpans::kRows) Flush(accumulator);
    }
    Flush(accumulator);
  }

  void Name(ReportAccumulator& accumulator, std::uint32_t goroutine, std::string_view name) {
    accumulator.OnLateName(goroutine, tables_.strings.Intern(name), tables_);
  }

  const TraceTables& tables() const { return tables_; }

 private:
  void Append(const TestRow& row) {
    const std::size_t at = spans_->rows++;
    spans_->g[at] = GoId{row.g};
    spans_->goroutine[at] = row.goroutine;
    spans_->start_function[at] = tables_.strings.Intern(row.start_function);
    spans_->start_ns[at] = row.start_ns;
    spans_->end_ns[at] = row.start_ns + row.duration_ns;
    spans_->start_stack[at] = Stack(row.stack);
    spans_->cause[at] = row.cause;
    spans_->flags[at] = row.flags;
  }

  StackRef Stack(const std::vector<TestFrame>& frames) {
    std::vector<FrameRef> refs;
    for (const TestFrame& frame : frames) {
      refs.push_back(tables_.stacks.InternFrame({tables_.strings.Intern(frame.function),
                                                 tables_.strings.Intern(frame.file), frame.line}));
    }
    return tables_.stacks.InternStack(refs);
  }

  void Flush(ReportAccumulator& accumulator) {
    spans_->state = GoState::kRunnable;
    if (spans_->rows > 0) accumulator.OnGoroutineSpans(*spans_, tables_);
    spans_->rows = 0;
  }

  TraceTables tables_;
  std::unique_ptr<GoroutineSpans> spans_ = std::make_unique<GoroutineSpans>();
};

// A partial of one trace with these rows.
inline std::unique_ptr<ReportPartial> PartialOf(const ReportType& report, TraceIdentity trace,
                                                const std::vector<TestRow>& rows) {
  TraceRows feeder;
  const std::unique_ptr<ReportAccumulator> accumulator = report.begin(std::move(trace));
  feeder.Feed(*accumulator, rows);
  return accumulator->Finish(feeder.tables());
}

}  // namespace gtengine
