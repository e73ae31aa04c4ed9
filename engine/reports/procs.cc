// The procs report: how busy Ps were, and which of them got stuck.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/report_tables.h"
#include "engine/reports/state_report.h"

namespace gtengine {
namespace {

constexpr std::size_t kLongestKept = 100;

struct ProcKey {
  std::string service;
  ProcId p = kNoProc;

  static constexpr auto Fields() { return std::tuple(&ProcKey::service, &ProcKey::p); }
  friend auto operator<=>(const ProcKey&, const ProcKey&) = default;
};

struct Proc {
  Distribution running_ns;  // stays between start and stop
  Distribution idle_ns;
  Uint128 idle_while_runnable_ns = 0;  // while some goroutine was runnable
  std::uint64_t stolen = 0;            // in a system call, by another thread
  Greatest longest_syscall_ns;         // with the P

  static constexpr auto Fields() {
    return std::tuple(&Proc::running_ns, &Proc::idle_ns, &Proc::idle_while_runnable_ns,
                      &Proc::stolen, &Proc::longest_syscall_ns);
  }
  void Add(const Proc& other) {
    running_ns.Combine(other.running_ns);
    idle_ns.Combine(other.idle_ns);
    idle_while_runnable_ns += other.idle_while_runnable_ns;
    stolen += other.stolen;
    longest_syscall_ns.Combine(other.longest_syscall_ns);
  }
};

struct Procs {
  static constexpr std::string_view kName = "procs";
  static constexpr std::string_view kSummary = "how busy Ps were, and which got stuck";
  static constexpr std::uint32_t kVersion = 1;
  static constexpr bool kIsOfWholeTraces = true;

  struct State {
    std::map<ProcKey, Proc> procs;
    Longest longest{kLongestKept};  // stays, and calls with a P

    static constexpr auto Fields() { return std::tuple(&State::procs, &State::longest); }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
};

// A stay that a trace's start or end cuts counts with what is in the trace.
class Procs::Accumulator final : public StateAccumulator<Procs> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets.proc_spans = true;
    request.sets.proc_runnable = true;
    request.sets.syscalls = true;
    return request;
  }

  void OnProcSpans(const ProcSpans& spans, const TraceTables&) override;
  void OnSyscalls(const Syscalls& calls, const TraceTables&) override;
  std::size_t state_bytes(const Growth&) override { return HeapBytes(procs_); }

 private:
  void Fill(const TraceTables&, Procs::State& state) override {
    for (auto& [p, proc] : procs_) state.procs[{trace().service, p}] = std::move(proc);
    state.longest = std::move(longest_);
  }

  std::map<ProcId, Proc> procs_;
  Longest longest_{kLongestKept};
};

void Procs::Accumulator::OnProcSpans(const ProcSpans& spans, const TraceTables&) {
  for (std::size_t i = 0; i < spans.rows; ++i) {
    Proc& proc = procs_[spans.p[i]];
    const auto length_ns = static_cast<std::int64_t>(LengthNs(spans.start_ns[i], spans.end_ns[i]));
    if (spans.state[i] == ProcState::kIdle) {
      proc.idle_ns.Add(length_ns);
      proc.idle_while_runnable_ns += LengthNs(0, spans.runnable_ns[i]);
      continue;
    }
    proc.running_ns.Add(length_ns);
    if (spans.flags[i] & kStolen) ++proc.stolen;
    Offer(longest_, length_ns, [&] {
      return MakeExemplar(spans.start_ns[i], length_ns, kNoGoroutine,
                          fmt::format("P {} ran on thread {}", Raw(spans.p[i]), Raw(spans.m[i])));
    });
  }
}

void Procs::Accumulator::OnSyscalls(const Syscalls& calls, const TraceTables&) {
  for (std::size_t i = 0; i < calls.rows; ++i) {
    if (calls.p[i] == kNoProc) continue;
    const auto length_ns =
        static_cast<std::int64_t>(LengthNs(calls.start_ns[i], calls.had_p_until_ns[i]));
    procs_[calls.p[i]].longest_syscall_ns.Add(static_cast<std::uint64_t>(length_ns));
    Offer(longest_, length_ns, [&] {
      return MakeExemplar(calls.start_ns[i], length_ns, calls.g[i],
                          fmt::format("P {} was in a system call", Raw(calls.p[i])));
    });
  }
}

Table ProcsTable(const Procs::State& state, std::size_t limit) {
  RankedRows rows(
      "procs", "Ps, the longest stay first",
      {KeyColumn("service", "service"), KeyColumn("p", "P", Unit::kId),
       ValueColumn("stays", "stays", Unit::kCount), ValueColumn("p99_ns", "p99", Unit::kNs),
       ValueColumn("longest_ns", "longest", Unit::kNs),
       ValueColumn("longest_syscall_ns", "in a call", Unit::kNs),
       ValueColumn("utilisation", "busy", Unit::kPermille),
       ValueColumn("idle_ns", "idle", Unit::kNs),
       ValueColumn("idle_while_runnable_ns", "needed", Unit::kNs),
       ValueColumn("stolen", "taken", Unit::kCount)});
  for (const auto& [key, proc] : state.procs) {
    const auto longest_ns = static_cast<std::uint64_t>(proc.running_ns.max());
    rows.Add(longest_ns,
             {TextCell(key.service), Cell::Integer(Raw(key.p)), NumberCell(proc.running_ns.count()),
              Cell::Integer(proc.running_ns.Quantile(990)), NumberCell(longest_ns),
              NumberCell(proc.longest_syscall_ns.value()),
              PermilleCell(proc.running_ns.sum(), proc.running_ns.sum() + proc.idle_ns.sum()),
              NumberCell(proc.idle_ns.sum()), NumberCell(proc.idle_while_runnable_ns),
              NumberCell(proc.stolen)});
  }
  return std::move(rows).Take(limit);
}

// An alert for each that was held for at least so long, as far as they are kept.
Table StuckTable(const Procs::State& state, TimeNs stuck_ns) {
  Longest stuck(kLongestKept);
  for (Exemplar& one : state.longest.Sorted()) {
    if (one.length_ns >= stuck_ns) stuck.Add(std::move(one));
  }
  return LongestTable("stuck", "Stuck: held for " + std::to_string(stuck_ns) + " ns or longer",
                      "held", "what", stuck, kAllRows);
}

Document Procs::ToDocument(const State& state, const TraceTables&, const ReportOptions& options) {
  Proc all;
  for (const auto& [key, proc] : state.procs) all.Add(proc);
  const Uint128 running_ns = all.running_ns.sum();
  const Uint128 idle_ns = all.idle_ns.sum();
  Document document;
  document.report = kName;
  document.title = "Ps: how busy they were, and which got stuck";
  document.facts = {
      CountFact("ps", state.procs.size()),
      {"busy", PermilleCell(running_ns, running_ns + idle_ns), Unit::kPermille},
      SumFact("idle", idle_ns),
      SumFact("idle_while_runnable", all.idle_while_runnable_ns),
      CountFact("taken_from_calls", all.stolen),
      SumFact("longest_stay", static_cast<std::uint64_t>(all.running_ns.max())),
      SumFact("longest_call_with_p", all.longest_syscall_ns.value()),
  };
  document.tables.push_back(ProcsTable(state, options.top));
  document.tables.push_back(StuckTable(state, options.stuck_ns));
  document.tables.push_back(LongestTable("longest", "The longest stays and calls with a P", "held",
                                         "what", state.longest, options.top));
  document.notes.push_back(
      "A stay is the time between a P's start and its stop. Needed is the idle time during which "
      "some goroutine was runnable. What a trace's start or end cuts counts with what is in it.");
  return document;
}

}  // namespace

ReportType ProcsReport() { return MakeReport<Procs>(); }

}  // namespace gtengine
