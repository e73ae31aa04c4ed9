#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/analysis/document.h"
#include "engine/reports/sched_partial.h"
#include "engine/reports/sched_profile.h"

namespace gtengine {
namespace {

constexpr std::string_view kNoStackText = "(no stack: after a syscall or a coroutine switch)";
constexpr std::string_view kUnknownText = "(unknown)";

// Waits by the texts of a table's key columns.
using Breakdown = std::map<std::vector<std::string>, Waits>;

Cell TextOrEmpty(const std::string& text) { return text.empty() ? Cell() : Cell::Text(text); }
Cell Number(std::uint64_t value) { return Cell::Integer(value); }
Cell Sum(Uint128 value) { return Cell::Integer(static_cast<Int128>(value)); }

Column Key(std::string id, std::string heading) {
  return {std::move(id), std::move(heading), Unit::kText, ColumnKind::kKey};
}
Column Value(std::string id, std::string heading, Unit unit) {
  return {std::move(id), std::move(heading), unit, ColumnKind::kValue};
}

struct Quantile {
  std::uint32_t permille;
  std::string_view id;
  std::string_view heading;
};
constexpr Quantile kP50{500, "p50_ns", "p50"};
constexpr Quantile kP90{900, "p90_ns", "p90"};
constexpr Quantile kP99{990, "p99_ns", "p99"};
constexpr Quantile kP999{999, "p999_ns", "p99.9"};

// How a distribution is shown: count, total, some quantiles, max.
class Measures {
 public:
  explicit Measures(std::vector<Quantile> quantiles) : quantiles_(std::move(quantiles)) {}

  void AppendColumns(std::vector<Column>& columns) const {
    columns.push_back(Value("count", "waits", Unit::kCount));
    columns.push_back(Value("total_ns", "total", Unit::kNs));
    for (const Quantile& quantile : quantiles_) {
      columns.push_back(Value(std::string(quantile.id), std::string(quantile.heading), Unit::kNs));
    }
    columns.push_back(Value("max_ns", "max", Unit::kNs));
  }

  void AppendCells(const Distribution& waits, std::vector<Cell>& row) const {
    row.push_back(Number(waits.count()));
    row.push_back(Sum(waits.sum()));
    for (const Quantile& quantile : quantiles_) {
      row.push_back(Cell::Integer(waits.Quantile(quantile.permille)));
    }
    row.push_back(Cell::Integer(waits.max()));
  }

 private:
  std::vector<Quantile> quantiles_;
};

// "file:line", or nothing without a file.
std::string Place(const TraceTables& tables, const Frame& frame) {
  const std::string_view file = tables.strings.Get(frame.file);
  return file.empty() ? std::string() : fmt::format("{}:{}", file, frame.line);
}

// Appends function and place of one frame.
void AppendFrame(const TraceTables& tables, FrameRef ref, std::vector<std::string>& key) {
  const Frame& frame = tables.stacks.GetFrame(ref);
  key.emplace_back(tables.strings.Get(frame.function));
  key.push_back(Place(tables, frame));
}

// Whole stacks differ where their rows would look alike, so a row is a leaf and its caller.
Breakdown BySite(const SchedPartial& partial) {
  Breakdown rows;
  for (std::size_t i = 0; i < partial.sites.size(); ++i) {
    if (partial.sites[i].empty()) continue;
    const auto frames = partial.tables.stacks.GetStack(StackRef{static_cast<std::uint32_t>(i)});
    std::vector<std::string> key;
    for (const FrameRef frame : frames.first(std::min<std::size_t>(frames.size(), 2))) {
      AppendFrame(partial.tables, frame, key);
    }
    if (frames.empty()) key.emplace_back(kNoStackText);
    key.resize(4);
    rows[std::move(key)].Combine(partial.sites[i]);
  }
  return rows;
}

Breakdown RowsByName(const SchedPartial::ByName& names) {
  Breakdown rows;
  for (const auto& [name, waits] : names) {
    rows[{name.empty() ? std::string(kUnknownText) : name}].Combine(waits);
  }
  return rows;
}

Breakdown ByCause(const SchedPartial& partial) {
  Breakdown rows;
  for (std::size_t cause = 0; cause < kSpanCauseCount; ++cause) {
    rows[{std::string(TextOfCause(static_cast<SpanCause>(cause)))}].Combine(partial.causes[cause]);
  }
  return rows;
}

// Whether a table tells the waits before first runs in columns of their own.
enum class FirstRuns : std::uint8_t { kShown, kHidden };

// Builds the tables of one document: they all count in the same way.
class TableMaker {
 public:
  explicit TableMaker(const ReportOptions& options) : options_(options) {}

  Table Overall(const Waits& waits) const {
    const Measures measures({kP50, kP90, kP99, kP999});
    Table table{.id = "overall", .heading = "All waits", .columns = {}, .rows = {}};
    measures.AppendColumns(table.columns);
    measures.AppendCells(Counted(waits), table.rows.emplace_back());
    return table;
  }

  // At most `limit` rows: the greatest totals first, ties by their keys. Rows without a counted
  // wait are left out.
  Table BreakdownTable(Table table, const Breakdown& breakdown, std::size_t limit,
                       FirstRuns first_runs = FirstRuns::kShown) const {
    const Measures measures({kP50, kP99});
    measures.AppendColumns(table.columns);
    if (first_runs == FirstRuns::kShown) {
      table.columns.push_back(Value("first_run_count", "first runs", Unit::kCount));
      table.columns.push_back(Value("first_run_ns", "their total", Unit::kNs));
    }

    std::vector<std::pair<const Breakdown::value_type*, Distribution>> rows;
    for (const auto& entry : breakdown) {
      Distribution counted = Counted(entry.second);
      if (!counted.empty()) rows.emplace_back(&entry, std::move(counted));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
      return a.second.sum() > b.second.sum();  // the breakdown is in order of its keys
    });
    rows.resize(std::min(rows.size(), limit));
    for (const auto& [entry, counted] : rows) {
      std::vector<Cell>& row = table.rows.emplace_back();
      for (const std::string& text : entry->first) row.push_back(TextOrEmpty(text));
      measures.AppendCells(counted, row);
      if (first_runs == FirstRuns::kHidden) continue;
      const Distribution first_run = FirstRun(entry->second);
      row.push_back(Number(first_run.count()));
      row.push_back(Sum(first_run.sum()));
    }
    return table;
  }

  Table Worst(const SchedPartial& partial) const {
    SchedPartial::Worst worst = partial.worst_ordinary;
    if (!options_.compat_go_tool_trace) worst.Combine(partial.worst_other);
    Table table{.id = "worst", .heading = "The longest waits", .columns = {}, .rows = {}};
    table.columns = {Key("trace", "trace"),
                     {"offset_ns", "at", Unit::kNs, ColumnKind::kKey},
                     {"goroutine", "goroutine", Unit::kId, ColumnKind::kKey},
                     Value("duration_ns", "wait", Unit::kNs),
                     Value("function", "made runnable in", Unit::kText),
                     Value("cause", "why it waited", Unit::kText)};
    std::vector<WorstWait> sorted = worst.Sorted();
    sorted.resize(std::min(sorted.size(), options_.top));
    for (const WorstWait& wait : sorted) {
      table.rows.push_back({Cell::Text(wait.path), Cell::Integer(wait.offset_ns),
                            Cell::Integer(Raw(wait.g)), Cell::Integer(wait.duration_ns),
                            TextOrEmpty(wait.function),
                            Cell::Text(std::string(TextOfCause(wait.cause)))});
    }
    return table;
  }

 private:
  Distribution Counted(const Waits& waits) const {
    return waits.Counted(options_.compat_go_tool_trace);
  }
  Distribution FirstRun(const Waits& waits) const {
    return options_.compat_go_tool_trace ? Distribution() : waits[WaitKind::kBeforeFirstRun];
  }

  const ReportOptions& options_;
};

// "3.04 %": `part` of `whole`, rounded; `whole` is not 0.
std::string Percent(Uint128 part, Uint128 whole) {
  const Uint128 greatest = ~Uint128{0} / 20'001;
  while (part > greatest || whole > greatest) {
    part >>= 1;
    whole >>= 1;
  }
  whole = std::max(whole, Uint128{1});
  const Uint128 hundredths = (part * 20'000 + whole) / (2 * whole);
  return fmt::format("{}.{:02} %", hundredths / 100, static_cast<unsigned>(hundredths % 100));
}

// "1 wait (5 ns)", "2 waits (10 ns)".
std::string WaitsText(std::uint64_t count, Uint128 ns) {
  return fmt::format("{} wait{} ({} ns)", count, count == 1 ? "" : "s", ns);
}

// By how much the count differs from that of `go tool trace`, and why.
std::string CountingNote(const Waits& overall, bool compat) {
  const Distribution tool = overall.Counted(true);
  const std::uint64_t more = overall.Counted(false).count() - tool.count();
  const Uint128 more_ns = overall.Counted(false).sum() - tool.sum();
  const std::string waits = WaitsText(more, more_ns);
  if (compat) {
    return fmt::format(
        "Counted as go tool trace does, whose profiles clip each goroutine to what lies between "
        "its "
        "first run and its end. Left out by that: {}.",
        waits);
  }
  if (more == 0) return "go tool trace counts the same waits.";
  const std::string percent =
      tool.empty() ? "it counts none"
                   : fmt::format("{} more waits, {} more time", Percent(more, tool.count()),
                                 Percent(more_ns, tool.sum()));
  return fmt::format(
      "Counted here and not by go tool trace: {}; {}. Its profiles clip each goroutine to what "
      "lies "
      "between its first run and its end, so the wait before the first run is lost.",
      waits, percent);
}

std::vector<Fact> Facts(const SchedPartial& partial, const Waits& overall, std::size_t site_rows,
                        const ReportOptions& options) {
  std::uint64_t stacks = 0;
  for (const Waits& waits : partial.sites) {
    stacks += waits.Counted(options.compat_go_tool_trace).empty() ? 0 : 1;
  }
  const Distribution all = overall.Counted(false);
  const Distribution tool = overall.Counted(true);
  return {
      {"counting",
       Cell::Text(options.compat_go_tool_trace ? "as go tool trace does" : "every wait"),
       Unit::kText},
      {"stacks", Number(stacks), Unit::kCount},
      {"sites", Number(site_rows), Unit::kCount},
      {"waits_not_in_go_tool_trace", Number(all.count() - tool.count()), Unit::kCount},
      {"time_not_in_go_tool_trace", Sum(all.sum() - tool.sum()), Unit::kNs},
  };
}

}  // namespace

Document SchedPartial::ToDocument(const ReportOptions& options) const {
  const TableMaker maker(options);
  const Waits overall = Overall();
  const auto table = [](std::string id, std::string heading, std::vector<Column> keys) {
    return Table{std::move(id), std::move(heading), std::move(keys), {}};
  };
  constexpr std::size_t kAll = ~std::size_t{0};
  const Table all_sites =
      maker.BreakdownTable(table("sites", "Where they were made runnable, by total wait",
                                 {Key("function", "function"), Key("location", "at"),
                                  Key("caller", "called from"), Key("caller_location", "at")}),
                           BySite(*this), kAll);

  Document document;
  document.report = kName;
  document.title = "Scheduler latency: how long runnable goroutines waited for a P";
  document.facts = Facts(*this, overall, all_sites.rows.size(), options);
  document.tables.push_back(maker.Overall(overall));
  document.tables.push_back(
      maker.BreakdownTable(table("causes", "Why they waited", {Key("cause", "cause")}),
                           ByCause(*this), kAll, FirstRuns::kHidden));
  document.tables.push_back(all_sites);
  document.tables.back().rows.resize(std::min(all_sites.rows.size(), options.top));
  document.tables.push_back(
      maker.BreakdownTable(table("start_functions", "What they were, by total wait",
                                 {Key("start_function", "goroutine started with")}),
                           RowsByName(start_functions), options.top));
  document.tables.push_back(maker.BreakdownTable(
      table("services", "By service", {Key("service", "service")}), RowsByName(services), kAll));
  document.tables.push_back(maker.Worst(*this));
  document.notes.push_back(CountingNote(overall, options.compat_go_tool_trace));
  document.notes.push_back(
      "A wait still open at the end of a trace is not counted; one that began before a trace "
      "counts "
      "from the trace's start.");
  if (options.with_profiles) {
    document.profiles.push_back(MakeSchedProfile(*this, options.compat_go_tool_trace));
  }
  return document;
}

}  // namespace gtengine
