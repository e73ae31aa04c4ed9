// A small report, and comparison with files in tests/render/golden.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/reports/sched.h"
#include "tests/reports/trace_rows.h"

namespace gtengine {

// Two traces by hand, with a name that a terminal would obey and a path that is too long for a
// line.
inline Document SampleDocument(ReportOptions options = {}) {
  const std::vector<TestFrame> send = {
      {"runtime.chansend1", "runtime/chan.go", 161},
      {"example.com/shop/internal/queue.(*Queue[...]).Publish", "shop/internal/queue/queue.go", 88},
      {"main.main", "shop/main.go", 20}};
  const std::vector<TestFrame> go = {{"main.serve", "shop/main.go", 42},
                                     {"main.main", "shop/main.go", 21}};
  const std::vector<TestFrame> hostile = {{"main.\x1b[31mred\n", "\xff.go", 1}};
  const auto partial = PartialOf(SchedReport(),
                                 {.path = "shop/web-27/20261123/094807.trace",
                                  .service = "shop",
                                  .host = "web-27",
                                  .start_ns = 1'000'000},
                                 {{.g = 18,
                                   .start_function = "main.worker",
                                   .start_ns = 3'500'000,
                                   .duration_ns = 1'234'567,
                                   .stack = send},
                                  {.g = 18,
                                   .start_function = "main.worker",
                                   .start_ns = 8'000'000,
                                   .duration_ns = 4'321,
                                   .stack = send},
                                  {.g = 19,
                                   .start_function = "main.serve.func1",
                                   .start_ns = 4'000'000,
                                   .duration_ns = 98'765,
                                   .stack = go,
                                   .cause = SpanCause::kCreated,
                                   .flags = kNeverRanYet},
                                  {.g = 20,
                                   .start_function = "",
                                   .start_ns = 1'000'000,
                                   .duration_ns = 640,
                                   .cause = SpanCause::kRestated,
                                   .flags = kCutAtStart}});
  partial->Combine(*PartialOf(SchedReport(),
                              {.path = fmt::format("batch/{:x>90}/094813.trace", ""),
                               .service = "batch",
                               .host = "etl",
                               .start_ns = 0},
                              {{.g = 1,
                                .start_function = "main.main",
                                .start_ns = 77,
                                .duration_ns = 5'000'000'000,
                                .stack = hostile,
                                .cause = SpanCause::kYielded}}));
  return partial->ToDocument(options);
}

// With GTENGINE_UPDATE_GOLDEN set, writes the file instead.
inline void ExpectGolden(const std::string& name, const std::string& actual) {
  const std::string path = fmt::format("{}/tests/render/golden/{}", GTENGINE_SOURCE_DIR, name);
  if (std::getenv("GTENGINE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string expected{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(actual, expected) << "differs from " << path;
}

}  // namespace gtengine
