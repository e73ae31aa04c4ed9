// The regions report: by name and call site, how many there were, how long they took, and what the
// time inside them went to.
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

// The stack is whole; rows of the report have its leaf.
struct Place {
  StringRef name = kEmptyString;
  StackRef stack = kNoStack;
  StringRef task = kEmptyString;

  static constexpr auto Fields() { return std::tuple(&Place::name, &Place::stack, &Place::task); }
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
    for (std::size_t i = 0; i < slices.rows; ++i) {
      open_[Raw(slices.region[i])].Add(slices, i);
    }
  }
  void OnRegions(const Regions& regions, const TraceTables& tables) override;
  std::size_t state_bytes(const Growth& growth) override {
    return HeapBytes(groups_) + HeapBytes(inside_) + RobinBytes(open_, growth.regions);
  }

 private:
  void Fill(const TraceTables&, RegionTotals::State& state) override {
    state.groups = std::move(groups_);
    for (const auto& [place, rows] : inside_) rows.AddTo(state.groups[place].inside);
    state.longest = std::move(longest_);
  }
  TimeSplitRows TakeInside(RegionId region, RegionId outer);

  std::map<Place, Group> groups_;
  std::map<Place, TimeSplitRows> inside_;
  tsl::robin_map<std::uint64_t, TimeSplitRows, MixHash> open_;  // by region
  Longest longest_{kLongestKept};
};

// All time inside of a region that has ended, which is inside of the one around it as well.
TimeSplitRows RegionTotals::Accumulator::TakeInside(RegionId region, RegionId outer) {
  TimeSplitRows inside;
  if (const auto found = open_.find(Raw(region)); found != open_.end()) {
    inside = std::move(found.value());
    open_.erase(found);
  }
  if (outer != kNoRegion) open_[Raw(outer)].Combine(inside);
  return inside;
}

void RegionTotals::Accumulator::OnRegions(const Regions& regions, const TraceTables& tables) {
  for (std::size_t i = 0; i < regions.rows; ++i) {
    const std::uint8_t flags = regions.flags[i];
    // What a goroutine inherits is in a region of another one.
    const bool is_inherited = flags & kInherited;
    const TimeSplitRows inside =
        TakeInside(regions.region[i], is_inherited ? kNoRegion : regions.parent[i]);
    if (is_inherited) continue;
    const Place place{regions.name[i], regions.start_stack[i], regions.task_name[i]};
    Group& group = groups_[place];
    const auto length_ns =
        static_cast<std::int64_t>(LengthNs(regions.start_ns[i], regions.end_ns[i]));
    const bool is_cut = flags & (kCutAtStart | kCutAtEnd);
    (flags & kOnSystemGoroutine ? group.left_out_ns
     : is_cut                   ? group.cut_ns
                                : group.whole_ns)
        .Add(length_ns);
    group.self_ns += static_cast<std::uint64_t>(regions.self_ns[i]);
    inside_[place].Combine(inside);
    if (is_cut) continue;
    Offer(longest_, length_ns, [&] {
      Exemplar region = MakeExemplar(regions.start_ns[i], length_ns, regions.g[i],
                                     tables.strings.Get(regions.name[i]));
      region.more = tables.strings.Get(regions.task_name[i]);
      return region;
    });
  }
}

// What one row of the report sums up.
struct RowKey {
  std::string_view name;
  std::string function;
  std::string location;
  std::string_view task;

  friend auto operator<=>(const RowKey&, const RowKey&) = default;
};
using RowMap = std::map<RowKey, std::vector<const Group*>>;

RowMap RowsOf(const RegionTotals::State& state, const TraceTables& tables) {
  RowMap rows;
  for (const auto& [place, group] : state.groups) {
    Site site = SiteOf(tables, place.stack);
    rows[{tables.strings.Get(place.name), std::move(site[0]), std::move(site[1]),
          tables.strings.Get(place.task)}]
        .push_back(&group);
  }
  return rows;
}

void AppendKeyColumns(std::vector<Column>& columns) {
  columns.push_back(KeyColumn("function", "begun in"));
  columns.push_back(KeyColumn("location", "at"));
  columns.push_back(KeyColumn("task", "task"));
}

void AppendKeyCells(const RowKey& key, std::vector<Cell>& cells) {
  cells.push_back(TextCell(key.function));
  cells.push_back(TextCell(key.location));
  cells.push_back(TextCell(key.task));
}

Table LengthsTable(const RowMap& by_key, const ReportOptions& options) {
  std::vector<Column> columns = {KeyColumn("region", "region"),
                                 ValueColumn("cut", "cut", Unit::kCount)};
  AppendLengthColumns(columns, "count", "regions");
  columns.push_back(ValueColumn("self_ns", "self", Unit::kNs));
  AppendKeyColumns(columns);
  RankedRows rows("regions", "How long they took, by total time", std::move(columns));
  for (const auto& [key, groups] : by_key) {
    Distribution lengths;
    std::uint64_t cut = 0;
    Uint128 self_ns = 0;
    for (const Group* group : groups) {
      lengths.Combine(group->Counted(options.compat_go_tool_trace));
      cut += group->cut_ns.count();
      self_ns += group->self_ns;
    }
    if (lengths.empty()) continue;
    std::vector<Cell> cells = {NameCell(key.name), NumberCell(cut)};
    AppendLengthCells(lengths, cells);
    cells.push_back(NumberCell(self_ns));
    AppendKeyCells(key, cells);
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

Table InsideTable(const RowMap& by_key, std::size_t limit) {
  std::vector<Column> columns = {KeyColumn("region", "region")};
  AppendSplitColumns(columns);
  AppendKeyColumns(columns);
  RankedRows rows("inside", "Where the time inside them went", std::move(columns));
  for (const auto& [key, groups] : by_key) {
    TimeSplit split;
    for (const Group* group : groups) AddSplit(split, group->inside);
    if (split.Total() == 0) continue;
    std::vector<Cell> cells = {NameCell(key.name)};
    AppendSplitCells(split, cells);
    AppendKeyCells(key, cells);
    rows.Add(split.Total(), std::move(cells));
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
  const RowMap by_key = RowsOf(state, tables);
  Document document;
  document.report = kName;
  document.title = "Regions: how long they took, and where the time inside them went";
  document.facts = {CountFact("regions", all.count()), SumFact("time", all.sum()),
                    CountFact("cut", cut), CountFact("regions_not_in_go_tool_trace", left_out)};
  document.tables.push_back(LengthsTable(by_key, options));
  document.tables.push_back(InsideTable(by_key, options.top));
  document.tables.push_back(BlockedTable(state, tables, options.top));
  document.tables.push_back(LongestTable("longest", "The longest whole regions", "took", "region",
                                         state.longest, options.top, "task"));
  document.notes.push_back(
      "A region that a trace's start or end cuts counts with what is in the trace. Self is the "
      "time "
      "without the regions inside it.");
  return document;
}

}  // namespace

ReportType RegionsReport() { return MakeReport<RegionTotals>(); }

}  // namespace gtengine
