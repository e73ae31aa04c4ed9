// Partials of the scheduler-latency report with random rows, from fixed seeds.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "engine/reports/sched.h"
#include "tests/reports/trace_rows.h"

namespace gtengine {

using PartialPtr = std::unique_ptr<ReportPartial>;

inline constexpr std::string_view kFunctions[] = {"main.a", "main.b", "runtime.goexit",
                                                  "net.(*conn).Read", "x\n\x1b[31m\xff"};
inline constexpr std::string_view kFiles[] = {"a.go", "b.go", ""};

inline TestRow RandomRow(std::mt19937_64& random) {
  TestRow row;
  row.g = static_cast<std::int64_t>(random() % 20);
  row.goroutine = static_cast<std::uint32_t>(random() % 20);
  row.start_function = random() % 4 == 0 ? "" : kFunctions[random() % std::size(kFunctions)];
  row.start_ns = static_cast<TimeNs>(random() % 1'000'000);
  row.duration_ns = static_cast<TimeNs>(random() >> (20 + random() % 43));
  for (std::size_t frames = random() % 4; frames > 0; --frames) {
    row.stack.push_back({kFunctions[random() % std::size(kFunctions)],
                         kFiles[random() % std::size(kFiles)], random() % 3});
  }
  row.cause = static_cast<SpanCause>(random() % 5);
  row.flags = static_cast<std::uint8_t>(random() % 16);
  return row;
}

// Partials of traces with random rows, of several services.
inline std::vector<PartialPtr> RandomTraces(std::uint64_t seed, std::size_t traces) {
  std::mt19937_64 random(seed);
  std::vector<PartialPtr> partials;
  for (std::size_t i = 0; i < traces; ++i) {
    std::vector<TestRow> rows(random() % 300);
    for (TestRow& row : rows) row = RandomRow(random);
    TraceIdentity trace;
    trace.path = fmt::format("t{}", random() % 3);
    trace.service = i % 3 == 0 ? "" : fmt::format("service{}", i % 2);
    partials.push_back(PartialOf(SchedReport(), trace, rows));
  }
  return partials;
}

inline PartialPtr CombineAll(const std::vector<const ReportPartial*>& partials) {
  PartialPtr all = SchedReport().empty();
  for (const ReportPartial* partial : partials) all->Combine(*partial);
  return all;
}

inline std::vector<const ReportPartial*> Pointers(const std::vector<PartialPtr>& partials) {
  std::vector<const ReportPartial*> pointers;
  for (const PartialPtr& partial : partials) pointers.push_back(partial.get());
  return pointers;
}

inline std::string Serialized(const std::vector<PartialPtr>& partials) {
  return CombineAll(Pointers(partials))->Serialize();
}

}  // namespace gtengine
