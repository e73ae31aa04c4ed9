// The blocking report: how long goroutines were blocked, by reason and by the stack that blocked,
// and what woke them.
#include <fmt/format.h>
#include <tsl/robin_map.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/keyed_distributions.h"
#include "engine/analysis/profile_builder.h"
#include "engine/analysis/report_tables.h"
#include "engine/base/mix_hash.h"
#include "engine/reports/first_runs.h"
#include "engine/reports/state_report.h"

namespace gtengine {
namespace {

constexpr std::size_t kLongestKept = 100;

struct BlockedAt {
  StackRef stack = kNoStack;
  StringRef reason = kEmptyString;

  static constexpr auto Fields() { return std::tuple(&BlockedAt::stack, &BlockedAt::reason); }
  friend auto operator<=>(const BlockedAt&, const BlockedAt&) = default;
};

struct Stays {
  Distribution counted;   // by go tool trace, too
  Distribution left_out;  // not by that: before a goroutine's first run

  static constexpr auto Fields() { return std::tuple(&Stays::counted, &Stays::left_out); }

  void Add(const Stays& other) {
    counted.Combine(other.counted);
    left_out.Combine(other.left_out);
  }
  Distribution Counted(bool compat) const {
    Distribution all = counted;
    if (!compat) all.Combine(left_out);
    return all;
  }
};

// Who wakes whom: the stack that blocked, and the one of the event that ended that.
struct Edge {
  StackRef blocked = kNoStack;
  StackRef waker = kNoStack;

  static constexpr auto Fields() { return std::tuple(&Edge::blocked, &Edge::waker); }
  friend auto operator<=>(const Edge&, const Edge&) = default;
};

struct Weight {
  std::uint64_t count = 0;
  Uint128 time_ns = 0;

  static constexpr auto Fields() { return std::tuple(&Weight::count, &Weight::time_ns); }
};

struct Blocking {
  static constexpr std::string_view kName = "blocking";
  static constexpr std::string_view kSummary =
      "how long goroutines were blocked, by reason and stack, and what woke them";
  static constexpr std::uint32_t kVersion = 1;

  struct State {
    std::map<BlockedAt, Stays> sites;
    std::map<Edge, Weight> edges;
    Longest longest{kLongestKept};

    static constexpr auto Fields() {
      return std::tuple(&State::sites, &State::edges, &State::longest);
    }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
  static void VisitLengths(const State& state, const TraceTables& tables,
                           const LengthVisitor& visit);
};

// Stays that were open at the trace's end are left out, as in Go's profiles.
class Blocking::Accumulator final : public StateAccumulator<Blocking> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.states[static_cast<std::size_t>(GoState::kWaiting)] = true;
    request.states[static_cast<std::size_t>(GoState::kRunning)] = true;
    request.only_first_runs = true;
    request.goroutine_columns = {
        .g = true, .start_stack = true, .end_stack = true, .reason = true, .cause = true};
    return request;
  }

  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) override;
  std::size_t state_bytes(const Growth& growth) override {
    return sites_.heap_bytes(0) + RobinBytes(edges_) + HeapBytes(early_, growth.goroutines) +
           first_runs_.state_bytes(growth);
  }

 private:
  // A stay before its goroutine's first run, if that ever comes.
  struct Early {
    GoId g;
    BlockedAt at;
    std::int64_t length_ns;
  };

  void Fill(const TraceTables& tables, Blocking::State& state) override;

  KeyedDistributions sites_;  // by StackRef; codes are reasons
  tsl::robin_map<std::uint64_t, Weight, MixHash> edges_;
  std::vector<Early> early_;
  FirstRuns first_runs_;
  Longest longest_{kLongestKept};
};

void Blocking::Accumulator::OnGoroutineSpans(const GoroutineSpans& spans,
                                             const TraceTables& tables) {
  if (spans.state == GoState::kRunning) return first_runs_.Add(spans);
  if (spans.state != GoState::kWaiting) return;
  for (std::size_t i = 0; i < spans.rows; ++i) {
    const auto length_ns = static_cast<std::int64_t>(LengthNs(spans.start_ns[i], spans.end_ns[i]));
    const std::uint8_t flags = spans.flags[i];
    if ((flags & kCutAtEnd) || length_ns <= 0) continue;
    const BlockedAt at{spans.start_stack[i], spans.reason[i]};
    if (flags & (kNeverRanYet | kAfterForever)) {
      early_.push_back({spans.g[i], at, length_ns});
    } else {
      sites_.At(static_cast<std::uint32_t>(at.stack), static_cast<std::uint32_t>(at.reason))
          .Add(length_ns);
    }
    Weight& edge = edges_[std::uint64_t{static_cast<std::uint32_t>(at.stack)} << 32 |
                          static_cast<std::uint32_t>(spans.end_stack[i])];
    ++edge.count;
    edge.time_ns += static_cast<std::uint64_t>(length_ns);
    Offer(longest_, length_ns, [&] {
      const std::string_view where = LeafFunction(tables, at.stack);
      return MakeExemplar(
          spans.start_ns[i], length_ns, spans.g[i],
          fmt::format("{}{}{}", tables.strings.Get(at.reason), where.empty() ? "" : ": ", where));
    });
  }
}

void Blocking::Accumulator::Fill(const TraceTables&, Blocking::State& state) {
  for (std::uint32_t stack = 0; stack < sites_.key_limit(); ++stack) {
    sites_.ForEachCode(stack, [&](std::uint32_t reason, const Distribution& lengths) {
      state.sites[{StackRef{stack}, StringRef{reason}}].counted = lengths;
    });
  }
  for (const Early& early : early_) {
    Stays& stays = state.sites[early.at];
    (first_runs_.HasRun(early.g) ? stays.left_out : stays.counted).Add(early.length_ns);
  }
  for (const auto& [key, weight] : edges_) {
    state.edges[{StackRef{static_cast<std::uint32_t>(key >> 32)},
                 StackRef{static_cast<std::uint32_t>(key)}}] = weight;
  }
  state.longest = longest_;
}

// The profile of `go tool trace` that a reason belongs to (cmd/trace/pprof.go); empty: to none.
std::string_view ProfileOf(std::string_view reason) {
  if (reason == "network") return "net";
  for (const std::string_view word : {"chan", "sync", "select"}) {
    if (reason.find(word) != std::string_view::npos) return "sync";
  }
  return {};
}

// Every reason, each sample labelled with its own; and the two that go tool trace has.
std::vector<Profile> ProfilesOf(const Blocking::State& state, const TraceTables& tables,
                                bool compat) {
  const std::vector<ProfileValue> values = {{.id = "contentions", .unit = Unit::kCount},
                                            {.id = "delay", .unit = Unit::kNs}};
  ProfileBuilder all("block", "Blocked, by reason", values);
  ProfileBuilder net("net", "Blocked on the network", values);
  ProfileBuilder sync("sync", "Blocked on channels, locks and select", values);
  for (const auto& [at, stays] : state.sites) {
    const Distribution counted = stays.Counted(compat);
    if (counted.empty()) continue;
    const std::string_view reason = tables.strings.Get(at.reason);
    const std::vector<Int128> weights = {Int128{counted.count()},
                                         static_cast<Int128>(counted.sum())};
    all.Add(tables, at.stack, weights, {{"reason", std::string(reason)}});
    if (ProfileOf(reason) == "net") net.Add(tables, at.stack, weights);
    if (ProfileOf(reason) == "sync") sync.Add(tables, at.stack, weights);
  }
  return {all.Build(), net.Build(), sync.Build()};
}

// The lengths under each of some names.
template <class Key>
using Rows = std::map<Key, Distribution>;

Table ReasonsTable(const Blocking::State& state, const TraceTables& tables, bool compat) {
  Rows<std::string_view> reasons;
  for (const auto& [at, stays] : state.sites) {
    reasons[tables.strings.Get(at.reason)].Combine(stays.Counted(compat));
  }
  std::vector<Column> columns = {KeyColumn("reason", "reason"),
                                 ValueColumn("profile", "profile", Unit::kText)};
  AppendLengthColumns(columns, "count", "times");
  RankedRows rows("reasons", "Why they were blocked, by total time", std::move(columns));
  for (const auto& [reason, lengths] : reasons) {
    if (lengths.empty()) continue;
    std::vector<Cell> cells = {NameCell(reason), TextCell(ProfileOf(reason))};
    AppendLengthCells(lengths, cells);
    rows.Add(lengths.sum(), std::move(cells));
  }
  return std::move(rows).Take(kAllRows);
}

Table SitesTable(const Blocking::State& state, const TraceTables& tables,
                 const ReportOptions& options) {
  Rows<std::pair<std::string_view, Site>> sites;
  for (const auto& [at, stays] : state.sites) {
    sites[{tables.strings.Get(at.reason), SiteOf(tables, at.stack)}].Combine(
        stays.Counted(options.compat_go_tool_trace));
  }
  std::vector<Column> columns = {KeyColumn("reason", "reason")};
  AppendLengthColumns(columns, "count", "times");
  AppendSiteColumns(columns, "blocked in");
  RankedRows rows("sites", "Where they were blocked, by total time", std::move(columns));
  for (const auto& [reason_and_site, lengths] : sites) {
    if (lengths.empty()) continue;
    std::vector<Cell> cells = {NameCell(reason_and_site.first)};
    AppendLengthCells(lengths, cells);
    AppendSiteCells(reason_and_site.second, cells);
    rows.Add(lengths.sum(), std::move(cells));
  }
  return std::move(rows).Take(options.top);
}

// The functions of a stack's leaf and root; empty without a stack.
std::pair<std::string, std::string> Ends(const TraceTables& tables, StackRef stack) {
  const auto frames = tables.stacks.GetStack(stack);
  if (frames.empty()) return {};
  const auto function = [&](FrameRef frame) {
    return std::string(tables.strings.Get(tables.stacks.GetFrame(frame).function));
  };
  return {function(frames.front()), function(frames.back())};
}

Table EdgesTable(const Blocking::State& state, const TraceTables& tables, std::size_t limit) {
  std::map<std::array<std::string, 4>, Weight> edges;
  for (const auto& [edge, weight] : state.edges) {
    auto [blocked, blocked_root] = Ends(tables, edge.blocked);
    auto [waker, waker_root] = Ends(tables, edge.waker);
    Weight& sum = edges[{std::move(blocked), std::move(waker), std::move(blocked_root),
                         std::move(waker_root)}];
    sum.count += weight.count;
    sum.time_ns += weight.time_ns;
  }
  RankedRows rows("edges", "What woke them, by total time",
                  {KeyColumn("blocked", "blocked in"), ValueColumn("count", "times", Unit::kCount),
                   ValueColumn("total_ns", "total", Unit::kNs), KeyColumn("waker", "woken in"),
                   KeyColumn("blocked_root", "goroutine started with"),
                   KeyColumn("waker_root", "waker started with")});
  for (const auto& [key, weight] : edges) {
    const auto& [blocked, waker, blocked_root, waker_root] = key;
    rows.Add(weight.time_ns,
             {TextCell(blocked.empty() ? "(no stack)" : blocked), NumberCell(weight.count),
              NumberCell(weight.time_ns), TextCell(waker.empty() ? "(no stack)" : waker),
              TextCell(blocked_root), TextCell(waker_root)});
  }
  return std::move(rows).Take(limit);
}

Document Blocking::ToDocument(const State& state, const TraceTables& tables,
                              const ReportOptions& options) {
  const bool compat = options.compat_go_tool_trace;
  Distribution all;
  Distribution left_out;
  Rows<std::string_view> profiles;
  for (const auto& [at, stays] : state.sites) {
    const Distribution counted = stays.Counted(compat);
    all.Combine(counted);
    left_out.Combine(stays.left_out);
    profiles[ProfileOf(tables.strings.Get(at.reason))].Combine(counted);
  }
  Document document;
  document.report = kName;
  document.title = "Blocking: how long goroutines were blocked, and what woke them";
  document.facts = {
      CountFact("times", all.count()),
      SumFact("time", all.sum()),
      CountFact("net_times", profiles["net"].count()),
      SumFact("net_time", profiles["net"].sum()),
      CountFact("sync_times", profiles["sync"].count()),
      SumFact("sync_time", profiles["sync"].sum()),
      CountFact("times_not_in_go_tool_trace", left_out.count()),
      SumFact("time_not_in_go_tool_trace", left_out.sum()),
  };
  document.tables.push_back(ReasonsTable(state, tables, compat));
  document.tables.push_back(SitesTable(state, tables, options));
  document.tables.push_back(EdgesTable(state, tables, options.top));
  document.tables.push_back(LongestTable("longest", "The longest times blocked", "blocked", "why",
                                         state.longest, options.top));
  document.notes.push_back(
      "What was still blocked at the end of a trace is not counted; what was found blocked at its "
      "start counts from there. net and sync are the profiles that go tool trace has.");
  if (options.with_profiles) document.profiles = ProfilesOf(state, tables, compat);
  return document;
}

void Blocking::VisitLengths(const State& state, const TraceTables& tables,
                            const LengthVisitor& visit) {
  for (const auto& [at, stays] : state.sites) {
    const std::string_view reason = tables.strings.Get(at.reason);
    visit(KeyOfStack(fmt::format("blocked on {} in", reason.empty() ? "(not known)" : reason),
                     tables, at.stack),
          stays.Counted(false));
  }
}

}  // namespace

ReportType BlockingReport() { return MakeReport<Blocking>(); }

}  // namespace gtengine
