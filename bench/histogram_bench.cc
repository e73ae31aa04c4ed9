// Values per second into histograms and distributions, and histograms combined, on the waits of
// real traces and on synthetic ones. A value (or a combined bucket) counts as an event.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "bench/subject.h"
#include "bench/wait_rows.h"
#include "engine/analysis/distribution.h"
#include "engine/analysis/histogram.h"
#include "engine/analysis/keyed_distributions.h"

namespace gtengine::bench {
namespace {

// Lengths and the keys that they are counted by.
struct Values {
  std::vector<std::int64_t> lengths_ns;
  std::vector<std::uint32_t> keys;
  std::int64_t median_ns = 0;
  Uint128 sum_ns = 0;
};

Values FromRows(const WaitRows& rows) {
  Values values;
  for (const auto& chunk : rows.chunks) {
    for (std::size_t row = 0; row < chunk->rows; ++row) {
      const TimeNs length_ns = chunk->end_ns[row] - chunk->start_ns[row];
      if (length_ns < 0) continue;
      values.lengths_ns.push_back(length_ns);
      values.keys.push_back(static_cast<std::uint32_t>(chunk->start_stack[row]));
      values.sum_ns += static_cast<std::uint64_t>(length_ns);
    }
  }
  if (values.lengths_ns.empty()) Fail("a trace without waits");
  std::vector<std::int64_t> sorted = values.lengths_ns;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
  std::ranges::nth_element(sorted, middle);
  values.median_ns = *middle;
  return values;
}

void BM_Histogram(benchmark::State& state, const Values& values) {
  Histogram histogram;
  for (const std::int64_t length_ns : values.lengths_ns) histogram.Add(length_ns);
  if (histogram.Count() != values.lengths_ns.size() ||
      Histogram::BucketOf(histogram.Quantile(500)) != Histogram::BucketOf(values.median_ns)) {
    state.SkipWithError("wrong histogram");
    return;
  }
  Measure(state, {.events = values.lengths_ns.size()}, [&] {
    for (const std::int64_t length_ns : values.lengths_ns) histogram.Add(length_ns);
    benchmark::ClobberMemory();
  });
}

void BM_Distribution(benchmark::State& state, const Values& values) {
  Distribution distribution;
  for (const std::int64_t length_ns : values.lengths_ns) distribution.Add(length_ns);
  if (distribution.count() != values.lengths_ns.size() || distribution.sum() != values.sum_ns) {
    state.SkipWithError("wrong distribution");
    return;
  }
  Measure(state, {.events = values.lengths_ns.size()}, [&] {
    for (const std::int64_t length_ns : values.lengths_ns) distribution.Add(length_ns);
    benchmark::ClobberMemory();
  });
}

void BM_Keyed(benchmark::State& state, const Values& values) {
  KeyedDistributions keyed;
  const auto add_all = [&] {
    for (std::size_t i = 0; i < values.lengths_ns.size(); ++i) {
      keyed.At(values.keys[i], 0).Add(values.lengths_ns[i]);
    }
  };
  add_all();
  Uint128 sum_ns = 0;
  for (std::uint32_t key = 0; key < keyed.key_limit(); ++key) {
    keyed.ForEachCode(key, [&](std::uint32_t, const Distribution& of) { sum_ns += of.sum(); });
  }
  if (sum_ns != values.sum_ns) {
    state.SkipWithError("wrong distributions");
    return;
  }
  Measure(state, {.events = values.lengths_ns.size()}, [&] {
    add_all();
    benchmark::ClobberMemory();
  });
}

void BM_Combine(benchmark::State& state, const Values& values) {
  Histogram histogram;
  for (const std::int64_t length_ns : values.lengths_ns) histogram.Add(length_ns);
  std::uint64_t buckets = 0;
  histogram.ForEachBucket([&](std::size_t, std::uint64_t) { ++buckets; });
  Histogram total = histogram;
  total.Combine(histogram);
  if (total.Count() != 2 * values.lengths_ns.size()) {
    state.SkipWithError("wrong sum");
    return;
  }
  Measure(state, {.events = buckets}, [&] {
    total.Combine(histogram);
    benchmark::ClobberMemory();
  });
}

// Values are made when the first bench of them runs, so that those that are filtered out cost
// nothing.
template <class MakeRows>
void Register(const std::string& name, MakeRows make_rows) {
  const auto made = std::make_shared<std::optional<Values>>();
  const auto add = [&](const char* what, void (*bench)(benchmark::State&, const Values&)) {
    benchmark::RegisterBenchmark((what + ("/" + name)).c_str(),
                                 [bench, make_rows, made](benchmark::State& state) {
                                   if (!*made) *made = FromRows(make_rows());
                                   bench(state, **made);
                                 });
  };
  add("histogram", BM_Histogram);
  add("distribution", BM_Distribution);
  add("keyed_distributions", BM_Keyed);
  add("combine", BM_Combine);
}

}  // namespace
}  // namespace gtengine::bench

int main(int argc, char** argv) {
  using namespace gtengine::bench;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const std::vector<Subject> subjects = LoadSubjects();
  for (const Subject& subject : subjects) {
    if (subject.waits && subject.waits->count == 0) continue;
    Register(subject.name, [&subject] { return ReadWaitRows(subject); });
  }
  Register("synthetic/300_stacks", [] { return MakeWaitRows(300, 50); });
  Register("synthetic/30000_stacks", [] { return MakeWaitRows(30000, 1000); });
  benchmark::RunSpecifiedBenchmarks();
}
