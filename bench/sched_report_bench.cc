// Rows per second through the scheduler-latency report, on synthetic rows with as many stacks and
// start functions as a trace of a service has, and the cost of ending, combining and reading its
// partials.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/reports/registry.h"
#include "engine/reports/sched_partial.h"
#include "engine/reports/sched_profile.h"

namespace gtengine {
namespace {

constexpr std::size_t kChunks = 256;

struct Rows {
  TraceTables tables;
  std::vector<std::unique_ptr<GoroutineSpans>> chunks;
  std::uint64_t count = 0;
  Uint128 time_ns = 0;
};

StackRef MakeStack(TraceTables& tables, std::size_t number) {
  std::vector<FrameRef> frames;
  for (std::size_t depth = 0; depth < 8; ++depth) {
    const std::string name = std::to_string(number / (depth + 1));
    frames.push_back(
        tables.stacks.InternFrame({tables.strings.Intern("example.com/pkg.F" + name),
                                   tables.strings.Intern("pkg/file.go"), depth + number}));
  }
  return tables.stacks.InternStack(frames);
}

// Stacks are used unevenly, as they are: some have most of the rows. One row in ten has none. Waits
// are log-uniform from 0.1 us to 10 ms.
Rows MakeRows(std::size_t stacks, std::size_t functions) {
  Rows rows;
  std::mt19937_64 random(42);
  std::vector<StackRef> refs;
  for (std::size_t i = 0; i < stacks; ++i) refs.push_back(MakeStack(rows.tables, i));
  std::vector<StringRef> names;
  for (std::size_t i = 0; i < functions; ++i) {
    names.push_back(rows.tables.strings.Intern("example.com/pkg.Goroutine" + std::to_string(i)));
  }
  std::uniform_real_distribution<double> uniform(0, 1);
  std::lognormal_distribution<double> wait_ns(std::log(4000.0), 1.5);
  const auto uneven = [&](std::size_t size) {
    const double x = uniform(random);
    return static_cast<std::size_t>(x * x * x * static_cast<double>(size));
  };
  TimeNs now = 1'000'000;
  for (std::size_t chunk = 0; chunk < kChunks; ++chunk) {
    auto spans = std::make_unique<GoroutineSpans>();
    spans->state = GoState::kRunnable;
    for (std::size_t row = 0; row < GoroutineSpans::kRows; ++row) {
      const auto wait = static_cast<TimeNs>(1 + wait_ns(random));
      const bool has_stack = random() % 10 != 0;
      now += 100;
      spans->g[row] = GoId{static_cast<std::int64_t>(random() % 1000)};
      spans->goroutine[row] = static_cast<std::uint32_t>(spans->g[row]);
      spans->start_function[row] = names[uneven(functions)];
      spans->start_ns[row] = now;
      spans->end_ns[row] = now + wait;
      spans->start_stack[row] = has_stack ? refs[uneven(stacks)] : kNoStack;
      spans->cause[row] = has_stack ? SpanCause::kUnblocked : SpanCause::kSyscallEnded;
      spans->flags[row] = random() % 100 == 0 ? kNeverRanYet : std::uint8_t{0};
      rows.time_ns += static_cast<std::uint64_t>(wait);
    }
    spans->rows = GoroutineSpans::kRows;
    rows.count += spans->rows;
    rows.chunks.push_back(std::move(spans));
  }
  return rows;
}

std::unique_ptr<ReportPartial> Run(const Rows& rows) {
  const auto accumulator =
      FindReport("sched")->begin({.path = "t", .service = "s", .host = "h", .start_ns = 0});
  for (const auto& chunk : rows.chunks) accumulator->OnGoroutineSpans(*chunk, rows.tables);
  return accumulator->Finish(rows.tables);
}

void Verify(const Rows& rows) {
  const auto partial = Run(rows);
  const SchedProfile profile = SummarizeSched(dynamic_cast<const SchedPartial&>(*partial), false);
  if (profile.count == rows.count && profile.time_ns == rows.time_ns) return;
  std::fprintf(stderr, "the report's answer is wrong\n");
  std::exit(1);
}

void BM_Rows(benchmark::State& state) {
  const Rows rows =
      MakeRows(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  Verify(rows);
  const auto accumulator =
      FindReport("sched")->begin({.path = "t", .service = "s", .host = "h", .start_ns = 0});
  for (auto _ : state) {
    for (const auto& chunk : rows.chunks) accumulator->OnGoroutineSpans(*chunk, rows.tables);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.count));
}
BENCHMARK(BM_Rows)->Args({50, 20})->Args({300, 50})->Args({3000, 200})->Args({30000, 1000});

// As a trace sees it: the same chunk is filled again and again, so rows come from the near caches.
void BM_RowsOfOneChunk(benchmark::State& state) {
  const Rows rows =
      MakeRows(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
  Verify(rows);
  const auto accumulator =
      FindReport("sched")->begin({.path = "t", .service = "s", .host = "h", .start_ns = 0});
  for (auto _ : state) {
    for (std::size_t i = 0; i < kChunks; ++i) {
      accumulator->OnGoroutineSpans(*rows.chunks[i % 4], rows.tables);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.count));
}
BENCHMARK(BM_RowsOfOneChunk)->Args({300, 50})->Args({3000, 200});

void BM_Partial(benchmark::State& state) {
  const Rows rows = MakeRows(static_cast<std::size_t>(state.range(0)), 200);
  Verify(rows);
  const auto partial = Run(rows);
  std::string bytes;
  for (auto _ : state) {
    bytes = partial->Serialize();
    const auto parsed = FindReport("sched")->parse(bytes);
    (*parsed)->Combine(*partial);
    benchmark::DoNotOptimize(parsed);
  }
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(BM_Partial)->Arg(300)->Arg(3000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gtengine
