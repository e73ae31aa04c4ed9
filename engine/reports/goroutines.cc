// The goroutines report: by the function that they were started with, how many there were and where
// their time went.
//
// Go's summarizer (internal/trace/summary.go) has the rules: one that is found at the trace's start
// has been in its state since the last Sync event, and blocking "forever" ends it. Where it errs
// about system calls, `--compat go-tool-trace` has its numbers.
#include <tsl/robin_map.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/few_sums.h"
#include "engine/analysis/report_tables.h"
#include "engine/base/mix_hash.h"
#include "engine/reports/state_report.h"

namespace gtengine {
namespace {

constexpr std::size_t kLongestKept = 100;

// What the time in system calls comes to.
struct CallTimes {
  Uint128 with_p_ns = 0;
  Uint128 without_p_ns = 0;  // after the P was lost
  // Go's summarizer counts the part of an open call that lies behind the loss as a wait for a P,
  // and as a call besides.
  Uint128 wait_ns = 0;

  void Add(const CallTimes& other) {
    with_p_ns += other.with_p_ns;
    without_p_ns += other.without_p_ns;
    wait_ns += other.wait_ns;
  }
  static constexpr auto Fields() {
    return std::tuple(&CallTimes::with_p_ns, &CallTimes::without_p_ns, &CallTimes::wait_ns);
  }
};

// All goroutines of one start function.
struct Group {
  std::uint64_t created = 0;
  std::uint64_t found = 0;  // at a trace's start
  std::uint64_t left = 0;   // alive at a trace's end
  Greatest peak;            // most alive at once in one trace
  Greatest longest_run_ns;  // without a break
  Uint128 total_ns = 0;     // from creation to end
  Uint128 running_ns = 0;
  Uint128 runnable_ns = 0;
  CallTimes calls;
  CallTimes calls_of_go;                    // as Go's summarizer has them
  std::map<StringRef, Uint128> blocked_ns;  // by reason
  std::map<StringRef, Uint128> range_ns;    // by name

  static constexpr auto Fields() {
    return std::tuple(&Group::created, &Group::found, &Group::left, &Group::peak,
                      &Group::longest_run_ns, &Group::total_ns, &Group::running_ns,
                      &Group::runnable_ns, &Group::calls, &Group::calls_of_go, &Group::blocked_ns,
                      &Group::range_ns);
  }
};

struct Goroutines {
  static constexpr std::string_view kName = "goroutines";
  static constexpr std::string_view kSummary =
      "how many goroutines of each kind there were, and where their time went";
  static constexpr std::uint32_t kVersion = 1;

  struct State {
    std::map<StringRef, Group> groups;  // by start function
    Greatest peak;                      // most alive at once in one trace
    Longest longest_runs{kLongestKept};

    static constexpr auto Fields() {
      return std::tuple(&State::groups, &State::peak, &State::longest_runs);
    }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
};

// How many were alive at most, of some that were there at the start and others that came and went.
class Alive {
 public:
  void AddFound() { ++found_; }
  void AddBirth(TimeNs time_ns) { births_.push_back(time_ns); }
  void AddDeath(TimeNs time_ns) { deaths_.push_back(time_ns); }
  void Combine(const Alive& other) {
    found_ += other.found_;
    births_.insert(births_.end(), other.births_.begin(), other.births_.end());
    deaths_.insert(deaths_.end(), other.deaths_.begin(), other.deaths_.end());
  }

  std::uint64_t Peak() && {
    std::sort(births_.begin(), births_.end());
    std::sort(deaths_.begin(), deaths_.end());
    std::uint64_t peak = found_;
    std::size_t dead = 0;
    for (std::size_t born = 0; born < births_.size(); ++born) {
      while (dead < deaths_.size() && deaths_[dead] <= births_[born]) ++dead;
      peak = std::max<std::uint64_t>(peak, found_ + born + 1 - std::min(dead, found_ + born));
    }
    return peak;
  }

 private:
  std::uint64_t found_ = 0;
  std::vector<TimeNs> births_;
  std::vector<TimeNs> deaths_;
};

// What the rows of one start function, or of one goroutine without a name, come to.
struct Rows {
  std::uint64_t spans = 0;
  std::uint64_t created = 0;
  std::uint64_t left = 0;
  std::uint64_t total_ns = 0;  // 584 years are enough for one trace
  std::array<std::uint64_t, kGoStateCount> state_ns{};
  FewSums blocked_ns;
  Greatest longest_run_ns;
  Alive alive;
  // Of those found at the trace's start: the state, and when it was told.
  std::vector<std::pair<GoState, TimeNs>> found;

  void Combine(const Rows& other) {
    spans += other.spans;
    created += other.created;
    left += other.left;
    total_ns += other.total_ns;
    for (std::size_t i = 0; i < kGoStateCount; ++i) state_ns[i] += other.state_ns[i];
    blocked_ns.Combine(other.blocked_ns);
    longest_run_ns.Combine(other.longest_run_ns);
    alive.Combine(other.alive);
    found.insert(found.end(), other.found.begin(), other.found.end());
  }
};

// Keeps some 40 bytes a goroutine of the trace.
class Goroutines::Accumulator final : public StateAccumulator<Goroutines> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    for (const GoState state :
         {GoState::kRunnable, GoState::kRunning, GoState::kWaiting, GoState::kSyscall}) {
      request.states[static_cast<std::size_t>(state)] = true;
    }
    request.goroutine_columns = {.g = true, .start_function = true, .reason = true, .cause = true};
    request.sets.syscalls = true;
    request.sets.ranges = true;
    request.sets.generations = true;
    return request;
  }

  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) override;
  void OnLateName(std::uint32_t goroutine, StringRef start_function, const TraceTables&) override;
  void OnRanges(const Ranges& ranges, const TraceTables&) override;
  void OnSyscalls(const Syscalls& calls, const TraceTables&) override;
  void OnGenerations(const Generations& generations, const TraceTables&) override {
    for (std::size_t i = 0; i < generations.rows; ++i) syncs_ns_.push_back(generations.first_ns[i]);
  }
  std::size_t state_bytes(const Growth& growth) override {
    return HeapBytes(by_function_) + RobinBytes(unnamed_, growth.goroutines) +
           RobinBytes(names_, growth.born) + HeapBytes(range_ns_) +
           RobinBytes(calls_, growth.born) + HeapBytes(found_calls_) + HeapBytes(syncs_ns_);
  }

 private:
  // A goroutine whose rows came without a name.
  struct Unnamed {
    GoId g = kNoGoroutine;
    Rows rows;
  };
  struct CallsOf {
    CallTimes truly;
    CallTimes by_go;
  };

  // A call that was found at the trace's start.
  struct FoundCall {
    GoId g;
    bool has_p;
    TimeNs start_ns;
  };

  void Fill(const TraceTables& tables, Goroutines::State& state) override;
  void AddFirst(Rows& rows, const GoroutineSpans& spans, std::size_t row);
  void Know(const GoroutineSpans& spans, std::size_t row);
  void AddFound(Group& group, const Rows& rows) const;
  std::uint64_t SinceSync(TimeNs time_ns) const;
  Rows& Of(StringRef start_function) {
    const auto index = static_cast<std::size_t>(start_function);
    if (index >= by_function_.size()) by_function_.resize(index + 1);
    return by_function_[index];
  }

  std::vector<Rows> by_function_;                            // by StringRef
  tsl::robin_map<std::uint32_t, Unnamed, MixHash> unnamed_;  // by goroutine number
  tsl::robin_map<std::int64_t, StringRef, MixHash> names_;   // by goroutine
  std::map<std::pair<GoId, StringRef>, Uint128> range_ns_;   // by goroutine and name
  tsl::robin_map<std::int64_t, CallsOf, MixHash> calls_;     // by goroutine
  std::vector<FoundCall> found_calls_;
  std::vector<TimeNs> syncs_ns_;
  Longest longest_{kLongestKept};
};

void Goroutines::Accumulator::OnGoroutineSpans(const GoroutineSpans& spans,
                                               const TraceTables& tables) {
  for (std::size_t i = 0; i < spans.rows; ++i) {
    const StringRef function = spans.start_function[i];
    Rows& rows = function == kEmptyString ? unnamed_[spans.goroutine[i]].rows : Of(function);
    const std::uint64_t length_ns = LengthNs(spans.start_ns[i], spans.end_ns[i]);
    const std::uint8_t flags = spans.flags[i];
    ++rows.spans;
    if (spans.cause[i] == SpanCause::kCreated || (flags & kCutAtStart)) {
      AddFirst(rows, spans, i);
    } else if (trace().has_some_rows) {
      Know(spans, i);
    }
    if (flags & kEndsGoroutine) rows.alive.AddDeath(spans.end_ns[i]);
    if (flags & kCutAtEnd) ++rows.left;
    if (!(flags & kAfterForever)) rows.total_ns += length_ns;
    rows.state_ns[static_cast<std::size_t>(spans.state)] += length_ns;
    if (spans.state == GoState::kWaiting) {
      const bool is_for_ever =
          (flags & kAfterForever) && tables.strings.Get(spans.reason[i]) == "forever";
      if (!is_for_ever) rows.blocked_ns[spans.reason[i]] += length_ns;
    } else if (spans.state == GoState::kRunning) {
      rows.longest_run_ns.Add(length_ns);
      Offer(longest_, static_cast<std::int64_t>(length_ns), [&] {
        return MakeExemplar(spans.start_ns[i], static_cast<std::int64_t>(length_ns), spans.g[i],
                            "");
      });
    }
  }
}

void Goroutines::Accumulator::AddFirst(Rows& rows, const GoroutineSpans& spans, std::size_t row) {
  Know(spans, row);
  if (spans.cause[row] == SpanCause::kCreated) {
    ++rows.created;
    rows.alive.AddBirth(spans.start_ns[row]);
  } else {
    rows.found.emplace_back(spans.state, spans.start_ns[row]);
    rows.alive.AddFound();
  }
}

// Whose times in calls and ranges are to be added.
void Goroutines::Accumulator::Know(const GoroutineSpans& spans, std::size_t row) {
  const StringRef function = spans.start_function[row];
  names_[Raw(spans.g[row])] = function;
  if (function == kEmptyString) unnamed_[spans.goroutine[row]].g = spans.g[row];
}

void Goroutines::Accumulator::OnLateName(std::uint32_t goroutine, StringRef start_function,
                                         const TraceTables&) {
  const auto found = unnamed_.find(goroutine);
  if (found == unnamed_.end()) return;
  Of(start_function).Combine(found->second.rows);
  names_[Raw(found->second.g)] = start_function;
  unnamed_.erase(found);
}

void Goroutines::Accumulator::OnRanges(const Ranges& ranges, const TraceTables&) {
  for (std::size_t i = 0; i < ranges.rows; ++i) {
    GoId g = ranges.scope_g[i];
    // A sweep is of a P. It is a goroutine's where that was there from its beginning to its end.
    if (ranges.kind[i] == RangeKind::kSweep &&
        (ranges.start_g[i] == ranges.end_g[i] || (ranges.flags[i] & kCutAtEnd))) {
      g = ranges.start_g[i];
    }
    if (g == kNoGoroutine) continue;
    range_ns_[{g, ranges.name[i]}] += LengthNs(ranges.start_ns[i], ranges.end_ns[i]);
  }
}

void Goroutines::Accumulator::OnSyscalls(const Syscalls& calls, const TraceTables&) {
  for (std::size_t i = 0; i < calls.rows; ++i) {
    CallsOf& of = calls_[Raw(calls.g[i])];
    const TimeNs start_ns = calls.start_ns[i];
    const TimeNs lost_ns = calls.had_p_until_ns[i];
    const TimeNs end_ns = calls.end_ns[i];
    of.truly.with_p_ns += LengthNs(start_ns, lost_ns);
    of.truly.without_p_ns += LengthNs(lost_ns, end_ns);
    const TimeNs seen_lost_ns = calls.flags[i] & kLossUnseen ? end_ns : lost_ns;
    if (calls.flags[i] & kCutAtEnd) {
      of.by_go.with_p_ns += LengthNs(start_ns, end_ns);
      of.by_go.wait_ns += LengthNs(seen_lost_ns, end_ns);
    } else {
      of.by_go.with_p_ns += LengthNs(start_ns, seen_lost_ns);
      of.by_go.without_p_ns += LengthNs(seen_lost_ns, end_ns);
    }
    if (calls.flags[i] & kCutAtStart) {
      found_calls_.push_back({calls.g[i], calls.p[i] != kNoProc, start_ns});
    }
  }
}

// From the last Sync event before a time of the trace to it.
std::uint64_t Goroutines::Accumulator::SinceSync(TimeNs time_ns) const {
  const auto after = std::upper_bound(syncs_ns_.begin(), syncs_ns_.end(), time_ns);
  return after == syncs_ns_.begin() ? 0 : LengthNs(*(after - 1), time_ns);
}

void Goroutines::Accumulator::AddFound(Group& group, const Rows& rows) const {
  group.found += rows.found.size();
  for (const auto& [state, time_ns] : rows.found) {
    const std::uint64_t before_ns = SinceSync(time_ns);
    group.total_ns += before_ns;
    if (state == GoState::kRunning) group.running_ns += before_ns;
    if (state == GoState::kRunnable) group.runnable_ns += before_ns;
    if (state == GoState::kWaiting) group.blocked_ns[kEmptyString] += before_ns;
  }
}

void Goroutines::Accumulator::Fill(const TraceTables& tables, Goroutines::State& state) {
  while (!unnamed_.empty()) OnLateName(unnamed_.begin()->first, kEmptyString, tables);
  Alive all;
  for (std::size_t function = 0; function < by_function_.size(); ++function) {
    Rows& rows = by_function_[function];
    if (rows.spans == 0) continue;
    Group& group = state.groups[StringRef{static_cast<std::uint32_t>(function)}];
    group.created = rows.created;
    group.left = rows.left;
    group.longest_run_ns = rows.longest_run_ns;
    group.total_ns = rows.total_ns;
    group.running_ns = rows.state_ns[static_cast<std::size_t>(GoState::kRunning)];
    group.runnable_ns = rows.state_ns[static_cast<std::size_t>(GoState::kRunnable)];
    for (const auto& [reason, ns] : rows.blocked_ns) group.blocked_ns[reason] += ns;
    AddFound(group, rows);
    all.Combine(rows.alive);
    group.peak = Greatest(std::move(rows.alive).Peak());
  }
  state.peak = Greatest(std::move(all).Peak());
  for (const FoundCall& call : found_calls_) {
    CallsOf& of = calls_[Raw(call.g)];
    for (CallTimes* times : {&of.truly, &of.by_go}) {
      (call.has_p ? times->with_p_ns : times->without_p_ns) += SinceSync(call.start_ns);
    }
  }
  const auto group_of = [&](GoId g) -> Group* {
    const auto name = names_.find(Raw(g));
    return name == names_.end() ? nullptr : &state.groups[name->second];
  };
  for (const auto& [g, of] : calls_) {
    if (Group* group = group_of(GoId{g})) {
      group->calls.Add(of.truly);
      group->calls_of_go.Add(of.by_go);
    }
  }
  for (const auto& [g_and_name, ns] : range_ns_) {
    if (Group* group = group_of(g_and_name.first)) group->range_ns[g_and_name.second] += ns;
  }
  for (Exemplar run : longest_.Sorted()) {
    if (const auto name = names_.find(Raw(run.g)); name != names_.end()) {
      run.what = tables.strings.Get(name->second);
    }
    state.longest_runs.Add(std::move(run));
  }
}

Uint128 Sum(const std::map<StringRef, Uint128>& parts) {
  Uint128 sum = 0;
  for (const auto& [ref, part] : parts) sum += part;
  return sum;
}

Table CountsTable(const Goroutines::State& state, const TraceTables& tables, std::size_t limit) {
  RankedRows rows(
      "functions", "How many there were, by start function",
      {KeyColumn("start_function", "goroutine started with"),
       ValueColumn("count", "goroutines", Unit::kCount),
       ValueColumn("created", "created", Unit::kCount), ValueColumn("ended", "ended", Unit::kCount),
       ValueColumn("peak_alive", "most at once", Unit::kCount),
       ValueColumn("longest_run_ns", "longest run", Unit::kNs)});
  for (const auto& [function, group] : state.groups) {
    const std::uint64_t count = group.created + group.found;
    rows.Add(count, {NameCell(tables.strings.Get(function)), NumberCell(count),
                     NumberCell(group.created), NumberCell(count - group.left),
                     NumberCell(group.peak.value()), NumberCell(group.longest_run_ns.value())});
  }
  return std::move(rows).Take(limit);
}

Table TimesTable(const Goroutines::State& state, const TraceTables& tables,
                 const ReportOptions& options) {
  RankedRows rows("times", "Where their time went, by time running",
                  {KeyColumn("start_function", "goroutine started with"),
                   ValueColumn("running_ns", "running", Unit::kNs),
                   ValueColumn("runnable_ns", "runnable", Unit::kNs),
                   ValueColumn("blocked_ns", "blocked", Unit::kNs),
                   ValueColumn("syscall_ns", "in syscalls", Unit::kNs),
                   ValueColumn("syscall_blocked_ns", "without P", Unit::kNs),
                   ValueColumn("total_ns", "total", Unit::kNs)});
  for (const auto& [function, group] : state.groups) {
    const CallTimes& calls = options.compat_go_tool_trace ? group.calls_of_go : group.calls;
    rows.Add(
        group.running_ns,
        {NameCell(tables.strings.Get(function)), NumberCell(group.running_ns),
         NumberCell(group.runnable_ns + calls.wait_ns), NumberCell(Sum(group.blocked_ns)),
         NumberCell(calls.with_p_ns), NumberCell(calls.without_p_ns), NumberCell(group.total_ns)});
  }
  return std::move(rows).Take(options.top);
}

// A table of the times that groups have under names.
Table PartsTable(RankedRows rows, const Goroutines::State& state, const TraceTables& tables,
                 std::map<StringRef, Uint128> Group::*parts, std::size_t limit) {
  for (const auto& [function, group] : state.groups) {
    for (const auto& [name, ns] : group.*parts) {
      rows.Add(ns, {NameCell(tables.strings.Get(function)), NameCell(tables.strings.Get(name)),
                    NumberCell(ns), PermilleCell(ns, group.total_ns)});
    }
  }
  return std::move(rows).Take(limit);
}

Document Goroutines::ToDocument(const State& state, const TraceTables& tables,
                                const ReportOptions& options) {
  Document document;
  document.report = kName;
  document.title = "Goroutines: how many there were, and where their time went";
  std::uint64_t created = 0;
  std::uint64_t found = 0;
  std::uint64_t left = 0;
  for (const auto& [function, group] : state.groups) {
    created += group.created;
    found += group.found;
    left += group.left;
  }
  document.facts = {CountFact("goroutines", created + found), CountFact("created", created),
                    CountFact("found_at_start", found), CountFact("alive_at_end", left),
                    CountFact("most_at_once", state.peak.value())};
  document.tables.push_back(CountsTable(state, tables, options.top));
  document.tables.push_back(TimesTable(state, tables, options));
  document.tables.push_back(PartsTable(
      RankedRows("blocked", "Why they were blocked, by time",
                 {KeyColumn("start_function", "goroutine started with"),
                  KeyColumn("reason", "reason"), ValueColumn("blocked_ns", "blocked", Unit::kNs),
                  ValueColumn("share", "of their time", Unit::kPermille)}),
      state, tables, &Group::blocked_ns, options.top));
  document.tables.push_back(
      PartsTable(RankedRows("ranges", "What the runtime did in their time",
                            {KeyColumn("start_function", "goroutine started with"),
                             KeyColumn("range", "what"), ValueColumn("range_ns", "time", Unit::kNs),
                             ValueColumn("share", "of their time", Unit::kPermille)}),
                 state, tables, &Group::range_ns, options.top));
  document.tables.push_back(LongestTable("longest_runs", "The longest runs without a break", "run",
                                         "goroutine started with", state.longest_runs,
                                         options.top));
  document.notes.push_back(
      options.compat_go_tool_trace
          ? "System calls are counted as go tool trace does: an open call that lost its P counts "
            "as a call and as waiting for a P."
          : "A goroutine that is found at a trace's start has been in its state since the last "
            "Sync event. In syscalls is the time with a P, without P the time after it was lost.");
  return document;
}

}  // namespace

ReportType GoroutinesReport() { return MakeReport<Goroutines>(); }

}  // namespace gtengine
