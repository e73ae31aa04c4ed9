// The heap report: how large the heap was, and its goal, by service, over time and by trace.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/report_tables.h"
#include "engine/reports/state_report.h"

namespace gtengine {
namespace {

constexpr std::uint64_t kNsASecond = 1'000'000'000;

// Seconds are counted from the trace's start.
struct Moment {
  std::string service;
  std::uint64_t second = 0;

  static constexpr auto Fields() { return std::tuple(&Moment::service, &Moment::second); }
  friend auto operator<=>(const Moment&, const Moment&) = default;
};

struct Sizes {
  Distribution alloc_bytes;  // of the values that the runtime told, each once
  Distribution goal_bytes;

  static constexpr auto Fields() { return std::tuple(&Sizes::alloc_bytes, &Sizes::goal_bytes); }

  void Add(const Sizes& other) {
    alloc_bytes.Combine(other.alloc_bytes);
    goal_bytes.Combine(other.goal_bytes);
  }
};

struct Heap {
  static constexpr std::string_view kName = "heap";
  static constexpr std::string_view kSummary = "how large the heap and its goal were, over time";
  static constexpr std::uint32_t kVersion = 1;
  static constexpr bool kIsOfWholeTraces = true;

  struct State {
    std::map<Moment, Sizes> moments;
    std::map<std::string, Sizes> traces;  // by path

    static constexpr auto Fields() { return std::tuple(&State::moments, &State::traces); }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
};

class Heap::Accumulator final : public StateAccumulator<Heap> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets.metrics = true;
    return request;
  }

  void OnMetrics(const Metrics& metrics, const TraceTables&) override {
    for (std::size_t i = 0; i < metrics.rows; ++i) {
      const MetricKind kind = metrics.kind[i];
      if (kind == MetricKind::kGoMaxProcs) continue;
      Sizes& sizes = seconds_[LengthNs(trace().start_ns, metrics.time_ns[i]) / kNsASecond];
      // A file may tell more than there is memory in the world.
      const auto bytes = static_cast<std::int64_t>(
          std::min<std::uint64_t>(metrics.value[i], std::numeric_limits<std::int64_t>::max()));
      (kind == MetricKind::kHeapAlloc ? sizes.alloc_bytes : sizes.goal_bytes).Add(bytes);
    }
  }
  std::size_t state_bytes(const Growth&) override { return HeapBytes(seconds_); }

 private:
  void Fill(const TraceTables&, Heap::State& state) override {
    for (const auto& [second, sizes] : seconds_) {
      state.traces[trace().path].Add(sizes);
      state.moments[{trace().service, second}] = sizes;
    }
  }

  std::map<std::uint64_t, Sizes> seconds_;
};

void AppendSizeColumns(std::vector<Column>& columns) {
  columns.push_back(ValueColumn("values", "values", Unit::kCount));
  columns.push_back(ValueColumn("alloc_min_bytes", "least", Unit::kBytes));
  columns.push_back(ValueColumn("alloc_p50_bytes", "p50", Unit::kBytes));
  columns.push_back(ValueColumn("alloc_max_bytes", "most", Unit::kBytes));
  columns.push_back(ValueColumn("goal_min_bytes", "least goal", Unit::kBytes));
  columns.push_back(ValueColumn("goal_max_bytes", "most goal", Unit::kBytes));
}

void AppendSizeCells(const Sizes& sizes, std::vector<Cell>& cells) {
  const auto known = [](const Distribution& values, std::int64_t value) {
    return values.empty() ? Cell() : Cell::Integer(value);
  };
  const Distribution& alloc = sizes.alloc_bytes;
  const Distribution& goal = sizes.goal_bytes;
  cells.push_back(NumberCell(alloc.count()));
  cells.push_back(known(alloc, alloc.min()));
  cells.push_back(known(alloc, alloc.Quantile(500)));
  cells.push_back(known(alloc, alloc.max()));
  cells.push_back(known(goal, goal.min()));
  cells.push_back(known(goal, goal.max()));
}

// Rows of sizes by one text, the largest heap first.
Table SizesTable(std::string id, std::string heading, Column key,
                 const std::map<std::string, Sizes>& by_key, std::size_t limit) {
  std::vector<Column> columns = {std::move(key)};
  AppendSizeColumns(columns);
  RankedRows rows(std::move(id), std::move(heading), std::move(columns));
  for (const auto& [name, sizes] : by_key) {
    std::vector<Cell> cells = {TextCell(name)};
    AppendSizeCells(sizes, cells);
    rows.Add(static_cast<std::uint64_t>(sizes.alloc_bytes.max()), std::move(cells));
  }
  return std::move(rows).Take(limit);
}

// In order of service and second.
Table OverTimeTable(const Heap::State& state, std::size_t limit) {
  Table table{"over_time", "Over time: seconds from the traces' starts", {}, {}};
  table.columns = {KeyColumn("service", "service"), KeyColumn("second", "second", Unit::kId)};
  AppendSizeColumns(table.columns);
  std::map<std::string_view, std::size_t> rows_of_service;
  for (const auto& [moment, sizes] : state.moments) {
    if (++rows_of_service[moment.service] > limit) continue;
    std::vector<Cell>& cells = table.rows.emplace_back();
    cells = {TextCell(moment.service), NumberCell(moment.second)};
    AppendSizeCells(sizes, cells);
  }
  return table;
}

Document Heap::ToDocument(const State& state, const TraceTables&, const ReportOptions& options) {
  Sizes all;
  std::map<std::string, Sizes> services;
  for (const auto& [moment, sizes] : state.moments) {
    all.Add(sizes);
    services[moment.service].Add(sizes);
  }
  Document document;
  document.report = kName;
  document.title = "Heap: how large it was, and its goal";
  document.facts = {
      CountFact("values", all.alloc_bytes.count()),
      SumFact("heap_max", static_cast<std::uint64_t>(all.alloc_bytes.max()), Unit::kBytes),
      SumFact("goal_max", static_cast<std::uint64_t>(all.goal_bytes.max()), Unit::kBytes)};
  document.tables.push_back(
      SizesTable("services", "By service", KeyColumn("service", "service"), services, kAllRows));
  document.tables.push_back(OverTimeTable(state, options.top));
  document.tables.push_back(SizesTable("traces", "The largest heaps, by trace",
                                       KeyColumn("trace", "trace"), state.traces, options.top));
  document.notes.push_back(
      "The heap is what is live and what is dead but not swept yet. The runtime tells it at each "
      "change: p50 is the middle of the values, not of the time.");
  return document;
}

}  // namespace

ReportType HeapReport() { return MakeReport<Heap>(); }

}  // namespace gtengine
