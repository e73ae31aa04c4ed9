// The gc report: collections, stop-the-worlds, mark assists and sweeps.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/report_tables.h"
#include "engine/reports/mutator_utilisation.h"
#include "engine/reports/state_report.h"

namespace gtengine {

template <>
inline constexpr std::uint64_t kEnumLimit<RangeKind> = kRangeKindCount;

namespace {

constexpr std::size_t kLongestKept = 100;
constexpr std::uint64_t kBillion = 1'000'000'000;

struct RangeKey {
  RangeKind kind = RangeKind::kMark;
  StringRef name = kEmptyString;

  static constexpr auto Fields() { return std::tuple(&RangeKey::kind, &RangeKey::name); }
  friend auto operator<=>(const RangeKey&, const RangeKey&) = default;
};

// Those that ended in a trace.
struct RangeGroup {
  Distribution length_ns;
  Distribution stopping_ns;  // of a stop-the-world: until the last P stood still
  Distribution pause_ns;     // and from then on
  Uint128 swept_bytes = 0;
  Uint128 reclaimed_bytes = 0;
  std::uint64_t open = 0;  // at a trace's end
  Uint128 open_ns = 0;

  static constexpr auto Fields() {
    return std::tuple(&RangeGroup::length_ns, &RangeGroup::stopping_ns, &RangeGroup::pause_ns,
                      &RangeGroup::swept_bytes, &RangeGroup::reclaimed_bytes, &RangeGroup::open,
                      &RangeGroup::open_ns);
  }
};

struct Gc {
  static constexpr std::string_view kName = "gc";
  static constexpr std::string_view kSummary =
      "collections, stop-the-worlds by kind, mark assists and sweeps";
  static constexpr std::uint32_t kVersion = 2;
  static constexpr bool kIsOfWholeTraces = true;

  struct State {
    std::map<RangeKey, RangeGroup> ranges;
    Uint128 traced_ns = 0;          // length of the traces
    Uint128 proc_running_ns = 0;    // Ps that were running, together
    Uint128 assist_running_ns = 0;  // goroutines that were running in a mark assist
    // By Utilisation and window: how much of it was lost at most, in billionths.
    std::array<std::array<Greatest, kUtilisationWindowsMs.size()>, kUtilisationCount> lost;
    Longest stops{kLongestKept};
    Longest assists{kLongestKept};

    static constexpr auto Fields() {
      return std::tuple(&State::ranges, &State::traced_ns, &State::proc_running_ns,
                        &State::assist_running_ns, &State::lost, &State::stops, &State::assists);
    }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
  static void VisitLengths(const State& state, const TraceTables& tables,
                           const LengthVisitor& visit);
};

class Gc::Accumulator final : public StateAccumulator<Gc> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets.ranges = true;
    request.sets.range_running = true;
    request.sets.gc_work = true;
    request.sets.proc_spans = true;
    request.sets.generations = true;
    request.sets.metrics = true;
    return request;
  }

  void OnMetrics(const Metrics& metrics, const TraceTables&) override {
    for (std::size_t i = 0; i < metrics.rows; ++i) {
      if (metrics.kind[i] != MetricKind::kGoMaxProcs) continue;
      utilisation_.AddProcs(metrics.time_ns[i], metrics.value[i]);
    }
  }
  void OnRanges(const Ranges& ranges, const TraceTables& tables) override;
  void OnGcWork(const GcWork& work, const TraceTables&) override { utilisation_.AddWork(work); }
  void OnProcSpans(const ProcSpans& spans, const TraceTables&) override {
    for (std::size_t i = 0; i < spans.rows; ++i) {
      end_ns_ = spans.end_ns[i];  // of the last row: the trace's
      if (spans.state[i] != ProcState::kRunning) continue;
      state_.proc_running_ns += LengthNs(spans.start_ns[i], spans.end_ns[i]);
    }
  }
  void OnGenerations(const Generations& generations, const TraceTables&) override {
    for (std::size_t i = 0; i < generations.rows; ++i) {
      if (!has_begun_) first_ns_ = generations.first_ns[i];
      has_begun_ = true;
      last_ns_ = generations.last_ns[i];
    }
  }
  std::size_t state_bytes(const Growth&) override {
    return HeapBytes(state_.ranges) + utilisation_.state_bytes();
  }

 private:
  void Fill(const TraceTables&, Gc::State& state) override {
    state_.traced_ns = LengthNs(first_ns_, last_ns_);
    const MutatorUtilisation::Losses losses = utilisation_.Finish(end_ns_);
    for (std::size_t i = 0; i < losses.size(); ++i) {
      for (std::size_t window = 0; window < losses[i].size(); ++window) {
        state_.lost[i][window].Add(losses[i][window]);
      }
    }
    state = std::move(state_);
  }

  Gc::State state_;
  MutatorUtilisation utilisation_;
  TimeNs end_ns_ = 0;
  bool has_begun_ = false;
  TimeNs first_ns_ = 0;
  TimeNs last_ns_ = 0;
};

void Gc::Accumulator::OnRanges(const Ranges& ranges, const TraceTables& tables) {
  for (std::size_t i = 0; i < ranges.rows; ++i) {
    const RangeKind kind = ranges.kind[i];
    RangeGroup& group = state_.ranges[{kind, ranges.name[i]}];
    state_.assist_running_ns += ranges.running_ns[i];
    const TimeNs start_ns = ranges.start_ns[i];
    const auto length_ns = static_cast<std::int64_t>(LengthNs(start_ns, ranges.end_ns[i]));
    if (kind == RangeKind::kStopTheWorld &&
        tables.strings.Get(ranges.name[i]).find("GC") != std::string_view::npos) {
      utilisation_.AddStop(start_ns, ranges.end_ns[i]);
    }
    if (ranges.flags[i] & kCutAtEnd) {
      ++group.open;
      group.open_ns += static_cast<std::uint64_t>(length_ns);
      continue;
    }
    group.length_ns.Add(length_ns);
    group.swept_bytes += ranges.swept_bytes[i];
    group.reclaimed_bytes += ranges.reclaimed_bytes[i];
    if (kind == RangeKind::kStopTheWorld) {
      const TimeNs stopped_ns = ranges.stopped_ns[i];
      group.stopping_ns.Add(static_cast<std::int64_t>(LengthNs(start_ns, stopped_ns)));
      group.pause_ns.Add(static_cast<std::int64_t>(LengthNs(stopped_ns, ranges.end_ns[i])));
    }
    const bool is_stop = kind == RangeKind::kStopTheWorld;
    if (!is_stop && kind != RangeKind::kMarkAssist) continue;
    Offer(is_stop ? state_.stops : state_.assists, length_ns, [&] {
      return MakeExemplar(start_ns, length_ns, ranges.scope_g[i],
                          tables.strings.Get(ranges.name[i]));
    });
  }
}

// All ranges of a kind.
RangeGroup SumOf(const Gc::State& state, RangeKind kind) {
  RangeGroup sum;
  for (const auto& [key, group] : state.ranges) {
    if (key.kind != kind) continue;
    sum.length_ns.Combine(group.length_ns);
    sum.swept_bytes += group.swept_bytes;
    sum.reclaimed_bytes += group.reclaimed_bytes;
    sum.open += group.open;
    sum.open_ns += group.open_ns;
  }
  return sum;
}

Table RangesTable(const Gc::State& state, const TraceTables& tables) {
  std::vector<Column> columns = {KeyColumn("range", "what")};
  AppendLengthColumns(columns, "count", "times");
  columns.push_back(ValueColumn("open_at_end", "open at end", Unit::kCount));
  RankedRows rows("ranges", "What the runtime did, by total time", std::move(columns));
  for (const auto& [key, group] : state.ranges) {
    std::vector<Cell> cells = {NameCell(tables.strings.Get(key.name))};
    AppendLengthCells(group.length_ns, cells);
    cells.push_back(NumberCell(group.open));
    rows.Add(group.length_ns.sum(), std::move(cells));
  }
  return std::move(rows).Take(kAllRows);
}

Table StopsTable(const Gc::State& state, const TraceTables& tables) {
  RankedRows rows(
      "stops", "Stop-the-worlds: the time until all stood still, and the pause",
      {KeyColumn("range", "kind"), ValueColumn("count", "times", Unit::kCount),
       ValueColumn("stopping_ns", "stopping", Unit::kNs),
       ValueColumn("stopping_p99_ns", "p99", Unit::kNs),
       ValueColumn("stopping_max_ns", "max", Unit::kNs),
       ValueColumn("pause_ns", "pause", Unit::kNs), ValueColumn("pause_p99_ns", "p99", Unit::kNs),
       ValueColumn("pause_max_ns", "max", Unit::kNs)});
  for (const auto& [key, group] : state.ranges) {
    if (key.kind != RangeKind::kStopTheWorld || group.length_ns.empty()) continue;
    std::vector<Cell> cells = {NameCell(tables.strings.Get(key.name)),
                               NumberCell(group.length_ns.count())};
    for (const Distribution* part : {&group.stopping_ns, &group.pause_ns}) {
      cells.push_back(NumberCell(part->sum()));
      cells.push_back(Cell::Integer(part->Quantile(990)));
      cells.push_back(Cell::Integer(part->max()));
    }
    rows.Add(group.length_ns.sum(), std::move(cells));
  }
  return std::move(rows).Take(kAllRows);
}

Table WindowsTable(const Gc::State& state) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, kUtilisationCount> kColumns =
      {{{"stops", "after stops"},
        {"assists", "and assists"},
        {"marking", "and marking"},
        {"all", "and sweeps"},
        {"each_p", "of each P"}}};
  Table table{"mmu", "Minimum mutator utilisation: what a window left to the program", {}, {}};
  table.columns = {KeyColumn("window_ns", "window", Unit::kNs)};
  for (const auto& [id, heading] : kColumns) {
    table.columns.push_back(ValueColumn(std::string(id), std::string(heading), Unit::kPermille));
  }
  for (std::size_t window = 0; window < kUtilisationWindowsMs.size(); ++window) {
    std::vector<Cell>& cells = table.rows.emplace_back();
    cells.push_back(NumberCell(kUtilisationWindowsMs[window] * 1'000'000));
    for (const auto& lost : state.lost) {
      cells.push_back(PermilleCell(kBillion - std::min(lost[window].value(), kBillion), kBillion));
    }
  }
  return table;
}

// The same, with all digits.
Table LossesTable(const Gc::State& state) {
  Table table{"mmu_lost", "What a window lost at most, in billionths", {}, {}};
  table.columns = {KeyColumn("window_ns", "window", Unit::kNs)};
  for (const char* id : {"stops", "assists", "marking", "all", "each_p"}) {
    table.columns.push_back(ValueColumn(id, id, Unit::kCount));
  }
  for (std::size_t window = 0; window < kUtilisationWindowsMs.size(); ++window) {
    std::vector<Cell>& cells = table.rows.emplace_back();
    cells.push_back(NumberCell(kUtilisationWindowsMs[window] * 1'000'000));
    for (const auto& lost : state.lost) cells.push_back(NumberCell(lost[window].value()));
  }
  return table;
}

Document Gc::ToDocument(const State& state, const TraceTables& tables,
                        const ReportOptions& options) {
  const RangeGroup mark = SumOf(state, RangeKind::kMark);
  const RangeGroup stops = SumOf(state, RangeKind::kStopTheWorld);
  const RangeGroup sweeps = SumOf(state, RangeKind::kSweep);
  const auto whole = [](const RangeGroup& group) { return group.length_ns.sum() + group.open_ns; };
  Document document;
  document.report = kName;
  document.title = "Garbage collection: what it did, and what it cost";
  document.facts = {
      SumFact("traced", state.traced_ns),
      CountFact("mark_phases", mark.length_ns.count()),
      {"time_marking", PermilleCell(whole(mark), state.traced_ns), Unit::kPermille},
      {"time_stopped", PermilleCell(whole(stops), state.traced_ns), Unit::kPermille},
      {"mark_assist_of_p_time", PermilleCell(state.assist_running_ns, state.proc_running_ns),
       Unit::kPermille},
      {"sweep_of_p_time", PermilleCell(whole(sweeps), state.proc_running_ns), Unit::kPermille},
      SumFact("swept", sweeps.swept_bytes, Unit::kBytes),
      SumFact("reclaimed", sweeps.reclaimed_bytes, Unit::kBytes),
  };
  document.tables.push_back(RangesTable(state, tables));
  document.tables.push_back(StopsTable(state, tables));
  document.tables.push_back(WindowsTable(state));
  document.tables.push_back(LossesTable(state));
  document.tables.push_back(LongestTable("longest_stops", "The longest stop-the-worlds", "took",
                                         "kind", state.stops, options.top));
  document.tables.push_back(LongestTable("longest_assists", "The longest mark assists", "took",
                                         "what", state.assists, options.top));
  document.notes.push_back(
      "What was found under way counts from the trace's start; what was still open at its end is "
      "counted only in the shares of time and under open at end.");
  return document;
}

void Gc::VisitLengths(const State& state, const TraceTables& tables, const LengthVisitor& visit) {
  for (const auto& [key, group] : state.ranges) {
    visit(KeyOfName("collector", tables.strings.Get(key.name)), group.length_ns);
  }
}

}  // namespace

ReportType GcReport() { return MakeReport<Gc>(); }

}  // namespace gtengine
