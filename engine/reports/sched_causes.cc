// The sched-causes report: what the program as a whole was doing while runnable goroutines waited.
//
// The waits are those of the sched report. This one stands apart because it follows every P and the
// collector, which that does not need.
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/report_tables.h"
#include "engine/reports/state_report.h"
#include "engine/reports/waits.h"

namespace gtengine {

template <>
inline constexpr std::uint64_t kEnumLimit<SpanCause> = kSpanCauseCount;

namespace {

// Some waits, and what went on meanwhile: the parts by World add up to the total.
struct WaitSums {
  std::uint64_t count = 0;
  Uint128 total_ns = 0;
  std::array<Uint128, kWorldCount> world_ns{};
  Uint128 marking_ns = 0;

  static constexpr auto Fields() {
    return std::tuple(&WaitSums::count, &WaitSums::total_ns, &WaitSums::world_ns,
                      &WaitSums::marking_ns);
  }
  void Add(const WaitSums& other) {
    count += other.count;
    total_ns += other.total_ns;
    for (std::size_t i = 0; i < kWorldCount; ++i) world_ns[i] += other.world_ns[i];
    marking_ns += other.marking_ns;
  }
  Uint128 In(World world) const { return world_ns[static_cast<std::size_t>(world)]; }
};

struct WaitKey {
  StackRef stack = kNoStack;
  SpanCause cause = SpanCause::kRestated;

  static constexpr auto Fields() { return std::tuple(&WaitKey::stack, &WaitKey::cause); }
  friend auto operator<=>(const WaitKey&, const WaitKey&) = default;
};

struct SumsByKind {
  std::array<WaitSums, kWaitKindCount> kinds;  // by WaitKind

  static constexpr auto Fields() { return std::tuple(&SumsByKind::kinds); }

  WaitSums Counted(bool compat_go_tool_trace) const {
    WaitSums sum = kinds[static_cast<std::size_t>(WaitKind::kOrdinary)];
    if (compat_go_tool_trace) return sum;
    sum.Add(kinds[static_cast<std::size_t>(WaitKind::kBeforeFirstRun)]);
    sum.Add(kinds[static_cast<std::size_t>(WaitKind::kAfterEnd)]);
    return sum;
  }
};

struct SchedCauses {
  static constexpr std::string_view kName = "sched-causes";
  static constexpr std::string_view kSummary =
      "what went on while goroutines waited for a P: stops, marking, all Ps busy or not";
  static constexpr std::uint32_t kVersion = 1;

  struct State {
    std::map<WaitKey, SumsByKind> waits;

    static constexpr auto Fields() { return std::tuple(&State::waits); }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
};

class SchedCauses::Accumulator final : public StateAccumulator<SchedCauses> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.states[static_cast<std::size_t>(GoState::kRunnable)] = true;
    request.goroutine_columns = {.start_stack = true, .cause = true, .overlaps = true};
    return request;
  }

  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables&) override {
    if (spans.state != GoState::kRunnable) return;
    for (std::size_t i = 0; i < spans.rows; ++i) {
      const std::uint8_t flags = spans.flags[i];
      if ((flags & kCutAtEnd) || spans.end_ns[i] <= spans.start_ns[i]) continue;
      Sums& sums = Of(spans.start_stack[i], spans.cause[i]);
      Row& row = sums.by_kind[static_cast<std::size_t>(KindOfWait(flags))];
      ++row.count;
      row.total_ns += LengthNs(spans.start_ns[i], spans.end_ns[i]);
      const Overlaps& overlaps = spans.overlaps[i];
      for (std::size_t world = 0; world < kWorldCount; ++world) {
        row.world_ns[world] += overlaps.ns[world];
      }
      row.marking_ns += overlaps.marking_ns;
    }
  }
  std::size_t state_bytes(const Growth&) override { return HeapBytes(heads_) + HeapBytes(sums_); }

 private:
  // In one trace 64 bits are enough: 584 years of waiting.
  struct Row {
    std::uint64_t count = 0;
    std::uint64_t total_ns = 0;
    std::array<std::uint64_t, kWorldCount> world_ns{};
    std::uint64_t marking_ns = 0;
  };
  // Of one stack and cause; `next` is that of the same stack and another cause, 0: none.
  struct Sums {
    SpanCause cause = SpanCause::kRestated;
    std::uint32_t next = 0;
    std::array<Row, kWaitKindCount> by_kind;
  };

  Sums& Of(StackRef stack, SpanCause cause) {
    const auto index = static_cast<std::size_t>(stack);
    if (index >= heads_.size()) heads_.resize(index + 1);
    for (std::uint32_t at = heads_[index]; at != 0; at = sums_[at].next) {
      if (sums_[at].cause == cause) return sums_[at];
    }
    sums_.push_back({.cause = cause, .next = heads_[index], .by_kind = {}});
    heads_[index] = static_cast<std::uint32_t>(sums_.size() - 1);
    return sums_.back();
  }

  void Fill(const TraceTables&, SchedCauses::State& state) override {
    for (std::size_t stack = 0; stack < heads_.size(); ++stack) {
      for (std::uint32_t at = heads_[stack]; at != 0; at = sums_[at].next) {
        auto& kinds =
            state.waits[{StackRef{static_cast<std::uint32_t>(stack)}, sums_[at].cause}].kinds;
        for (std::size_t kind = 0; kind < kWaitKindCount; ++kind) {
          const Row& row = sums_[at].by_kind[kind];
          kinds[kind].count = row.count;
          kinds[kind].total_ns = row.total_ns;
          for (std::size_t i = 0; i < kWorldCount; ++i) kinds[kind].world_ns[i] = row.world_ns[i];
          kinds[kind].marking_ns = row.marking_ns;
        }
      }
    }
  }

  std::vector<std::uint32_t> heads_;               // by stack: of its list in sums_; 0: none
  std::vector<Sums> sums_ = std::vector<Sums>(1);  // the first one is nobody's
};

void AppendSumColumns(std::vector<Column>& columns) {
  columns.push_back(ValueColumn("count", "waits", Unit::kCount));
  columns.push_back(ValueColumn("total_ns", "total", Unit::kNs));
  columns.push_back(ValueColumn("busy_ns", "all Ps busy", Unit::kNs));
  columns.push_back(ValueColumn("idle_ns", "a P idle", Unit::kNs));
  columns.push_back(ValueColumn("stopped_ns", "stopped", Unit::kNs));
  columns.push_back(ValueColumn("marking_ns", "marking", Unit::kNs));
}

void AppendSumCells(const WaitSums& sums, std::vector<Cell>& cells) {
  cells.push_back(NumberCell(sums.count));
  for (const Uint128 ns : {sums.total_ns, sums.In(World::kBusy), sums.In(World::kIdle),
                           sums.In(World::kStopped), sums.marking_ns}) {
    cells.push_back(NumberCell(ns));
  }
}

Table CausesTable(const std::map<SpanCause, WaitSums>& causes) {
  std::vector<Column> columns = {KeyColumn("cause", "cause")};
  AppendSumColumns(columns);
  RankedRows rows("causes", "What went on meanwhile, by why they waited", std::move(columns));
  for (const auto& [cause, sums] : causes) {
    if (sums.count == 0) continue;
    std::vector<Cell> cells = {TextCell(TextOfCause(cause))};
    AppendSumCells(sums, cells);
    rows.Add(sums.total_ns, std::move(cells));
  }
  return std::move(rows).Take(kAllRows);
}

Table SitesTable(const std::map<Site, WaitSums>& sites, std::size_t limit) {
  std::vector<Column> columns;
  AppendSiteColumns(columns, "function");
  AppendSumColumns(columns);
  RankedRows rows("sites", "What went on meanwhile, by where they were made runnable",
                  std::move(columns));
  for (const auto& [site, sums] : sites) {
    if (sums.count == 0) continue;
    std::vector<Cell> cells;
    AppendSiteCells(site, cells);
    AppendSumCells(sums, cells);
    rows.Add(sums.total_ns, std::move(cells));
  }
  return std::move(rows).Take(limit);
}

Document SchedCauses::ToDocument(const State& state, const TraceTables& tables,
                                 const ReportOptions& options) {
  WaitSums all;
  std::map<SpanCause, WaitSums> by_cause;
  std::map<Site, WaitSums> by_site;
  for (const auto& [key, kinds] : state.waits) {
    const WaitSums sums = kinds.Counted(options.compat_go_tool_trace);
    all.Add(sums);
    by_cause[key.cause].Add(sums);
    by_site[SiteOf(tables, key.stack)].Add(sums);
  }
  const auto share = [&](const char* key, Uint128 part) {
    return Fact{key, PermilleCell(part, all.total_ns), Unit::kPermille};
  };
  Document document;
  document.report = kName;
  document.title = "What went on while runnable goroutines waited";
  document.facts = {CountFact("waits", all.count),
                    SumFact("total", all.total_ns),
                    share("all_ps_busy", all.In(World::kBusy)),
                    share("a_p_idle", all.In(World::kIdle)),
                    share("stopped", all.In(World::kStopped)),
                    share("not_known", all.In(World::kUnknown)),
                    share("marking", all.marking_ns)};
  document.tables.push_back(CausesTable(by_cause));
  document.tables.push_back(SitesTable(by_site, options.top));
  document.notes.push_back(
      "Each moment of a wait is one of: the world was being stopped or stood still; as many Ps ran "
      "as GOMAXPROCS allows; a P was idle. Marking tells how much of it fell into a mark phase, "
      "whatever else was.");
  return document;
}

}  // namespace

ReportType SchedCausesReport() { return MakeReport<SchedCauses>(); }

}  // namespace gtengine
