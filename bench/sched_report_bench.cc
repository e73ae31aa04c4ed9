// Rows per second through the scheduler-latency report, on the rows of real traces and on synthetic
// ones with as many stacks and start functions as a trace of a service has, and the cost of ending,
// combining and reading its partials. A row counts as an event.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "bench/subject.h"
#include "bench/wait_rows.h"
#include "engine/reports/registry.h"
#include "engine/reports/sched_partial.h"
#include "engine/reports/sched_profile.h"

namespace gtengine::bench {
namespace {

std::unique_ptr<ReportAccumulator> Begin() {
  return FindReport("sched")->begin({.path = "t", .service = "s", .host = "h", .start_ns = 0});
}

std::unique_ptr<ReportPartial> Run(const WaitRows& rows) {
  const auto accumulator = Begin();
  for (const auto& chunk : rows.chunks) accumulator->OnGoroutineSpans(*chunk, rows.tables);
  return accumulator->Finish(rows.tables);
}

// Whether the report says of the rows what they say of themselves.
bool Verify(benchmark::State& state, const WaitRows& rows) {
  const auto partial = Run(rows);
  const SchedProfile profile = SummarizeSched(dynamic_cast<const SchedPartial&>(*partial), false);
  if (WaitTotals{profile.count, profile.time_ns} == rows.waits) return true;
  state.SkipWithError("the report's answer is wrong");
  return false;
}

void BM_Rows(benchmark::State& state, const WaitRows& rows) {
  if (!Verify(state, rows)) return;
  const auto accumulator = Begin();
  Measure(state, {.events = rows.rows}, [&] {
    for (const auto& chunk : rows.chunks) accumulator->OnGoroutineSpans(*chunk, rows.tables);
  });
}

// As a trace sees it: the same chunk is filled again and again, so rows come from the near caches.
void BM_RowsOfFewChunks(benchmark::State& state, const WaitRows& rows) {
  if (!Verify(state, rows)) return;
  const auto accumulator = Begin();
  Measure(state, {.events = rows.chunks.size() * GoroutineSpans::kRows}, [&] {
    for (std::size_t i = 0; i < rows.chunks.size(); ++i) {
      accumulator->OnGoroutineSpans(*rows.chunks[i % 4], rows.tables);
    }
  });
}

void BM_Partial(benchmark::State& state, const WaitRows& rows) {
  if (!Verify(state, rows)) return;
  const auto partial = Run(rows);
  std::string bytes = partial->Serialize();
  Measure(state, {.bytes = bytes.size(), .events = 1}, [&] {
    bytes = partial->Serialize();
    const auto parsed = FindReport("sched")->parse(bytes);
    (*parsed)->Combine(*partial);
    benchmark::DoNotOptimize(parsed);
  });
}

// Rows are made when a bench runs, so that those that are filtered out cost nothing.
template <class MakeRows>
void Register(const std::string& name, void (*bench)(benchmark::State&, const WaitRows&),
              MakeRows make_rows) {
  benchmark::RegisterBenchmark(
      name.c_str(), [bench, make_rows](benchmark::State& state) { bench(state, make_rows()); });
}

void RegisterTrace(const Subject& subject) {
  if (subject.waits && subject.waits->count == 0) return;
  const auto rows = [&subject] { return ReadWaitRows(subject); };
  Register("rows/" + subject.name, BM_Rows, rows);
  Register("partial/" + subject.name, BM_Partial, rows);
}

void RegisterSynthetic(std::size_t stacks, std::size_t functions) {
  const auto rows = [=] { return MakeWaitRows(stacks, functions); };
  const std::string name = "synthetic/" + std::to_string(stacks) + "_stacks";
  Register("rows/" + name, BM_Rows, rows);
  Register("rows_of_few_chunks/" + name, BM_RowsOfFewChunks, rows);
  Register("partial/" + name, BM_Partial, rows);
}

}  // namespace
}  // namespace gtengine::bench

int main(int argc, char** argv) {
  using namespace gtengine::bench;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const std::vector<Subject> subjects = LoadSubjects();
  for (const Subject& subject : subjects) RegisterTrace(subject);
  RegisterSynthetic(50, 20);
  RegisterSynthetic(300, 50);
  RegisterSynthetic(3000, 200);
  RegisterSynthetic(30000, 1000);
  benchmark::RunSpecifiedBenchmarks();
}
