// The tasks report: by name, how many there were, how long they took, and what the time inside them
// went to.
#include <fmt/format.h>
#include <tsl/robin_map.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
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
constexpr std::size_t kLogsKept = 8;  // of an open task: the first ones

// What the collector took of complete tasks.
struct GcBlame {
  std::uint64_t tasks = 0;
  std::uint64_t stopped_tasks = 0;  // that a stop-the-world fell into
  std::uint64_t assisted_tasks = 0;
  std::uint64_t touched_tasks = 0;  // by either
  std::uint64_t stops = 0;          // that fell into them
  std::uint64_t assists = 0;        // likewise
  Uint128 length_ns = 0;
  Uint128 stopped_ns = 0;
  Uint128 assist_ns = 0;

  static constexpr auto Fields() {
    return std::tuple(&GcBlame::tasks, &GcBlame::stopped_tasks, &GcBlame::assisted_tasks,
                      &GcBlame::touched_tasks, &GcBlame::stops, &GcBlame::assists,
                      &GcBlame::length_ns, &GcBlame::stopped_ns, &GcBlame::assist_ns);
  }
  void Add(const GcBlame& other) {
    tasks += other.tasks;
    stopped_tasks += other.stopped_tasks;
    assisted_tasks += other.assisted_tasks;
    touched_tasks += other.touched_tasks;
    stops += other.stops;
    assists += other.assists;
    length_ns += other.length_ns;
    stopped_ns += other.stopped_ns;
    assist_ns += other.assist_ns;
  }
};

struct Group {
  std::uint64_t count = 0;
  Distribution complete_ns;  // of those whose beginning and end are in the trace
  TimeSplit inside;
  // By the histogram's bucket of a task's length, so that the slowest can be told apart.
  std::map<std::uint64_t, GcBlame> blame;

  static constexpr auto Fields() {
    return std::tuple(&Group::count, &Group::complete_ns, &Group::inside, &Group::blame);
  }
};

// The stop-the-worlds of a trace, which do not overlap, as they end.
class Stops {
 public:
  void Add(TimeNs start_ns, TimeNs end_ns) {
    stops_.push_back({start_ns, end_ns, before_ns_});
    before_ns_ += LengthNs(start_ns, end_ns);
  }
  struct Share {
    std::uint64_t stops = 0;
    std::uint64_t stopped_ns = 0;
  };
  // How often and how long the world stood still from `start_ns` to `end_ns`, as far as its stops
  // had ended by then.
  Share Within(TimeNs start_ns, TimeNs end_ns) const {
    const auto ends_until = [](TimeNs time_ns, const Stop& stop) { return time_ns < stop.end_ns; };
    const auto first = std::upper_bound(stops_.begin(), stops_.end(), start_ns, ends_until);
    const auto last = std::upper_bound(first, stops_.end(), end_ns, ends_until);
    if (first == last) return {};
    const std::uint64_t until_last =
        (last - 1)->before_ns + LengthNs((last - 1)->start_ns, (last - 1)->end_ns);
    const std::uint64_t cut_off =
        first->start_ns < start_ns ? LengthNs(first->start_ns, start_ns) : 0;
    return {.stops = static_cast<std::uint64_t>(last - first),
            .stopped_ns = until_last - first->before_ns - cut_off};
  }

  std::size_t heap_bytes() const { return HeapBytes(stops_); }

 private:
  struct Stop {
    TimeNs start_ns;
    TimeNs end_ns;
    std::uint64_t before_ns;  // all stops before it
  };
  std::vector<Stop> stops_;  // in order of their ends
  std::uint64_t before_ns_ = 0;
};

struct Kinship {
  StringRef parent = kEmptyString;
  StringRef child = kEmptyString;

  static constexpr auto Fields() { return std::tuple(&Kinship::parent, &Kinship::child); }
  friend auto operator<=>(const Kinship&, const Kinship&) = default;
};

struct Children {
  std::uint64_t count = 0;
  Distribution complete_ns;

  static constexpr auto Fields() { return std::tuple(&Children::count, &Children::complete_ns); }
};

struct TaskTotals {
  static constexpr std::string_view kName = "tasks";
  static constexpr std::string_view kSummary =
      "how long tasks took, by name, and where their time went";
  static constexpr std::uint32_t kVersion = 2;

  struct State {
    std::map<StringRef, Group> groups;  // by name
    std::map<Kinship, Children> children;
    Longest longest{kLongestKept};

    static constexpr auto Fields() {
      return std::tuple(&State::groups, &State::children, &State::longest);
    }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
  static void VisitLengths(const State& state, const TraceTables& tables,
                           const LengthVisitor& visit);
};

class TaskTotals::Accumulator final : public StateAccumulator<TaskTotals> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets.tasks = true;
    request.sets.region_slices = true;
    request.sets.logs = true;
    request.sets.ranges = true;
    request.only_stops = true;
    return request;
  }

  void OnLogs(const Logs& logs, const TraceTables&) override;
  void OnRanges(const Ranges& ranges, const TraceTables&) override {
    for (std::size_t i = 0; i < ranges.rows; ++i) {
      if (ranges.kind[i] == RangeKind::kStopTheWorld) {
        stops_.Add(ranges.start_ns[i], ranges.end_ns[i]);
      }
    }
  }
  void OnRegionSlices(const RegionSlices& slices, const TraceTables&) override;
  void OnTasks(const Tasks& tasks, const TraceTables& tables) override;
  std::size_t state_bytes(const Growth& growth) override {
    return HeapBytes(positions_) + HeapBytes(groups_) + RobinBytes(children_) +
           RobinBytes(inside_) + RobinBytes(open_logs_, growth.tasks) +
           open_logs_.size() * kLogsKept * sizeof(Log) + stops_.heap_bytes() +
           RobinBytes(open_assists_, growth.tasks) + RobinBytes(assist_ends_ns_);
  }

 private:
  struct Assists {
    std::uint64_t count = 0;
    std::uint64_t ns = 0;
  };
  struct Log {
    StringRef category;
    StringRef message;
  };

  void Fill(const TraceTables& tables, TaskTotals::State& state) override;
  void AddAssist(const RegionSlices& slices, std::size_t row);
  std::string LogsOf(TaskId task, const TraceTables& tables) const;
  void AddBlame(Group& group, const Tasks& tasks, std::size_t row, std::int64_t length_ns) const;

  Group& Of(StringRef name) {
    const auto index = static_cast<std::size_t>(name);
    if (index >= positions_.size()) positions_.resize(index + 1);
    if (positions_[index] == 0) {
      groups_.emplace_back();
      positions_[index] = static_cast<std::uint32_t>(groups_.size());
    }
    return groups_[positions_[index] - 1];
  }

  std::vector<std::uint32_t> positions_;  // by name: after that of its group; 0: none yet
  std::vector<Group> groups_;
  tsl::robin_map<std::uint64_t, Children, MixHash> children_;  // by the names of parent and child
  tsl::robin_map<std::uint32_t, TimeSplitRows, MixHash> inside_;        // by name
  tsl::robin_map<std::uint64_t, std::vector<Log>, MixHash> open_logs_;  // by task
  Stops stops_;
  tsl::robin_map<std::uint64_t, Assists, MixHash> open_assists_;  // by task
  tsl::robin_map<std::int64_t, TimeNs, MixHash> assist_ends_ns_;  // of the last slice, by goroutine
  Longest longest_{kLongestKept};
};

void TaskTotals::Accumulator::OnLogs(const Logs& logs, const TraceTables&) {
  for (std::size_t i = 0; i < logs.rows; ++i) {
    if (logs.task[i] == kBackgroundTask) continue;
    std::vector<Log>& of_task = open_logs_[Raw(logs.task[i])];
    if (of_task.size() < kLogsKept) of_task.push_back({logs.category[i], logs.message[i]});
  }
}

void TaskTotals::Accumulator::OnRegionSlices(const RegionSlices& slices, const TraceTables&) {
  for (std::size_t i = 0; i < slices.rows; ++i) {
    if (slices.task[i] == kBackgroundTask) continue;
    inside_[static_cast<std::uint32_t>(slices.task_name[i])].Add(slices, i);
    if (slices.flags[i] & kInMarkAssist) {
      AddAssist(slices, i);
    }
  }
}

void TaskTotals::Accumulator::OnTasks(const Tasks& tasks, const TraceTables& tables) {
  for (std::size_t i = 0; i < tasks.rows; ++i) {
    const auto length_ns = static_cast<std::int64_t>(LengthNs(tasks.start_ns[i], tasks.end_ns[i]));
    const bool is_complete = !(tasks.flags[i] & (kCutAtStart | kCutAtEnd));
    Group& group = Of(tasks.name[i]);
    ++group.count;
    if (is_complete) {
      group.complete_ns.Add(length_ns);
      AddBlame(group, tasks, i, length_ns);
    }
    if (tasks.parent[i] != kNoTask) {
      Children& children =
          children_[std::uint64_t{static_cast<std::uint32_t>(tasks.parent_name[i])} << 32 |
                    static_cast<std::uint32_t>(tasks.name[i])];
      ++children.count;
      if (is_complete) children.complete_ns.Add(length_ns);
    }
    if (is_complete) {
      Offer(longest_, length_ns, [&] {
        Exemplar task = MakeExemplar(tasks.start_ns[i], length_ns, tasks.start_g[i],
                                     tables.strings.Get(tasks.name[i]));
        task.more = LogsOf(tasks.task[i], tables);
        return task;
      });
    }
    open_logs_.erase(Raw(tasks.task[i]));
    open_assists_.erase(Raw(tasks.task[i]));
  }
}

void TaskTotals::Accumulator::AddBlame(Group& group, const Tasks& tasks, std::size_t row,
                                       std::int64_t length_ns) const {
  const auto [stops, stopped_ns] = stops_.Within(tasks.start_ns[row], tasks.end_ns[row]);
  const auto found = open_assists_.find(Raw(tasks.task[row]));
  const Assists assists = found == open_assists_.end() ? Assists{} : found->second;
  GcBlame& blame = group.blame[Histogram::BucketOf(length_ns)];
  ++blame.tasks;
  blame.stopped_tasks += stopped_ns > 0;
  blame.assisted_tasks += assists.ns > 0;
  blame.touched_tasks += stopped_ns > 0 || assists.ns > 0;
  blame.stops += stops;
  blame.assists += assists.count;
  blame.length_ns += static_cast<std::uint64_t>(length_ns);
  blame.stopped_ns += stopped_ns;
  blame.assist_ns += assists.ns;
}

// An assist counts in the task in which it began; it is cut into slices that follow one another.
void TaskTotals::Accumulator::AddAssist(const RegionSlices& slices, std::size_t row) {
  Assists& of_task = open_assists_[Raw(slices.task[row])];
  of_task.ns += LengthNs(slices.start_ns[row], slices.end_ns[row]);
  const auto [end_ns, is_first] =
      assist_ends_ns_.try_emplace(Raw(slices.g[row]), slices.end_ns[row]);
  of_task.count += is_first || end_ns->second != slices.start_ns[row];
  end_ns.value() = slices.end_ns[row];
}

std::string TaskTotals::Accumulator::LogsOf(TaskId task, const TraceTables& tables) const {
  std::string text;
  const auto logs = open_logs_.find(Raw(task));
  if (logs == open_logs_.end()) return text;
  for (const Log& log : logs->second) {
    const std::string_view category = tables.strings.Get(log.category);
    text += fmt::format("{}{}{}{}", text.empty() ? "" : "; ", category,
                        category.empty() ? "" : ": ", tables.strings.Get(log.message));
  }
  return text;
}

void TaskTotals::Accumulator::Fill(const TraceTables&, TaskTotals::State& state) {
  for (std::uint32_t name = 0; name < positions_.size(); ++name) {
    if (positions_[name] == 0) continue;
    state.groups[StringRef{name}] = std::move(groups_[positions_[name] - 1]);
  }
  for (const auto& [names, children] : children_) {
    state.children[{StringRef{static_cast<std::uint32_t>(names >> 32)},
                    StringRef{static_cast<std::uint32_t>(names)}}] = children;
  }
  for (const auto& [name, rows] : inside_) rows.AddTo(state.groups[StringRef{name}].inside);
  state.longest = std::move(longest_);
}

Table CountsTable(const TaskTotals::State& state, const TraceTables& tables, std::size_t limit) {
  std::vector<Column> columns = {KeyColumn("task", "task"),
                                 ValueColumn("count", "tasks", Unit::kCount),
                                 ValueColumn("cut", "cut", Unit::kCount)};
  AppendLengthColumns(columns, "complete", "complete");
  RankedRows rows("tasks", "How long they took, by total time", std::move(columns));
  for (const auto& [name, group] : state.groups) {
    std::vector<Cell> cells = {NameCell(tables.strings.Get(name)), NumberCell(group.count),
                               NumberCell(group.count - group.complete_ns.count())};
    AppendLengthCells(group.complete_ns, cells);
    rows.Add(group.complete_ns.sum(), std::move(cells));
  }
  return std::move(rows).Take(limit);
}

Table LatencyTable(const TaskTotals::State& state, const TraceTables& tables, std::size_t limit) {
  RankedRows rows(
      "latencies", "How long the complete ones took, by p99",
      {KeyColumn("task", "task"), ValueColumn("min_ns", "min", Unit::kNs),
       ValueColumn("p50_ns", "p50", Unit::kNs), ValueColumn("p90_ns", "p90", Unit::kNs),
       ValueColumn("p99_ns", "p99", Unit::kNs), ValueColumn("p999_ns", "p99.9", Unit::kNs),
       ValueColumn("max_ns", "max", Unit::kNs)});
  for (const auto& [name, group] : state.groups) {
    const Distribution& lengths = group.complete_ns;
    if (lengths.empty()) continue;
    std::vector<Cell> cells = {NameCell(tables.strings.Get(name)), Cell::Integer(lengths.min())};
    for (const std::uint32_t permille : {500, 900, 990, 999}) {
      cells.push_back(Cell::Integer(lengths.Quantile(permille)));
    }
    cells.push_back(Cell::Integer(lengths.max()));
    rows.Add(static_cast<std::uint64_t>(lengths.Quantile(990)), std::move(cells));
  }
  return std::move(rows).Take(limit);
}

Table InsideTable(const TaskTotals::State& state, const TraceTables& tables, std::size_t limit) {
  std::vector<Column> columns = {KeyColumn("task", "task")};
  AppendSplitColumns(columns);
  RankedRows rows("inside", "Where the time inside them went", std::move(columns));
  for (const auto& [name, group] : state.groups) {
    if (group.inside.Total() == 0) continue;
    std::vector<Cell> cells = {NameCell(tables.strings.Get(name))};
    AppendSplitCells(group.inside, cells);
    rows.Add(group.inside.Total(), std::move(cells));
  }
  return std::move(rows).Take(limit);
}

Table BlockedTable(const TaskTotals::State& state, const TraceTables& tables, std::size_t limit) {
  RankedRows rows("blocked", "Why they were blocked, by time",
                  {KeyColumn("task", "task"), KeyColumn("reason", "reason"),
                   ValueColumn("blocked_ns", "blocked", Unit::kNs),
                   ValueColumn("share", "of time inside", Unit::kPermille)});
  for (const auto& [name, group] : state.groups) {
    for (const auto& [reason, ns] : group.inside.blocked_ns) {
      rows.Add(ns, {NameCell(tables.strings.Get(name)), NameCell(tables.strings.Get(reason)),
                    NumberCell(ns), PermilleCell(ns, group.inside.Total())});
    }
  }
  return std::move(rows).Take(limit);
}

// For all complete tasks of a name, and for the slowest hundredth: those whose length is in the
// p99's bucket of the histogram or above.
Table BlameTable(const TaskTotals::State& state, const TraceTables& tables, std::size_t limit) {
  RankedRows rows("gc_blame", "What the collector took of them, and of the slowest 1 %",
                  {KeyColumn("task", "task"), KeyColumn("which", "which"),
                   ValueColumn("complete", "tasks", Unit::kCount),
                   ValueColumn("touched_share", "touched", Unit::kPermille),
                   ValueColumn("stops", "stops", Unit::kCount),
                   ValueColumn("stopped", "in tasks", Unit::kCount),
                   ValueColumn("stopped_share", "of time", Unit::kPermille),
                   ValueColumn("assists", "assists", Unit::kCount),
                   ValueColumn("assisted", "in tasks", Unit::kCount),
                   ValueColumn("assist_share", "of time", Unit::kPermille)});
  for (const auto& [name, group] : state.groups) {
    GcBlame all;
    GcBlame slowest;
    const std::size_t p99_bucket = Histogram::BucketOf(group.complete_ns.Quantile(990));
    for (const auto& [bucket, blame] : group.blame) {
      all.Add(blame);
      if (bucket >= p99_bucket) slowest.Add(blame);
    }
    if (all.stopped_ns + all.assist_ns == 0) continue;
    for (const auto& [which, blame] : {std::pair("all", all), std::pair("slowest", slowest)}) {
      rows.Add(all.stopped_ns + all.assist_ns,
               {NameCell(tables.strings.Get(name)), Cell::Text(which), NumberCell(blame.tasks),
                PermilleCell(blame.touched_tasks, blame.tasks), NumberCell(blame.stops),
                NumberCell(blame.stopped_tasks), PermilleCell(blame.stopped_ns, blame.length_ns),
                NumberCell(blame.assists), NumberCell(blame.assisted_tasks),
                PermilleCell(blame.assist_ns, blame.length_ns)});
    }
  }
  return std::move(rows).Take(limit);
}

Table ChildrenTable(const TaskTotals::State& state, const TraceTables& tables, std::size_t limit) {
  std::vector<Column> columns = {KeyColumn("parent", "task"), KeyColumn("child", "child"),
                                 ValueColumn("count", "children", Unit::kCount)};
  AppendLengthColumns(columns, "complete", "complete");
  RankedRows rows("children", "Tasks inside tasks, by total time", std::move(columns));
  for (const auto& [names, children] : state.children) {
    std::vector<Cell> cells = {NameCell(tables.strings.Get(names.parent)),
                               NameCell(tables.strings.Get(names.child)),
                               NumberCell(children.count)};
    AppendLengthCells(children.complete_ns, cells);
    rows.Add(children.complete_ns.sum(), std::move(cells));
  }
  return std::move(rows).Take(limit);
}

Document TaskTotals::ToDocument(const State& state, const TraceTables& tables,
                                const ReportOptions& options) {
  std::uint64_t count = 0;
  std::uint64_t complete = 0;
  for (const auto& [name, group] : state.groups) {
    count += group.count;
    complete += group.complete_ns.count();
  }
  Document document;
  document.report = kName;
  document.title = "Tasks: how long they took, and where the time inside them went";
  document.facts = {CountFact("tasks", count), CountFact("complete", complete),
                    CountFact("names", state.groups.size())};
  document.tables.push_back(CountsTable(state, tables, options.top));
  document.tables.push_back(LatencyTable(state, tables, options.top));
  document.tables.push_back(InsideTable(state, tables, options.top));
  document.tables.push_back(BlockedTable(state, tables, options.top));
  document.tables.push_back(BlameTable(state, tables, options.top));
  document.tables.push_back(ChildrenTable(state, tables, options.top));
  document.tables.push_back(LongestTable("longest", "The longest complete tasks", "took", "task",
                                         state.longest, options.top, "logs"));
  document.notes.push_back(
      "A task is complete when a trace has its beginning and its end; only those have a length. "
      "The "
      "time inside is that of the goroutines while they are in a region of the task, or after they "
      "were created inside one.");
  return document;
}

void TaskTotals::VisitLengths(const State& state, const TraceTables& tables,
                              const LengthVisitor& visit) {
  for (const auto& [name, group] : state.groups) {
    visit(KeyOfName("task", tables.strings.Get(name)), group.complete_ns);
  }
}

}  // namespace

ReportType TasksReport() { return MakeReport<TaskTotals>(); }

}  // namespace gtengine
