// The regions report: by name and call site, how many there were, how long they took, and what the
// time inside them went to.
#include <fmt/format.h>
#include <tsl/robin_map.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/report_tables.h"
#include "engine/base/mix_hash.h"
#include "engine/reports/state_report.h"
#include "engine/reports/time_split.h"

namespace gtengine {
namespace {

constexpr std::size_t kLongestKept = 100;

// The call site is the leaf of the stack.
struct Place {
  StringRef name = kEmptyString;
  StringRef function = kEmptyString;
  StringRef file = kEmptyString;
  std::uint64_t line = 0;
  StringRef task = kEmptyString;

  static constexpr auto Fields() {
    return std::tuple(&Place::name, &Place::function, &Place::file, &Place::line, &Place::task);
  }
  friend auto operator<=>(const Place&, const Place&) = default;
};

struct Group {
  Distribution whole_ns;     // of those whose beginning and end are in the trace
  Distribution cut_ns;       // of the others: what is in the trace
  Distribution left_out_ns;  // not counted by go tool trace: left open on goroutines of the runtime
  Uint128 self_ns = 0;
  TimeSplit inside;

  static constexpr auto Fields() {
    return std::tuple(&Group::whole_ns, &Group::cut_ns, &Group::left_out_ns, &Group::self_ns,
                      &Group::inside);
  }

  Distribution Counted(bool compat) const {
    Distribution all = whole_ns;
    all.Combine(cut_ns);
    if (!compat) all.Combine(left_out_ns);
    return all;
  }
};

struct RegionTotals {
  static constexpr std::string_view kName = "regions";
  static constexpr std::string_view kSummary =
      "how long regions took, by name and call site, and where their time went";
  static constexpr std::uint32_t kVersion = 1;

  struct State {
    std::map<Place, Group> groups;
    Longest longest{kLongestKept};

    static constexpr auto Fields() { return std::tuple(&State::groups, &State::longest); }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
  static void VisitLengths(const State& state, const TraceTables& tables,
                           const LengthVisitor& visit);
};

// What is inside regions that are open, by region. Memory is used again.
class OpenInsides {
 public:
  // Valid until the next call.
  TimeSplitRows& Of(RegionId region) {
    const auto [place, is_new] = places_.try_emplace(Raw(region), std::uint32_t{0});
    if (is_new) {
      if (free_.empty()) {
        free_.push_back(static_cast<std::uint32_t>(insides_.size()));
        insides_.emplace_back();
      }
      place.value() = free_.back();
      free_.pop_back();
    }
    return insides_[place->second];
  }
  // Ends a region: what was inside is added to `group` and, unless that is kNoRegion, to the one
  // around it.
  void End(RegionId region, RegionId outer, TimeSplitRows* group_or_null) {
    const auto found = places_.find(Raw(region));
    if (found == places_.end()) return;
    const std::uint32_t place = found->second;
    places_.erase(found);
    if (group_or_null != nullptr) group_or_null->Combine(insides_[place]);
    if (outer != kNoRegion) {
      TimeSplitRows& around = Of(outer);
      around.Combine(insides_[place]);
    }
    insides_[place].Clear();
    free_.push_back(place);
  }

  std::size_t state_bytes(const Growth& growth) const {
    return RobinBytes(places_, growth.regions) + HeapBytes(insides_, growth.regions) +
           HeapBytes(free_, growth.regions);
  }

 private:
  tsl::robin_map<std::uint64_t, std::uint32_t, MixHash> places_;
  std::vector<TimeSplitRows> insides_;
  std::vector<std::uint32_t> free_;
};

// Inner regions come before outer ones, and slices before their region.
class RegionTotals::Accumulator final : public StateAccumulator<RegionTotals> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets.regions = true;
    request.sets.region_stacks = true;
    request.sets.region_slices = true;
    return request;
  }

  void OnRegionSlices(const RegionSlices& slices, const TraceTables&) override {
    for (std::size_t i = 0; i < slices.rows; ++i) open_.Of(slices.region[i]).Add(slices, i);
  }
  void OnRegions(const Regions& regions, const TraceTables& tables) override;
  std::size_t state_bytes(const Growth& growth) override {
    return RobinBytes(places_) + HeapBytes(rows_) + open_.state_bytes(growth);
  }

 private:
  // A place in terms of the trace's tables.
  struct RowKey {
    StringRef name;
    StringRef task;
    FrameRef leaf;

    friend bool operator==(const RowKey&, const RowKey&) = default;
  };
  struct RowKeyHash {
    std::size_t operator()(const RowKey& key) const {
      const auto names = std::uint64_t{static_cast<std::uint32_t>(key.name)} << 32 |
                         static_cast<std::uint32_t>(key.task);
      return MixHash()(MixHash()(names) ^ static_cast<std::uint32_t>(key.leaf));
    }
  };
  struct Rows {
    Group group;
    TimeSplitRows inside;
  };

  static constexpr FrameRef kNoFrame{~std::uint32_t{0}};

  void Fill(const TraceTables& tables, RegionTotals::State& state) override;
  Rows& RowsOf(const Regions& regions, std::size_t row, const TraceTables& tables);

  tsl::robin_map<RowKey, std::uint32_t, RowKeyHash> places_;  // positions in rows_
  std::vector<Rows> rows_;
  OpenInsides open_;
  Longest longest_{kLongestKept};
};

RegionTotals::Accumulator::Rows& RegionTotals::Accumulator::RowsOf(const Regions& regions,
                                                                   std::size_t row,
                                                                   const TraceTables& tables) {
  const auto frames = tables.stacks.GetStack(regions.start_stack[row]);
  const RowKey key{regions.name[row], regions.task_name[row],
                   frames.empty() ? kNoFrame : frames.front()};
  const auto [place, is_new] = places_.try_emplace(key, static_cast<std::uint32_t>(rows_.size()));
  if (is_new) rows_.emplace_back();
  return rows_[place->second];
}

void RegionTotals::Accumulator::OnRegions(const Regions& regions, const TraceTables& tables) {
  for (std::size_t i = 0; i < regions.rows; ++i) {
    const std::uint8_t flags = regions.flags[i];
    // What a goroutine inherits is in a region of another one.
    if (flags & kInherited) {
      open_.End(regions.region[i], kNoRegion, nullptr);
      continue;
    }
    Rows& rows = RowsOf(regions, i, tables);
    open_.End(regions.region[i], regions.parent[i], &rows.inside);
    Group& group = rows.group;
    const auto length_ns =
        static_cast<std::int64_t>(LengthNs(regions.start_ns[i], regions.end_ns[i]));
    const bool is_cut = flags & (kCutAtStart | kCutAtEnd);
    (flags & kOnSystemGoroutine ? group.left_out_ns
     : is_cut                   ? group.cut_ns
                                : group.whole_ns)
        .Add(length_ns);
    group.self_ns += static_cast<std::uint64_t>(regions.self_ns[i]);
    if (is_cut) continue;
    Offer(longest_, length_ns, [&] {
      Exemplar region = MakeExemplar(regions.start_ns[i], length_ns, regions.g[i],
                                     tables.strings.Get(regions.name[i]));
      region.more = tables.strings.Get(regions.task_name[i]);
      return region;
    });
  }
}

void RegionTotals::Accumulator::Fill(const TraceTables& tables, RegionTotals::State& state) {
  for (const auto& [key, position] : places_) {
    Place place{.name = key.name, .task = key.task};
    if (key.leaf != kNoFrame) {
      const Frame& frame = tables.stacks.GetFrame(key.leaf);
      place.function = frame.function;
      place.file = frame.file;
      place.line = frame.line;
    }
    Rows& rows = rows_[position];
    rows.inside.AddTo(rows.group.inside);
    state.groups[place] = std::move(rows.group);
  }
  state.longest = std::move(longest_);
}

void AppendKeyColumns(std::vector<Column>& columns) {
  columns.push_back(KeyColumn("function", "begun in"));
  columns.push_back(KeyColumn("location", "at"));
  columns.push_back(KeyColumn("task", "task"));
}

void AppendKeyCells(const Place& place, const TraceTables& tables, std::vector<Cell>& cells) {
  const std::string_view function = tables.strings.Get(place.function);
  const std::string_view file = tables.strings.Get(place.file);
  cells.push_back(TextCell(function.empty() ? "(no stack)" : function));
  cells.push_back(TextCell(file.empty() ? std::string() : fmt::format("{}:{}", file, place.line)));
  cells.push_back(TextCell(tables.strings.Get(place.task)));
}

Table LengthsTable(const RegionTotals::State& state, const TraceTables& tables,
                   const ReportOptions& options) {
  std::vector<Column> columns = {KeyColumn("region", "region"),
                                 ValueColumn("cut", "cut", Unit::kCount)};
  AppendLengthColumns(columns, "count", "regions");
  columns.push_back(ValueColumn("min_ns", "min", Unit::kNs));
  columns.push_back(ValueColumn("self_ns", "self", Unit::kNs));
  AppendKeyColumns(columns);
  RankedRows rows("regions", "How long they took, by total time", std::move(columns));
  for (const auto& [place, group] : state.groups) {
    const Distribution lengths = group.Counted(options.compat_go_tool_trace);
    if (lengths.empty()) continue;
    std::vector<Cell> cells = {NameCell(tables.strings.Get(place.name)),
                               NumberCell(group.cut_ns.count())};
    AppendLengthCells(lengths, cells);
    cells.push_back(Cell::Integer(lengths.min()));
    cells.push_back(NumberCell(group.self_ns));
    AppendKeyCells(place, tables, cells);
    rows.Add(lengths.sum(), std::move(cells));
  }
  return std::move(rows).Take(options.top);
}

void AddSplit(TimeSplit& to, const TimeSplit& from) {
  to.running_ns += from.running_ns;
  to.runnable_ns += from.runnable_ns;
  to.syscall_ns += from.syscall_ns;
  to.assist_ns += from.assist_ns;
  for (const auto& [reason, ns] : from.blocked_ns) to.blocked_ns[reason] += ns;
}

Table InsideTable(const RegionTotals::State& state, const TraceTables& tables, std::size_t limit) {
  std::vector<Column> columns = {KeyColumn("region", "region")};
  AppendSplitColumns(columns);
  AppendKeyColumns(columns);
  RankedRows rows("inside", "Where the time inside them went", std::move(columns));
  for (const auto& [place, group] : state.groups) {
    if (group.inside.Total() == 0) continue;
    std::vector<Cell> cells = {NameCell(tables.strings.Get(place.name))};
    AppendSplitCells(group.inside, cells);
    AppendKeyCells(place, tables, cells);
    rows.Add(group.inside.Total(), std::move(cells));
  }
  return std::move(rows).Take(limit);
}

Table BlockedTable(const RegionTotals::State& state, const TraceTables& tables, std::size_t limit) {
  std::map<std::string_view, TimeSplit> by_name;
  for (const auto& [place, group] : state.groups) {
    AddSplit(by_name[tables.strings.Get(place.name)], group.inside);
  }
  RankedRows rows("blocked", "Why they were blocked, by time",
                  {KeyColumn("region", "region"), KeyColumn("reason", "reason"),
                   ValueColumn("blocked_ns", "blocked", Unit::kNs),
                   ValueColumn("share", "of time inside", Unit::kPermille)});
  for (const auto& [name, split] : by_name) {
    for (const auto& [reason, ns] : split.blocked_ns) {
      rows.Add(ns, {NameCell(name), NameCell(tables.strings.Get(reason)), NumberCell(ns),
                    PermilleCell(ns, split.Total())});
    }
  }
  return std::move(rows).Take(limit);
}

Document RegionTotals::ToDocument(const State& state, const TraceTables& tables,
                                  const ReportOptions& options) {
  Distribution all;
  std::uint64_t cut = 0;
  std::uint64_t left_out = 0;
  for (const auto& [place, group] : state.groups) {
    all.Combine(group.Counted(options.compat_go_tool_trace));
    cut += group.cut_ns.count();
    left_out += group.left_out_ns.count();
  }
  Document document;
  document.report = kName;
  document.title = "Regions: how long they took, and where the time inside them went";
  document.facts = {CountFact("regions", all.count()), SumFact("time", all.sum()),
                    CountFact("cut", cut), CountFact("regions_not_in_go_tool_trace", left_out)};
  document.tables.push_back(LengthsTable(state, tables, options));
  document.tables.push_back(InsideTable(state, tables, options.top));
  document.tables.push_back(BlockedTable(state, tables, options.top));
  document.tables.push_back(LongestTable("longest", "The longest whole regions", "took", "region",
                                         state.longest, options.top, "task"));
  document.notes.push_back(
      "A region that a trace's start or end cuts counts with what is in the trace. Self is the "
      "time "
      "without the regions inside it.");
  return document;
}

void RegionTotals::VisitLengths(const State& state, const TraceTables& tables,
                                const LengthVisitor& visit) {
  for (const auto& [place, group] : state.groups) {
    LengthKey key = KeyOfName("region", tables.strings.Get(place.name));
    key.detail = tables.strings.Get(place.function);
    visit(key, group.whole_ns);
  }
}

}  // namespace

ReportType RegionsReport() { return MakeReport<RegionTotals>(); }

}  // namespace gtengine
