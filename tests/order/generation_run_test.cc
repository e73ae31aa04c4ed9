#include "engine/order/generation_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/base/padded_bytes.h"
#include "tests/order/many_threads.h"
#include "tests/order/read_trace.h"
#include "tests/wire/trace_builder.h"

namespace gtengine::order {
namespace {

using ::testing::ElementsAre;
using testing::MakeManyThreads;
using testing::PaddedBytes;
using wire::Version;
using wire::testing::Bytes;
using wire::testing::TraceBuilder;

// All runs and damage of a trace as text: "1-3", "lost 4..9".
std::vector<std::string> Runs(TraceBuilder& trace) {
  std::vector<std::string> found;
  std::optional<std::uint64_t> offset = wire::kHeaderBytes;
  while (offset) {
    const RunReading reading = ReadRun(trace.padded(), trace.version(), *offset, {});
    if (reading.run.generations > 0) {
      EXPECT_EQ(reading.run.generations, reading.run.last_number - reading.run.first_number + 1);
      found.push_back(std::to_string(reading.run.first_number) + "-" +
                      std::to_string(reading.run.last_number));
    }
    for (const wire::Damage& damage : reading.damage) {
      found.push_back("lost " + std::to_string(damage.begin) + ".." + std::to_string(damage.end));
    }
    EXPECT_TRUE(!reading.next || *reading.next > *offset);
    offset = reading.next;
  }
  return found;
}

std::string Lost(std::size_t begin, std::size_t end) {
  return "lost " + std::to_string(begin) + ".." + std::to_string(end);
}

class GenerationRunTest : public ::testing::TestWithParam<Version> {
 protected:
  GenerationRunTest() : trace_(GetParam()) {}

  // A generation that fits behind any other.
  void AddGood(std::uint64_t number) {
    for (std::uint64_t m = 1; m <= 4; ++m) trace_.Batch(number, m, Bytes());
    trace_.Sync(number).EndOfGeneration();
  }
  // One that is whole, but whose event nothing can come before.
  void AddUnordered(std::uint64_t number) {
    for (std::uint64_t m = 1; m <= 4; ++m) trace_.Batch(number, m, Bytes());
    trace_.Generation(number);
  }

  TraceBuilder trace_;
};

TEST_P(GenerationRunTest, AWholeTraceIsOne) {
  for (std::uint64_t number = 5; number <= 7; ++number) AddGood(number);
  EXPECT_THAT(Runs(trace_), ElementsAre("5-7"));
}

TEST_P(GenerationRunTest, AnEmptyTraceHasNone) { EXPECT_THAT(Runs(trace_), ElementsAre()); }

TEST_P(GenerationRunTest, AGapEndsARun) {
  for (const std::uint64_t number : {1, 2, 5, 6}) AddGood(number);
  EXPECT_THAT(Runs(trace_), ElementsAre("1-2", "5-6"));
}

TEST_P(GenerationRunTest, WhatDoesNotFitTheOrderIsLost) {
  AddGood(1);
  AddGood(2);
  const std::size_t begin = trace_.size();
  AddUnordered(3);
  const std::size_t end = trace_.size();
  AddGood(4);
  EXPECT_THAT(Runs(trace_), ElementsAre("1-2", Lost(begin, end), "4-4"));
}

TEST_P(GenerationRunTest, WhatDoesNotFitMayBeTheFirst) {
  const std::size_t begin = trace_.size();
  AddUnordered(1);
  const std::size_t end = trace_.size();
  AddGood(2);
  EXPECT_THAT(Runs(trace_), ElementsAre(Lost(begin, end), "2-2"));
}

TEST_P(GenerationRunTest, WhatCannotBeReadIsLostAndNothingBefore) {
  AddGood(1);
  const std::size_t begin = trace_.size();
  trace_.Batch(2, 1, Bytes().Byte(250));
  AddGood(2);
  const std::size_t end = trace_.size();
  AddGood(3);
  EXPECT_THAT(Runs(trace_), ElementsAre("1-1", Lost(begin, end), "3-3"));
}

TEST_P(GenerationRunTest, WithoutItsTablesAGenerationIsLost) {
  AddGood(1);
  const std::size_t begin = trace_.size();
  for (std::uint64_t m = 1; m <= 4; ++m) trace_.Batch(2, m, Bytes());
  trace_.EndOfGeneration();
  const std::size_t end = trace_.size();
  AddGood(3);
  EXPECT_THAT(Runs(trace_), ElementsAre("1-1", Lost(begin, end), "3-3"));
}

TEST_P(GenerationRunTest, CountsWhatItsTraceHas) {
  const PaddedBytes bytes(MakeManyThreads({.generations = 3, .version = GetParam()}));
  const testing::TraceReading all = testing::ReadTrace(bytes.view());
  std::vector<std::uint64_t> done;
  const WalkHooks hooks{.is_cancelled = {},
                        .on_done_before = [&](std::uint64_t offset) { done.push_back(offset); }};
  const RunReading reading = ReadRun(bytes.view(), GetParam(), wire::kHeaderBytes, hooks);
  EXPECT_EQ(reading.run.begin, wire::kHeaderBytes);
  EXPECT_EQ(reading.run.end, bytes.view().size());
  EXPECT_EQ(reading.run.generations, 3);
  EXPECT_EQ(reading.run.events, all.events);
  EXPECT_LT(reading.run.first_ns, reading.run.last_ns);
  EXPECT_TRUE(reading.damage.empty());
  EXPECT_FALSE(reading.next.has_value());
  EXPECT_EQ(done.size(), 2) << "once a generation behind the first";
}

INSTANTIATE_TEST_SUITE_P(Versions, GenerationRunTest,
                         ::testing::Values(Version::k22, Version::k23, Version::k25, Version::k26),
                         [](const auto& test) {
                           return "Go1" + std::to_string(static_cast<int>(test.param));
                         });

}  // namespace
}  // namespace gtengine::order
