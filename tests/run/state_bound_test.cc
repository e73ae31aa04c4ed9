#include "engine/run/state_bound.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/base/padded_bytes.h"
#include "tests/order/text_trace.h"

namespace gtengine::run {
namespace {

// Of a trace as text, which need not make sense: nothing is put in order.
StateBound Bound(const std::string& text, const std::function<bool()>& is_cancelled = {}) {
  auto traces = testing::AssembleTextTraces("version 26\n" + text + "expect ok 0\n");
  EXPECT_TRUE(traces.ok()) << traces.error().ToString();
  const testing::PaddedBytes bytes(traces->front().bytes);
  return BoundState(bytes.view(), wire::Version::k26, is_cancelled);
}

std::string Lines(int count, const std::string& line) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += "  " + line + "\n";
  return lines;
}

TEST(StateBoundTest, WhatEndsInABatchCountsUntilTheNextOfItsThread) {
  const std::string begin = "generation 1\nfrequency 1000\nbatch m=1 time=10\n" +
                            Lines(2, "GoStatus g=1 gstatus=waiting") +
                            Lines(3, "GoCreate new_g=5") + "batch m=1 time=20\n" +
                            Lines(2, "GoDestroy");
  const std::string more = "batch m=2 time=30\n" + Lines(4, "GoCreate new_g=6");
  const StateBound kept = Bound(begin + more);
  EXPECT_EQ(kept.goroutines, 9u);
  EXPECT_EQ(kept.goroutines_born, 9u);
  EXPECT_EQ(
      Bound(begin + "batch m=1 time=25\n" + Lines(1, "GoStart g=1 g_seq=1") + more).goroutines, 7u);
}

TEST(StateBoundTest, EachGenerationStatesItsGoroutinesAnew) {
  const std::string stated = "batch m=1 time=10\n" + Lines(7, "GoStatus g=1 gstatus=waiting");
  const StateBound bound =
      Bound("generation 1\nfrequency 1000\n" + stated + Lines(1, "GoDestroy") +
            "generation 2\nfrequency 1000\n" + stated + Lines(2, "GoCreate new_g=6"));
  EXPECT_EQ(bound.goroutines, 9u);
  EXPECT_EQ(bound.goroutines_born, 9u);
}

TEST(StateBoundTest, TasksAndRegionsStayOpenOverGenerations) {
  const std::string task = "UserTaskBegin task=1 parent_task=0 name_string=\"t\"";
  const std::string region = "UserRegionBegin task=1 name_string=\"r\"";
  const StateBound bound = Bound(
      "generation 1\nfrequency 1000\nbatch m=1 time=10\n" + Lines(5, task) + Lines(6, region) +
      Lines(2, "UserTaskEnd task=1") + "generation 2\nfrequency 1000\nbatch m=1 time=20\n" +
      Lines(4, task) + Lines(6, "UserRegionEnd task=1 name_string=\"r\""));
  EXPECT_EQ(bound.tasks, 7u);
  EXPECT_EQ(bound.regions, 6u);
  EXPECT_GE(bound.generation_bytes, 1u << 20);
}

TEST(StateBoundTest, EndsWhenItIsCancelled) {
  const std::string generation =
      "\nfrequency 1000\nbatch m=1 time=10\n" + Lines(1, "GoStatus g=1 gstatus=waiting");
  int calls = 0;
  const StateBound bound = Bound(
      "generation 1" + generation + "generation 2" + generation + Lines(1, "GoCreate new_g=6"),
      [&] { return ++calls > 1; });
  EXPECT_EQ(bound.goroutines, 1u);
}

}  // namespace
}  // namespace gtengine::run
