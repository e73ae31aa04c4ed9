#include "engine/reports/worst_intervals.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>

#include "engine/analysis/report_tables.h"
#include "engine/base/check.h"
#include "engine/columns/generations.h"
#include "engine/columns/ranges.h"
#include "engine/columns/span_flags.h"
#include "engine/columns/tasks.h"

namespace gtengine {
namespace {

using Worst = TopK<WorstInterval, WorstIntervalFirst>;

GoState StateOf(IntervalKind kind) {
  switch (kind) {
    case IntervalKind::kRunnable:
      return GoState::kRunnable;
    case IntervalKind::kSyscall:
      return GoState::kSyscall;
    case IntervalKind::kBlocked:
      return GoState::kWaiting;
    default:
      return GoState::kUndetermined;
  }
}

bool HasReason(IntervalKind kind) {
  return kind == IntervalKind::kBlocked || kind == IntervalKind::kStopTheWorld;
}

std::string TitleOf(const IntervalQuery& query) {
  switch (query.kind) {
    case IntervalKind::kRunnable:
      return "The longest waits of runnable goroutines";
    case IntervalKind::kSyscall:
      return "The longest system calls";
    case IntervalKind::kBlocked:
      return "The longest times that goroutines were blocked";
    case IntervalKind::kTask:
      return fmt::format("The longest tasks \"{}\"", query.task_name);
    case IntervalKind::kStopTheWorld:
      return "The longest stops of the world";
  }
  return {};
}

// "file:line", or nothing without a file.
Cell Place(const ProfileFrame& frame) {
  return TextCell(frame.file.empty() ? "" : fmt::format("{}:{}", frame.file, frame.line));
}

class IntervalsPartial final : public ReportPartial {
 public:
  IntervalsPartial(IntervalQuery query, std::size_t k) : query_(std::move(query)), worst_(k) {}

  void Add(WorstInterval interval) { worst_.Add(std::move(interval)); }

  void Combine(const ReportPartial& other_report) override {
    const auto* other = dynamic_cast<const IntervalsPartial*>(&other_report);
    GTENGINE_CHECK(other != nullptr);
    worst_.Combine(other->worst_);
  }

  std::string Serialize() const override {
    std::string text;
    for (const WorstInterval& i : worst_.Sorted()) {
      text += fmt::format("{} {} {} {} {} {} {} {} {}-{} {}-{}", i.length_ns, i.path, i.service,
                          i.host, i.offset_ns, Raw(i.g), i.task, i.what, i.first_generation,
                          i.last_generation, i.begin_byte, i.end_byte);
      for (const ProfileFrame& frame : i.stack) {
        text += fmt::format(" {} {}:{}", frame.function, frame.file, frame.line);
      }
      text += '\n';
    }
    return text;
  }

  Document ToDocument(const ReportOptions& options) const override {
    std::vector<WorstInterval> sorted = worst_.Sorted();
    sorted.resize(std::min(sorted.size(), options.top));
    Document document{
        .report = "find", .title = TitleOf(query_), .facts = {}, .tables = {}, .notes = {}};
    document.tables.push_back(IntervalsTable(sorted));
    document.tables.push_back(StacksTable(sorted));
    document.notes.push_back(
        "What is still open at a trace's end is left out; what began before a trace counts from "
        "its start.");
    return document;
  }

 private:
  Table IntervalsTable(const std::vector<WorstInterval>& intervals) const;
  Table StacksTable(const std::vector<WorstInterval>& intervals) const;

  IntervalQuery query_;
  Worst worst_;
};

Table IntervalsTable(const IntervalQuery& query) {
  Table table{.id = "intervals", .heading = "Intervals", .columns = {}, .rows = {}};
  table.columns = {
      KeyColumn("rank", "rank", Unit::kId), ValueColumn("length_ns", "length", Unit::kNs),
      ValueColumn("offset_ns", "at", Unit::kNs), ValueColumn("goroutine", "goroutine", Unit::kId)};
  if (query.kind == IntervalKind::kTask) {
    table.columns.push_back(ValueColumn("task", "task", Unit::kId));
  }
  table.columns.insert(
      table.columns.end(),
      {ValueColumn("first_generation", "generations", Unit::kId),
       ValueColumn("last_generation", "to", Unit::kId),
       ValueColumn("begin_byte", "bytes", Unit::kId), ValueColumn("end_byte", "to", Unit::kId)});
  if (HasReason(query.kind)) table.columns.push_back(ValueColumn("what", "why", Unit::kText));
  table.columns.push_back(ValueColumn("function", "in", Unit::kText));
  table.columns.push_back(ValueColumn("service", "service", Unit::kText));
  table.columns.push_back(ValueColumn("host", "host", Unit::kText));
  // Last, so that a terminal has room for it.
  table.columns.push_back(ValueColumn("trace", "trace", Unit::kText));
  return table;
}

Table IntervalsPartial::IntervalsTable(const std::vector<WorstInterval>& intervals) const {
  Table table = gtengine::IntervalsTable(query_);
  for (const WorstInterval& interval : intervals) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row = {NumberCell(table.rows.size()), Cell::Integer(interval.length_ns),
           Cell::Integer(interval.offset_ns), Cell::Integer(Raw(interval.g))};
    if (query_.kind == IntervalKind::kTask) row.push_back(NumberCell(interval.task));
    for (const std::uint64_t number : {interval.first_generation, interval.last_generation,
                                       interval.begin_byte, interval.end_byte}) {
      row.push_back(NumberCell(number));
    }
    if (HasReason(query_.kind)) row.push_back(TextCell(interval.what));
    row.push_back(interval.stack.empty() ? Cell() : TextCell(interval.stack.front().function));
    row.push_back(TextCell(interval.service));
    row.push_back(TextCell(interval.host));
    row.push_back(Cell::Text(interval.path));
  }
  return table;
}

Table IntervalsPartial::StacksTable(const std::vector<WorstInterval>& intervals) const {
  Table table{
      .id = "stacks",
      .heading = query_.kind == IntervalKind::kRunnable ? "Their stacks: of what made them runnable"
                                                        : "Their stacks: where they began",
      .columns = {KeyColumn("rank", "rank", Unit::kId), KeyColumn("frame", "frame", Unit::kId),
                  ValueColumn("function", "function", Unit::kText),
                  ValueColumn("location", "at", Unit::kText)},
      .rows = {}};
  for (std::size_t rank = 0; rank < intervals.size(); ++rank) {
    const std::vector<ProfileFrame>& stack = intervals[rank].stack;
    for (std::size_t i = 0; i < stack.size(); ++i) {
      table.rows.push_back(
          {NumberCell(rank + 1), NumberCell(i + 1), TextCell(stack[i].function), Place(stack[i])});
    }
  }
  return table;
}

// An interval of the trace in work: its texts and bytes are looked up at the end.
struct Draft {
  std::int64_t length_ns = 0;
  TimeNs start_ns = 0;
  TimeNs end_ns = 0;
  GoId g = kNoGoroutine;
  std::uint64_t task = 0;
  StackRef stack = kNoStack;
  StringRef what = kEmptyString;
};

struct DraftFirst {
  bool operator()(const Draft& a, const Draft& b) const {
    if (a.length_ns != b.length_ns) return a.length_ns > b.length_ns;
    return std::tie(a.start_ns, a.g, a.task, a.stack, a.what) <
           std::tie(b.start_ns, b.g, b.task, b.stack, b.what);
  }
};

class IntervalsAccumulator final : public ReportAccumulator {
 public:
  IntervalsAccumulator(TraceIdentity trace, IntervalQuery query, std::size_t k)
      : trace_(std::move(trace)), query_(std::move(query)), k_(k), worst_(k) {}

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets.generations = true;
    if (query_.kind == IntervalKind::kTask) {
      request.sets.tasks = request.sets.task_stacks = true;
    } else if (query_.kind == IntervalKind::kStopTheWorld) {
      request.sets.ranges = request.sets.range_stacks = true;
    } else {
      request.states[static_cast<std::size_t>(StateOf(query_.kind))] = true;
      request.goroutine_columns = {.g = true, .start_stack = true, .reason = true, .cause = true};
    }
    return request;
  }

  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables&) override {
    if (spans.state != StateOf(query_.kind)) return;
    for (std::size_t i = 0; i < spans.rows; ++i) {
      Offer(spans.start_ns[i], spans.end_ns[i], spans.flags[i], [&](Draft& draft) {
        draft.g = spans.g[i];
        draft.stack = spans.start_stack[i];
        if (query_.kind == IntervalKind::kBlocked) draft.what = spans.reason[i];
      });
    }
  }

  void OnTasks(const Tasks& tasks, const TraceTables& tables) override {
    if (query_.kind != IntervalKind::kTask) return;
    for (std::size_t i = 0; i < tasks.rows; ++i) {
      if (tables.strings.Get(tasks.name[i]) != query_.task_name) continue;
      Offer(tasks.start_ns[i], tasks.end_ns[i], tasks.flags[i], [&](Draft& draft) {
        draft.g = tasks.start_g[i];
        draft.task = Raw(tasks.task[i]);
        draft.stack = tasks.start_stack[i];
      });
    }
  }

  void OnRanges(const Ranges& ranges, const TraceTables&) override {
    if (query_.kind != IntervalKind::kStopTheWorld) return;
    for (std::size_t i = 0; i < ranges.rows; ++i) {
      if (ranges.kind[i] != RangeKind::kStopTheWorld) continue;
      Offer(ranges.start_ns[i], ranges.end_ns[i], ranges.flags[i], [&](Draft& draft) {
        draft.g = ranges.scope_g[i];
        draft.stack = ranges.start_stack[i];
        draft.what = ranges.name[i];
      });
    }
  }

  void OnGenerations(const Generations& generations, const TraceTables&) override {
    for (std::size_t i = 0; i < generations.rows; ++i) {
      generations_.push_back({.first_ns = generations.first_ns[i],
                              .number = generations.number[i],
                              .begin_byte = generations.begin_byte[i],
                              .end_byte = generations.end_byte[i]});
    }
  }

  void OnLateName(std::uint32_t, StringRef, const TraceTables&) override {}

  std::size_t state_bytes(const Growth&) override {
    return worst_.size() * sizeof(Draft) + generations_.capacity() * sizeof(Place);
  }

  std::unique_ptr<ReportPartial> Finish(const TraceTables& tables) override {
    auto partial = std::make_unique<IntervalsPartial>(query_, k_);
    for (const Draft& draft : worst_.Sorted()) partial->Add(Complete(draft, tables));
    return partial;
  }

 private:
  struct Place {
    TimeNs first_ns = 0;
    std::uint64_t number = 0;
    std::uint64_t begin_byte = 0;
    std::uint64_t end_byte = 0;
  };

  template <class Fill>
  void Offer(TimeNs start_ns, TimeNs end_ns, std::uint8_t flags, Fill fill) {
    if ((flags & kCutAtEnd) != 0) return;
    Draft draft{
        .length_ns = WrappingSubtract(end_ns, start_ns), .start_ns = start_ns, .end_ns = end_ns};
    const Draft* last = worst_.last_kept();
    if (last != nullptr && draft.length_ns < last->length_ns) return;
    fill(draft);
    worst_.Add(draft);
  }

  // The generation that an instant lies in.
  const Place& PlaceOf(TimeNs time_ns) const {
    const auto behind = std::ranges::upper_bound(generations_, time_ns, {}, &Place::first_ns);
    return behind == generations_.begin() ? generations_.front() : *std::prev(behind);
  }

  WorstInterval Complete(const Draft& draft, const TraceTables& tables) const {
    WorstInterval interval{.length_ns = draft.length_ns,
                           .path = trace_.path,
                           .service = trace_.service,
                           .host = trace_.host,
                           .offset_ns = WrappingSubtract(draft.start_ns, trace_.start_ns),
                           .g = draft.g,
                           .task = draft.task,
                           .what = std::string(tables.strings.Get(draft.what)),
                           .stack = {}};
    if (!generations_.empty()) {
      const Place& first = PlaceOf(draft.start_ns);
      const Place& last = PlaceOf(draft.end_ns);
      interval.first_generation = first.number;
      interval.last_generation = last.number;
      interval.begin_byte = first.begin_byte;
      interval.end_byte = last.end_byte;
    }
    for (const FrameRef ref : tables.stacks.GetStack(draft.stack)) {
      const Frame& frame = tables.stacks.GetFrame(ref);
      interval.stack.push_back({.function = std::string(tables.strings.Get(frame.function)),
                                .file = std::string(tables.strings.Get(frame.file)),
                                .line = frame.line});
    }
    return interval;
  }

  TraceIdentity trace_;
  IntervalQuery query_;
  std::size_t k_;
  TopK<Draft, DraftFirst> worst_;
  std::vector<Place> generations_;  // in order of time
};

}  // namespace

bool WorstIntervalFirst::operator()(const WorstInterval& a, const WorstInterval& b) const {
  return a.length_ns != b.length_ns ? a.length_ns > b.length_ns : a < b;
}

ReportType WorstIntervals(IntervalQuery query, std::size_t k) {
  return {.name = "find",
          .summary = "the longest intervals of one kind",
          .version = 1,
          .begin = [=](TraceIdentity trace) -> std::unique_ptr<ReportAccumulator> {
            return std::make_unique<IntervalsAccumulator>(std::move(trace), query, k);
          },
          .empty = [=]() -> std::unique_ptr<ReportPartial> {
            return std::make_unique<IntervalsPartial>(query, k);
          },
          .parse = [](std::string_view) -> Result<std::unique_ptr<ReportPartial>> {
            return Error{.code = ErrorCode::kUsage, .what = "intervals are not read back"};
          }};
}

}  // namespace gtengine
