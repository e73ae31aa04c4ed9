// The summary report, to be read first: a row a service, the worst of each kind, and which reports
// to look at next.
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
#include "engine/reports/state_report.h"

namespace gtengine {
namespace {

// What is worth a look. docs/reports/summary.md says the same.
constexpr std::int64_t kLongWaitP99Ns = 1'000'000;
constexpr std::int64_t kLongStopNs = 1'000'000;
constexpr std::int64_t kLongStayNs = 100'000'000;
constexpr std::int64_t kLongCallNs = 100'000'000;
constexpr std::int64_t kTailOfTasks = 10;  // times the median
constexpr unsigned kMuchAssistPermille = 20;
constexpr unsigned kMuchNeededPermille = 50;

// Intervals of one kind: all their lengths, and the longest one.
struct Kind {
  Distribution length_ns;
  Longest longest{1};

  static constexpr auto Fields() { return std::tuple(&Kind::length_ns, &Kind::longest); }
};

enum Kinds : std::size_t { kWaits, kCalls, kStops, kStays, kTasks, kKindCount };
constexpr std::string_view kKindNames[kKindCount] = {"wait for a P", "system call",
                                                     "stop-the-world", "stay of a P", "task"};

struct Service {
  std::uint64_t traces = 0;  // stretches of whole generations: one a sound trace
  Uint128 traced_ns = 0;
  std::array<Kind, kKindCount> kinds;
  Uint128 running_ns = 0;  // of Ps
  Uint128 idle_ns = 0;
  Uint128 needed_ns = 0;  // idle while some goroutine was runnable
  Uint128 assist_ns = 0;
  Greatest heap_bytes;

  static constexpr auto Fields() {
    return std::tuple(&Service::traces, &Service::traced_ns, &Service::kinds, &Service::running_ns,
                      &Service::idle_ns, &Service::needed_ns, &Service::assist_ns,
                      &Service::heap_bytes);
  }
};

struct Summary {
  static constexpr std::string_view kName = "summary";
  static constexpr std::string_view kSummary =
      "a row a service, the worst of each kind, and what to look at next";
  static constexpr std::uint32_t kVersion = 1;
  static constexpr bool kIsOfWholeTraces = true;

  struct State {
    std::map<std::string, Service> services;

    static constexpr auto Fields() { return std::tuple(&State::services); }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
};

class Summary::Accumulator final : public StateAccumulator<Summary> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.states[static_cast<std::size_t>(GoState::kRunnable)] = true;
    request.goroutine_columns = {.g = true, .start_stack = true, .cause = true};
    request.sets.proc_spans = true;
    request.sets.proc_runnable = true;
    request.sets.syscalls = true;
    request.sets.syscall_stacks = true;
    request.sets.ranges = true;
    request.sets.range_running = true;
    request.sets.tasks = true;
    request.sets.metrics = true;
    request.sets.generations = true;
    return request;
  }

  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) override;
  void OnMetrics(const Metrics& metrics, const TraceTables&) override;
  void OnRanges(const Ranges& ranges, const TraceTables& tables) override;
  void OnProcSpans(const ProcSpans& spans, const TraceTables&) override;
  void OnSyscalls(const Syscalls& calls, const TraceTables& tables) override;
  void OnTasks(const Tasks& tasks, const TraceTables& tables) override;
  void OnGenerations(const Generations& generations, const TraceTables&) override;
  // It keeps a few numbers.
  std::size_t state_bytes(const Growth&) override { return 0; }

 private:
  template <class What>
  void Add(Kinds kind, TimeNs start_ns, TimeNs end_ns, GoId g, What what) {
    const auto length_ns = static_cast<std::int64_t>(LengthNs(start_ns, end_ns));
    Kind& of = service_.kinds[kind];
    of.length_ns.Add(length_ns);
    Offer(of.longest, length_ns, [&] { return MakeExemplar(start_ns, length_ns, g, what()); });
  }
  void Fill(const TraceTables&, Summary::State& state) override {
    service_.traces = 1;
    service_.traced_ns = LengthNs(first_ns_, last_ns_);
    state.services[trace().service] = std::move(service_);
  }

  Service service_;
  bool has_begun_ = false;
  TimeNs first_ns_ = 0;
  TimeNs last_ns_ = 0;
};

void Summary::Accumulator::OnGoroutineSpans(const GoroutineSpans& spans,
                                            const TraceTables& tables) {
  if (spans.state != GoState::kRunnable) return;
  for (std::size_t i = 0; i < spans.rows; ++i) {
    if ((spans.flags[i] & kCutAtEnd) || spans.end_ns[i] == spans.start_ns[i]) continue;
    Add(kWaits, spans.start_ns[i], spans.end_ns[i], spans.g[i],
        [&] { return LeafFunction(tables, spans.start_stack[i]); });
  }
}

void Summary::Accumulator::OnMetrics(const Metrics& metrics, const TraceTables&) {
  for (std::size_t i = 0; i < metrics.rows; ++i) {
    if (metrics.kind[i] == MetricKind::kHeapAlloc) service_.heap_bytes.Add(metrics.value[i]);
  }
}

void Summary::Accumulator::OnRanges(const Ranges& ranges, const TraceTables& tables) {
  for (std::size_t i = 0; i < ranges.rows; ++i) {
    service_.assist_ns += ranges.running_ns[i];
    if (ranges.kind[i] != RangeKind::kStopTheWorld || (ranges.flags[i] & kCutAtEnd)) continue;
    Add(kStops, ranges.start_ns[i], ranges.end_ns[i], ranges.scope_g[i],
        [&] { return tables.strings.Get(ranges.name[i]); });
  }
}

void Summary::Accumulator::OnProcSpans(const ProcSpans& spans, const TraceTables&) {
  for (std::size_t i = 0; i < spans.rows; ++i) {
    const std::uint64_t length_ns = LengthNs(spans.start_ns[i], spans.end_ns[i]);
    if (spans.state[i] == ProcState::kIdle) {
      service_.idle_ns += length_ns;
      service_.needed_ns += LengthNs(0, spans.runnable_ns[i]);
      continue;
    }
    service_.running_ns += length_ns;
    Add(kStays, spans.start_ns[i], spans.end_ns[i], kNoGoroutine,
        [&] { return "P " + std::to_string(Raw(spans.p[i])); });
  }
}

void Summary::Accumulator::OnSyscalls(const Syscalls& calls, const TraceTables& tables) {
  for (std::size_t i = 0; i < calls.rows; ++i) {
    if (calls.flags[i] & kCutAtEnd) continue;
    Add(kCalls, calls.start_ns[i], calls.end_ns[i], calls.g[i],
        [&] { return LeafFunction(tables, calls.stack[i]); });
  }
}

void Summary::Accumulator::OnTasks(const Tasks& tasks, const TraceTables& tables) {
  for (std::size_t i = 0; i < tasks.rows; ++i) {
    if (tasks.flags[i] & (kCutAtStart | kCutAtEnd)) continue;
    Add(kTasks, tasks.start_ns[i], tasks.end_ns[i], tasks.start_g[i],
        [&] { return tables.strings.Get(tasks.name[i]); });
  }
}

void Summary::Accumulator::OnGenerations(const Generations& generations, const TraceTables&) {
  for (std::size_t i = 0; i < generations.rows; ++i) {
    if (!has_begun_) first_ns_ = generations.first_ns[i];
    has_begun_ = true;
    last_ns_ = generations.last_ns[i];
  }
}

// Whether `part` is at least so many thousandths of `whole`.
bool IsMuch(Uint128 part, Uint128 whole, unsigned permille) {
  const Cell share = PermilleCell(part, whole);
  return !share.is_empty() && *share.integer() >= Int128{permille};
}

// The reports to look at next, with commas between them.
std::string LookAt(const Service& service) {
  const auto longest = [&](Kinds kind) { return service.kinds[kind].length_ns.max(); };
  const Distribution& tasks = service.kinds[kTasks].length_ns;
  const bool has_tail =
      tasks.Quantile(990) / kTailOfTasks >= std::max<std::int64_t>(tasks.Quantile(500), 1);
  const std::pair<bool, std::string_view> reasons[] = {
      {service.kinds[kWaits].length_ns.Quantile(990) >= kLongWaitP99Ns, "sched"},
      {longest(kStays) >= kLongStayNs ||
           IsMuch(service.needed_ns, service.running_ns + service.idle_ns, kMuchNeededPermille),
       "procs"},
      {longest(kStops) >= kLongStopNs ||
           IsMuch(service.assist_ns, service.running_ns, kMuchAssistPermille),
       "gc"},
      {longest(kCalls) >= kLongCallNs, "syscalls"},
      {has_tail, "tasks"},
  };
  std::string text;
  for (const auto& [is_so, report] : reasons) {
    if (!is_so) continue;
    if (!text.empty()) text += ", ";
    text += report;
  }
  return text;
}

Table ServicesTable(const Summary::State& state, std::size_t limit) {
  RankedRows rows("services", "Services, the longest waits first",
                  {KeyColumn("service", "service"), ValueColumn("traces", "traces", Unit::kCount),
                   ValueColumn("wait_p99_ns", "wait p99", Unit::kNs),
                   ValueColumn("task_p99_ns", "task p99", Unit::kNs),
                   ValueColumn("stop_max_ns", "STW max", Unit::kNs),
                   ValueColumn("stay_max_ns", "P stay", Unit::kNs),
                   ValueColumn("busy", "P busy", Unit::kPermille),
                   ValueColumn("assist", "assist", Unit::kPermille),
                   ValueColumn("heap_max_bytes", "heap max", Unit::kBytes),
                   ValueColumn("look_at", "look at", Unit::kText)});
  for (const auto& [name, service] : state.services) {
    const auto& kinds = service.kinds;
    const auto known = [](const Distribution& lengths, std::int64_t value) {
      return lengths.empty() ? Cell() : Cell::Integer(value);
    };
    const Distribution& waits = kinds[kWaits].length_ns;
    const Distribution& tasks = kinds[kTasks].length_ns;
    rows.Add(static_cast<std::uint64_t>(waits.Quantile(990)),
             {TextCell(name), NumberCell(service.traces), known(waits, waits.Quantile(990)),
              known(tasks, tasks.Quantile(990)),
              known(kinds[kStops].length_ns, kinds[kStops].length_ns.max()),
              known(kinds[kStays].length_ns, kinds[kStays].length_ns.max()),
              PermilleCell(service.running_ns, service.running_ns + service.idle_ns),
              PermilleCell(service.assist_ns, service.running_ns),
              NumberCell(service.heap_bytes.value()), TextCell(LookAt(service))});
  }
  return std::move(rows).Take(limit);
}

Table WorstTable(const Summary::State& state, std::size_t limit) {
  Table table{"worst", "The worst of each", {}, {}};
  table.columns = {KeyColumn("service", "service"),
                   KeyColumn("kind", "kind"),
                   ValueColumn("length_ns", "length", Unit::kNs),
                   ValueColumn("offset_ns", "at", Unit::kNs),
                   ValueColumn("goroutine", "goroutine", Unit::kId),
                   ValueColumn("what", "what", Unit::kText),
                   ValueColumn("trace", "trace", Unit::kText)};
  for (std::size_t kind = 0; kind < kKindCount; ++kind) {
    std::vector<std::pair<Exemplar, std::string_view>> longest;
    for (const auto& [name, service] : state.services) {
      for (Exemplar& one : service.kinds[kind].longest.Sorted()) {
        longest.emplace_back(std::move(one), name);
      }
    }
    std::ranges::stable_sort(longest, LongestFirst(),
                             &std::pair<Exemplar, std::string_view>::first);
    longest.resize(std::min(longest.size(), limit));
    for (const auto& [one, name] : longest) {
      table.rows.push_back({TextCell(name), TextCell(kKindNames[kind]),
                            Cell::Integer(one.length_ns), Cell::Integer(one.offset_ns),
                            one.g == kNoGoroutine ? Cell() : Cell::Integer(Raw(one.g)),
                            TextCell(one.what), TextCell(one.path)});
    }
  }
  return table;
}

Document Summary::ToDocument(const State& state, const TraceTables&, const ReportOptions& options) {
  std::uint64_t traces = 0;
  Uint128 traced_ns = 0;
  for (const auto& [name, service] : state.services) {
    traces += service.traces;
    traced_ns += service.traced_ns;
  }
  Document document;
  document.report = kName;
  document.title = "Summary: services, and what to look at next";
  document.facts = {CountFact("services", state.services.size()), CountFact("traces", traces),
                    SumFact("traced", traced_ns)};
  document.tables.push_back(ServicesTable(state, options.top));
  document.tables.push_back(WorstTable(state, options.top));
  document.notes.push_back(
      "Look at names the reports that tell more of what stands out: waits with a p99 of 1 ms or "
      "more, a stop-the-world of 1 ms or more, a mark assist of 2 % of the Ps' time, a P that "
      "stays "
      "or a system call that takes 100 ms, Ps that are idle though needed for 5 % of their time, "
      "tasks whose p99 is ten times their median.");
  return document;
}

}  // namespace

ReportType SummaryReport() { return MakeReport<Summary>(); }

}  // namespace gtengine
