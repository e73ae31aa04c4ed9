// The cpu report: where the CPU profiler's samples fell, by stack, by function, by what the
// goroutine was started with, and by task.
#include <tsl/robin_map.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/profile_builder.h"
#include "engine/analysis/report_tables.h"
#include "engine/base/mix_hash.h"
#include "engine/reports/state_report.h"

namespace gtengine {
namespace {

struct Cpu {
  static constexpr std::string_view kName = "cpu";
  static constexpr std::string_view kSummary =
      "CPU profile samples by stack, function, kind of goroutine and task";
  static constexpr std::uint32_t kVersion = 1;

  struct State {
    std::map<StackRef, std::uint64_t> stacks;
    std::map<StringRef, std::uint64_t> start_functions;
    std::map<StringRef, std::uint64_t> tasks;  // by name; empty: for none, or none that is known

    static constexpr auto Fields() {
      return std::tuple(&State::stacks, &State::start_functions, &State::tasks);
    }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
};

class Cpu::Accumulator final : public StateAccumulator<Cpu> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets.samples = true;
    request.sets.sample_goroutines = true;
    return request;
  }

  void OnSamples(const Samples& samples, const TraceTables&) override {
    for (std::size_t i = 0; i < samples.rows; ++i) {
      ++state_.stacks[samples.stack[i]];
      ++state_.tasks[samples.task_name[i]];
      if (samples.start_function[i] != kEmptyString) {
        ++state_.start_functions[samples.start_function[i]];
      } else {
        ++unnamed_[Raw(samples.g[i])];
      }
    }
  }
  void OnLateSampleName(GoId g, StringRef start_function, const TraceTables&) override {
    const auto found = unnamed_.find(Raw(g));
    if (found == unnamed_.end()) return;
    state_.start_functions[start_function] += found->second;
    unnamed_.erase(found);
  }
  std::size_t state_bytes(const Growth& growth) override {
    return HeapBytes(state_.stacks) + HeapBytes(state_.tasks) + HeapBytes(state_.start_functions) +
           RobinBytes(unnamed_, growth.goroutines);
  }

 private:
  void Fill(const TraceTables&, Cpu::State& state) override {
    for (const auto& [g, samples] : unnamed_) state_.start_functions[kEmptyString] += samples;
    state = std::move(state_);
  }

  Cpu::State state_;
  tsl::robin_map<std::int64_t, std::uint64_t, MixHash> unnamed_;  // by goroutine
};

Profile ProfileOf(const Cpu::State& state, const TraceTables& tables) {
  ProfileBuilder builder("cpu", "CPU samples", {{.id = "samples", .unit = Unit::kCount}});
  for (const auto& [stack, samples] : state.stacks) {
    builder.Add(tables, stack, {Int128{samples}});
  }
  return builder.Build();
}

Table SitesTable(const Cpu::State& state, const TraceTables& tables, std::uint64_t all,
                 std::size_t limit) {
  std::map<Site, std::uint64_t> sites;
  for (const auto& [stack, samples] : state.stacks) sites[SiteOf(tables, stack)] += samples;
  std::vector<Column> columns = {};
  AppendSiteColumns(columns, "function");
  columns.push_back(ValueColumn("samples", "samples", Unit::kCount));
  columns.push_back(ValueColumn("share", "share", Unit::kPermille));
  RankedRows rows("sites", "Where it was", std::move(columns));
  for (const auto& [site, samples] : sites) {
    std::vector<Cell> cells;
    AppendSiteCells(site, cells);
    cells.push_back(NumberCell(samples));
    cells.push_back(PermilleCell(samples, all));
    rows.Add(samples, std::move(cells));
  }
  return std::move(rows).Take(limit);
}

// A function counts once in a stack, however often it stands there.
Table FunctionsTable(const Cpu::State& state, const TraceTables& tables, std::uint64_t all,
                     std::size_t limit) {
  struct Counts {
    std::uint64_t self = 0;
    std::uint64_t with_callees = 0;
  };
  std::map<StringRef, Counts> functions;
  for (const auto& [stack, samples] : state.stacks) {
    std::set<StringRef> in_stack;
    const auto frames = tables.stacks.GetStack(stack);
    for (const FrameRef frame : frames) in_stack.insert(tables.stacks.GetFrame(frame).function);
    for (const StringRef function : in_stack) functions[function].with_callees += samples;
    if (!frames.empty()) {
      functions[tables.stacks.GetFrame(frames.front()).function].self += samples;
    }
  }
  RankedRows rows("functions", "Functions, with what they call",
                  {KeyColumn("function", "function"), ValueColumn("self", "self", Unit::kCount),
                   ValueColumn("self_share", "share", Unit::kPermille),
                   ValueColumn("with_callees", "with callees", Unit::kCount),
                   ValueColumn("with_callees_share", "share", Unit::kPermille)});
  for (const auto& [function, counts] : functions) {
    rows.Add(counts.with_callees, {NameCell(tables.strings.Get(function)), NumberCell(counts.self),
                                   PermilleCell(counts.self, all), NumberCell(counts.with_callees),
                                   PermilleCell(counts.with_callees, all)});
  }
  return std::move(rows).Take(limit);
}

Table NamesTable(RankedRows rows, const std::map<StringRef, std::uint64_t>& names,
                 const TraceTables& tables, std::uint64_t all, std::string_view nameless,
                 std::size_t limit) {
  for (const auto& [name, samples] : names) {
    const std::string_view text = tables.strings.Get(name);
    rows.Add(samples, {TextCell(text.empty() ? nameless : text), NumberCell(samples),
                       PermilleCell(samples, all)});
  }
  return std::move(rows).Take(limit);
}

Document Cpu::ToDocument(const State& state, const TraceTables& tables,
                         const ReportOptions& options) {
  std::uint64_t all = 0;
  for (const auto& [stack, samples] : state.stacks) all += samples;
  const auto names = [](const char* id, const char* heading, Column key) {
    return RankedRows(id, heading,
                      {std::move(key), ValueColumn("samples", "samples", Unit::kCount),
                       ValueColumn("share", "share", Unit::kPermille)});
  };
  Document document;
  document.report = kName;
  document.title = "CPU: where the profiler's samples fell";
  document.facts = {CountFact("samples", all), CountFact("stacks", state.stacks.size())};
  document.tables.push_back(SitesTable(state, tables, all, options.top));
  document.tables.push_back(FunctionsTable(state, tables, all, options.top));
  document.tables.push_back(NamesTable(names("start_functions", "By kind of goroutine",
                                             KeyColumn("start_function", "goroutine started with")),
                                       state.start_functions, tables, all, "(not known)",
                                       options.top));
  document.tables.push_back(NamesTable(names("tasks", "By task", KeyColumn("task", "task")),
                                       state.tasks, tables, all, "(no task)", options.top));
  document.notes.push_back(
      all == 0 ? "No trace has CPU samples: they are there when the CPU profiler ran as well."
               : "The profiler takes 100 samples a second of each running thread, unless told "
                 "otherwise.");
  if (options.with_profiles) document.profiles = {ProfileOf(state, tables)};
  return document;
}

}  // namespace

ReportType CpuReport() { return MakeReport<Cpu>(); }

}  // namespace gtengine
