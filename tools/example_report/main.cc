// A report of one's own, through the public headers only: how long goroutines slept, by the
// function that they were started with. Reads any number of traces, on two threads.
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "engine/analysis/report_tables.h"
#include "engine/render/table.h"
#include "engine/reports/state_report.h"
#include "engine/run/corpus_scan.h"

using namespace gtengine;

// What is kept of any number of traces: combining and partials follow from the fields.
struct Sleeps {
  static constexpr std::string_view kName = "sleeps", kSummary = "how long goroutines slept";
  static constexpr std::uint32_t kVersion = 1;
  struct State {
    std::map<StringRef, Distribution> by_function;
    static constexpr auto Fields() { return std::tuple(&State::by_function); }
  };
  class Accumulator;
  static Document ToDocument(const State&, const TraceTables&, const ReportOptions&);
};

// One trace on its way into it, in chunks of rows: with the columns that are asked for (flags come
// with causes).
class Sleeps::Accumulator final : public StateAccumulator<Sleeps> {
  using StateAccumulator::StateAccumulator;
  SpanRequest Request() const override {
    SpanRequest request;
    request.states[static_cast<std::size_t>(GoState::kWaiting)] = true;
    request.goroutine_columns = {.start_function = true, .reason = true, .cause = true};
    return request;
  }
  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) override {
    if (spans.state != GoState::kWaiting) return;
    for (std::size_t i = 0; i < spans.rows; ++i) {
      if ((spans.flags[i] & kCutAtEnd) || tables.strings.Get(spans.reason[i]) != "sleep") continue;
      state_.by_function[spans.start_function[i]].Add(spans.end_ns[i] - spans.start_ns[i]);
    }
  }
  void Fill(const TraceTables&, State& state) override { state = std::move(state_); }
  std::size_t state_bytes(const Growth&) override { return HeapBytes(state_.by_function); }
  State state_;
};

Document Sleeps::ToDocument(const State& state, const TraceTables& tables,
                            const ReportOptions& options) {
  std::vector<Column> columns = {KeyColumn("function", "started with")};
  AppendLengthColumns(columns, "count", "sleeps");
  RankedRows rows("functions", "Who slept, by total time", std::move(columns));
  for (const auto& [function, lengths] : state.by_function) {
    std::vector<Cell> cells = {NameCell(tables.strings.Get(function))};
    AppendLengthCells(lengths, cells);
    rows.Add(lengths.sum(), std::move(cells));
  }
  Document document{.report = "sleeps", .title = "Sleeps", .facts = {}, .tables = {}, .notes = {}};
  document.tables.push_back(std::move(rows).Take(options.top));
  return document;
}

int main(int argc, char** argv) {
  const ReportType report = MakeReport<Sleeps>();
  run::ScanOptions options;
  options.reports = {&report};
  options.threads = 2;
  options.memory_bytes = std::uint64_t{1} << 30;
  const auto result = run::ScanCorpus(std::vector<std::string>(argv + 1, argv + argc), options);
  for (const std::string& line : result.ProblemLines()) {
    std::fprintf(stderr, "example_report: %s\n", line.c_str());
  }
  const Document document = result.partial(0).ToDocument({});
  std::fputs(RenderTables({&document, 1}, 100).c_str(), stdout);
  return result.has_problems() || result.traces() == 0 ? 1 : 0;
}
