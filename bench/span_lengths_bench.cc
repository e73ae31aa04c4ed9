// Speed of the kernel that takes the lengths of spans and their buckets: the oracle and each vector
// target, on one chunk of rows as the reports get them, from the near caches. Each target's answer
// is compared with the oracle's before its clock starts. A span counts as an event.
#include <benchmark/benchmark.h>
#include <hwy/targets.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "engine/columns/goroutine_spans.h"
#include "kernels/span_lengths.h"

namespace gtengine::bench {
namespace {

using Kernel = void (*)(const std::int64_t*, const std::int64_t*, std::size_t, std::int64_t*,
                        std::uint16_t*);

// What a kernel says of a chunk.
struct Lengths {
  explicit Lengths(std::size_t count) : lengths(count), buckets(count) {}

  std::vector<std::int64_t> lengths;
  std::vector<std::uint16_t> buckets;

  friend bool operator==(const Lengths&, const Lengths&) = default;
};

// A chunk of spans, log-normal around 4 us as waits are.
struct Chunk {
  Chunk() {
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> wait_ns(std::log(4000.0), 1.5);
    for (std::size_t i = 0; i < GoroutineSpans::kRows; ++i) {
      start.push_back(static_cast<std::int64_t>(1'000'000 + 100 * i));
      end.push_back(start.back() + static_cast<std::int64_t>(wait_ns(random)));
    }
  }
  void Run(Kernel kernel, Lengths& out) const {
    kernel(start.data(), end.data(), start.size(), out.lengths.data(), out.buckets.data());
  }

  std::vector<std::int64_t> start;
  std::vector<std::int64_t> end;
};

void BM_SpanLengths(benchmark::State& state, Kernel kernel, std::int64_t target) {
  hwy::SetSupportedTargetsForTest(target);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  const Chunk chunk;
  Lengths expected(chunk.start.size());
  Lengths actual(chunk.start.size());
  chunk.Run(kernels::MeasureSpansScalar, expected);
  chunk.Run(kernel, actual);
  if (actual != expected) {
    state.SkipWithError("not what the oracle says");
    return;
  }
  const Amount amount = {.bytes = chunk.start.size() * 2 * sizeof(std::int64_t),
                         .events = chunk.start.size()};
  Measure(state, amount, [&] {
    chunk.Run(kernel, actual);
    benchmark::ClobberMemory();
  });
}

}  // namespace
}  // namespace gtengine::bench

int main(int argc, char** argv) {
  using namespace gtengine;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const auto add = [](const std::string& name, bench::Kernel kernel, std::int64_t target) {
    benchmark::RegisterBenchmark(("span_lengths/" + name).c_str(),
                                 [kernel, target](benchmark::State& state) {
                                   bench::BM_SpanLengths(state, kernel, target);
                                 });
  };
  add("oracle", kernels::MeasureSpansScalar, 0);
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    add(hwy::TargetName(target), kernels::MeasureSpans, target);
  }
  benchmark::RunSpecifiedBenchmarks();
}
