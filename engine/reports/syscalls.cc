// The syscalls report: how long goroutines were in system calls (or in C), by stack, and where that
// cost them their P.
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/profile_builder.h"
#include "engine/analysis/report_tables.h"
#include "engine/reports/first_runs.h"
#include "engine/reports/state_report.h"

namespace gtengine {
namespace {

constexpr std::size_t kLongestKept = 100;

// The calls of one stack.
struct Calls {
  Distribution counted;   // by go tool trace, too
  Distribution left_out;  // not by that: before a goroutine's first run
  std::uint64_t lost_p = 0;
  Uint128 without_p_ns = 0;

  static constexpr auto Fields() {
    return std::tuple(&Calls::counted, &Calls::left_out, &Calls::lost_p, &Calls::without_p_ns);
  }

  void Add(const Calls& other) {
    counted.Combine(other.counted);
    left_out.Combine(other.left_out);
    lost_p += other.lost_p;
    without_p_ns += other.without_p_ns;
  }
  Distribution Counted(bool compat) const {
    Distribution all = counted;
    if (!compat) all.Combine(left_out);
    return all;
  }
};

struct SyscallTotals {
  static constexpr std::string_view kName = "syscalls";
  static constexpr std::string_view kSummary =
      "how long system calls took, by stack, and where they lost the P";
  static constexpr std::uint32_t kVersion = 1;

  struct State {
    std::map<StackRef, Calls> sites;
    std::uint64_t open = 0;  // at the ends of traces
    Longest longest{kLongestKept};

    static constexpr auto Fields() {
      return std::tuple(&State::sites, &State::open, &State::longest);
    }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
  static void VisitLengths(const State& state, const TraceTables& tables,
                           const LengthVisitor& visit);
};

// Calls that were open at the trace's end are left out, as in Go's profile.
class SyscallTotals::Accumulator final : public StateAccumulator<SyscallTotals> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.states[static_cast<std::size_t>(GoState::kSyscall)] = true;
    request.states[static_cast<std::size_t>(GoState::kRunning)] = true;
    request.only_first_runs = true;
    request.goroutine_columns = {.g = true, .start_stack = true, .cause = true};
    request.sets.syscalls = true;
    request.sets.syscall_stacks = true;
    return request;
  }

  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) override;
  void OnSyscalls(const Syscalls& calls, const TraceTables& tables) override;
  std::size_t state_bytes(const Growth& growth) override {
    return HeapBytes(sites_) + HeapBytes(early_, growth.goroutines) +
           first_runs_.state_bytes(growth);
  }

 private:
  struct Early {
    GoId g;
    StackRef stack;
    std::int64_t length_ns;
  };

  void Fill(const TraceTables& tables, SyscallTotals::State& state) override;
  Calls& At(StackRef stack) {
    const auto index = static_cast<std::size_t>(stack);
    if (index >= sites_.size()) sites_.resize(index + 1);
    return sites_[index];
  }

  std::vector<Calls> sites_;  // by StackRef
  std::uint64_t open_ = 0;
  std::vector<Early> early_;
  FirstRuns first_runs_;
  Longest longest_{kLongestKept};
};

void SyscallTotals::Accumulator::OnGoroutineSpans(const GoroutineSpans& spans,
                                                  const TraceTables& tables) {
  if (spans.state == GoState::kRunning) return first_runs_.Add(spans);
  if (spans.state != GoState::kSyscall) return;
  for (std::size_t i = 0; i < spans.rows; ++i) {
    const auto length_ns = static_cast<std::int64_t>(LengthNs(spans.start_ns[i], spans.end_ns[i]));
    const std::uint8_t flags = spans.flags[i];
    if (flags & kCutAtEnd) {
      ++open_;
      continue;
    }
    if (length_ns <= 0) continue;
    const StackRef stack = spans.start_stack[i];
    if (flags & (kNeverRanYet | kAfterForever)) {
      early_.push_back({spans.g[i], stack, length_ns});
    } else {
      At(stack).counted.Add(length_ns);
    }
    Offer(longest_, length_ns, [&] {
      return MakeExemplar(spans.start_ns[i], length_ns, spans.g[i], LeafFunction(tables, stack));
    });
  }
}

void SyscallTotals::Accumulator::OnSyscalls(const Syscalls& calls, const TraceTables&) {
  for (std::size_t i = 0; i < calls.rows; ++i) {
    const std::uint64_t without_p_ns = LengthNs(calls.had_p_until_ns[i], calls.end_ns[i]);
    if ((calls.flags[i] & kCutAtEnd) || without_p_ns == 0) continue;
    Calls& at = At(calls.stack[i]);
    ++at.lost_p;
    at.without_p_ns += without_p_ns;
  }
}

void SyscallTotals::Accumulator::Fill(const TraceTables&, SyscallTotals::State& state) {
  for (const Early& early : early_) {
    Calls& at = At(early.stack);
    (first_runs_.HasRun(early.g) ? at.left_out : at.counted).Add(early.length_ns);
  }
  for (std::size_t i = 0; i < sites_.size(); ++i) {
    if (sites_[i].counted.empty() && sites_[i].left_out.empty()) continue;
    state.sites[StackRef{static_cast<std::uint32_t>(i)}] = std::move(sites_[i]);
  }
  state.open = open_;
  state.longest = longest_;
}

Profile ProfileOf(const SyscallTotals::State& state, const TraceTables& tables, bool compat) {
  ProfileBuilder builder(
      "syscall", "System calls",
      {{.id = "contentions", .unit = Unit::kCount}, {.id = "delay", .unit = Unit::kNs}});
  for (const auto& [stack, calls] : state.sites) {
    const Distribution counted = calls.Counted(compat);
    if (counted.empty()) continue;
    builder.Add(tables, stack, {Int128{counted.count()}, static_cast<Int128>(counted.sum())});
  }
  return builder.Build();
}

Document SyscallTotals::ToDocument(const State& state, const TraceTables& tables,
                                   const ReportOptions& options) {
  const bool compat = options.compat_go_tool_trace;
  std::map<Site, Calls> by_site;
  Calls all;
  for (const auto& [stack, calls] : state.sites) {
    by_site[SiteOf(tables, stack)].Add(calls);
    all.Add(calls);
  }
  std::vector<Column> columns;
  AppendSiteColumns(columns, "called in");
  AppendLengthColumns(columns, "count", "calls");
  columns.push_back(ValueColumn("lost_p", "lost P", Unit::kCount));
  columns.push_back(ValueColumn("without_p_ns", "without P", Unit::kNs));
  RankedRows rows("sites", "Where they were called, by total time", std::move(columns));
  for (const auto& [site, calls] : by_site) {
    const Distribution lengths = calls.Counted(compat);
    if (lengths.empty()) continue;
    std::vector<Cell> cells;
    AppendSiteCells(site, cells);
    AppendLengthCells(lengths, cells);
    cells.push_back(NumberCell(calls.lost_p));
    cells.push_back(NumberCell(calls.without_p_ns));
    rows.Add(lengths.sum(), std::move(cells));
  }

  const Distribution lengths = all.Counted(compat);
  Document document;
  document.report = kName;
  document.title = "System calls: how long they took, and where they lost the P";
  document.facts = {CountFact("calls", lengths.count()),
                    SumFact("time", lengths.sum()),
                    CountFact("lost_p", all.lost_p),
                    SumFact("time_without_p", all.without_p_ns),
                    CountFact("open_at_end", state.open),
                    CountFact("sites", rows.size()),
                    CountFact("calls_not_in_go_tool_trace", all.left_out.count()),
                    SumFact("time_not_in_go_tool_trace", all.left_out.sum())};
  document.tables.push_back(std::move(rows).Take(options.top));
  document.tables.push_back(LongestTable("longest", "The longest calls", "call", "called in",
                                         state.longest, options.top));
  document.notes.push_back(
      "A call still open at the end of a trace is not counted; one that was found open at its "
      "start "
      "counts from there. Without P is the time after another thread took the P.");
  if (options.with_profiles) document.profiles = {ProfileOf(state, tables, compat)};
  return document;
}

void SyscallTotals::VisitLengths(const State& state, const TraceTables& tables,
                                 const LengthVisitor& visit) {
  for (const auto& [stack, calls] : state.sites) {
    visit(KeyOfStack("system call in", tables, stack), calls.Counted(false));
  }
}

}  // namespace

ReportType SyscallsReport() { return MakeReport<SyscallTotals>(); }

}  // namespace gtengine
