#include "engine/wire/salvage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/wire/trace_builder.h"

namespace gtengine::wire {
namespace {

using testing::Bytes;
using ::testing::ElementsAre;
using testing::TraceBuilder;

// "2" for a generation that continues, "gap 2" for one that does not; damage as the bytes lost.
std::vector<std::string> Salvage(TraceBuilder& trace) {
  std::vector<std::string> found;
  SalvageReader reader(trace.padded(), trace.version());
  Generation generation;
  bool more = true;
  while (more) {
    more = reader.Next(generation);
    if (const auto& damage = reader.damage()) {
      found.push_back("lost " + std::to_string(damage->begin) + ".." + std::to_string(damage->end));
    }
    if (more) found.push_back((reader.gap() ? "gap " : "") + std::to_string(generation.number));
  }
  return found;
}

std::string Lost(std::size_t begin, std::size_t end) {
  return "lost " + std::to_string(begin) + ".." + std::to_string(end);
}

// A generation of several batches, so that a chain of them can be told from chance.
void AddLong(TraceBuilder& trace, std::uint64_t number) {
  for (std::uint64_t m = 1; m <= 4; ++m) {
    trace.Batch(number, m, Bytes().Event(EventType::kProcStop, {10}));
  }
  trace.Generation(number);
}

class SalvageTest : public ::testing::TestWithParam<Version> {};

TEST_P(SalvageTest, AWholeTraceIsFoundWhole) {
  TraceBuilder trace(GetParam());
  for (std::uint64_t number = 5; number <= 7; ++number) AddLong(trace, number);
  EXPECT_THAT(Salvage(trace), ElementsAre("5", "6", "7"));
}

TEST_P(SalvageTest, AHeaderAloneHoldsNothing) {
  TraceBuilder trace(GetParam());
  EXPECT_THAT(Salvage(trace), ElementsAre());
}

TEST_P(SalvageTest, ACutGenerationAtTheEndIsLost) {
  TraceBuilder trace(GetParam());
  AddLong(trace, 1);
  const std::size_t begin = trace.size();
  AddLong(trace, 2);
  trace.Resize(trace.size() - 3);
  EXPECT_THAT(Salvage(trace), ElementsAre("1", Lost(begin, trace.size())));
}

TEST_P(SalvageTest, GenerationsBehindDamageAreFound) {
  TraceBuilder trace(GetParam());
  AddLong(trace, 1);
  const std::size_t begin = trace.size();
  trace.Batch(2, 1, Bytes().Event(EventType::kProcStop, {10}));
  trace.Text("something that is no batch at all \1\1\1\2\3");
  AddLong(trace, 2);
  const std::size_t end = trace.size();
  AddLong(trace, 3);
  AddLong(trace, 4);
  EXPECT_THAT(Salvage(trace), ElementsAre("1", Lost(begin, end), "gap 3", "4"));
}

TEST_P(SalvageTest, AMissingGenerationIsAGap) {
  TraceBuilder trace(GetParam());
  AddLong(trace, 1);
  AddLong(trace, 4);
  AddLong(trace, 5);
  EXPECT_THAT(Salvage(trace), ElementsAre("1", "gap 4", "5"));
}

TEST_P(SalvageTest, GarbageOnlyIsLostWhole) {
  TraceBuilder trace(GetParam());
  const std::size_t begin = trace.size();
  for (int i = 0; i < 5000; ++i) trace.Byte(static_cast<std::uint8_t>(i % 3));
  EXPECT_THAT(Salvage(trace), ElementsAre(Lost(begin, trace.size())));
}

INSTANTIATE_TEST_SUITE_P(Versions, SalvageTest,
                         ::testing::Values(Version::k22, Version::k23, Version::k25, Version::k26),
                         [](const ::testing::TestParamInfo<Version>& version) {
                           return "Go1" + std::to_string(static_cast<int>(version.param));
                         });

TEST(SalvageMarkersTest, WithoutItsEndMarkerAGenerationIsLost) {
  TraceBuilder trace(Version::k26);
  const std::size_t begin = trace.size();
  for (std::uint64_t m = 1; m <= 4; ++m)
    trace.Batch(1, m, Bytes().Event(EventType::kProcStop, {1}));
  AddLong(trace, 2);
  const std::size_t end = trace.size();
  AddLong(trace, 3);
  // Where the second one began is not marked either.
  EXPECT_THAT(Salvage(trace), ElementsAre(Lost(begin, end), "gap 3"));
}

TEST(SalvageMarkersTest, TablesAloneAtTheEndAreNothing) {
  TraceBuilder trace(Version::k26);
  AddLong(trace, 1);
  trace.Batch(2, 1, Bytes().Type(EventType::kStrings));
  EXPECT_THAT(Salvage(trace), ElementsAre("1"));
}

}  // namespace
}  // namespace gtengine::wire
