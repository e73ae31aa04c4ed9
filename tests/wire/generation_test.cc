#include "engine/wire/generation.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/wire/trace_builder.h"

namespace gtengine::wire {
namespace {

using testing::Bytes;
using testing::TraceBuilder;

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

Bytes OneEvent() { return Bytes().Event(EventType::kProcStop, {1}); }

// The generations found, as "NUMBER/BATCHES", and then "end" or "error".
std::string Verdict(TraceBuilder trace) {
  GenerationReader reader(trace.padded(), trace.version());
  Generation generation;
  std::string verdict;
  while (true) {
    const auto found = reader.Next(generation);
    if (!found.ok()) return verdict + "error";
    if (!*found) return verdict + "end";
    verdict +=
        std::to_string(generation.number) + "/" + std::to_string(generation.batches.size()) + " ";
  }
}

class EveryVersion : public ::testing::TestWithParam<Version> {
 protected:
  TraceBuilder trace_{GetParam()};
};

class UnmarkedVersions : public EveryVersion {};  // a generation ends where the next begins
class MarkedVersions : public EveryVersion {};    // a generation ends at its end marker

INSTANTIATE_TEST_SUITE_P(All, EveryVersion,
                         ::testing::Values(Version::k22, Version::k23, Version::k25, Version::k26));
INSTANTIATE_TEST_SUITE_P(To25, UnmarkedVersions,
                         ::testing::Values(Version::k22, Version::k23, Version::k25));
INSTANTIATE_TEST_SUITE_P(From26, MarkedVersions, ::testing::Values(Version::k26));

TEST_P(EveryVersion, FindsGenerationsThatFollowEachOther) {
  for (const std::uint64_t number : {1, 2, 3}) trace_.Generation(number);
  EXPECT_EQ(Verdict(trace_), "1/2 2/2 3/2 end");
}

TEST_P(EveryVersion, GenerationsCoverTheTraceWithoutGaps) {
  trace_.Generation(1).Generation(2);
  GenerationReader reader(trace_.padded(), GetParam());
  Generation generation;
  std::uint64_t end = kHeaderBytes;
  while (*reader.Next(generation)) {
    EXPECT_EQ(generation.begin, end);
    EXPECT_EQ(generation.batches.front().offset, end);
    end = generation.end;
  }
  EXPECT_EQ(end, trace_.size());
}

TEST_P(EveryVersion, BeginsWithAnyGeneration) {
  trace_.Generation(41).Generation(42);
  EXPECT_EQ(Verdict(trace_), "41/2 42/2 end");
}

TEST_P(EveryVersion, TakesTheEarliestBaseTimeThatIsNotZero) {
  trace_.Batch(1, 3, OneEvent(), 700).Batch(1, 4, OneEvent(), 500).Batch(1, 5, OneEvent(), 600);
  trace_.EndOfGeneration();
  GenerationReader reader(trace_.padded(), GetParam());
  Generation generation;
  ASSERT_TRUE(*reader.Next(generation));
  EXPECT_EQ(generation.min_ticks, 500);
}

// As in Go, a time of 0 counts as "none yet", so what follows it replaces it.
TEST_P(EveryVersion, ForgetsABaseTimeOfZero) {
  trace_.Batch(1, 3, OneEvent(), 0).Batch(1, 4, OneEvent(), 500).EndOfGeneration();
  GenerationReader reader(trace_.padded(), GetParam());
  Generation generation;
  ASSERT_TRUE(*reader.Next(generation));
  EXPECT_EQ(generation.min_ticks, 500);
}

TEST_P(EveryVersion, RefusesGenerationZero) {
  trace_.Batch(0, 3, OneEvent());
  EXPECT_EQ(Verdict(trace_), "error");
  trace_ = TraceBuilder(GetParam());
  trace_.Batch(1, 3, OneEvent()).Batch(0, 3, OneEvent());
  EXPECT_EQ(Verdict(trace_), "error");
}

TEST_P(EveryVersion, NeverWrapsTheGenerationNumber) {
  trace_.Generation(kMax).Batch(0, 3, OneEvent());
  const std::string greatest = std::to_string(kMax) + "/2 ";
  EXPECT_EQ(Verdict(trace_), GetParam() < Version::k26 ? "error" : greatest + "error");
}

TEST_P(EveryVersion, AnErrorIsTheEnd) {
  trace_.Batch(0, 3, OneEvent()).Generation(1);
  GenerationReader reader(trace_.padded(), GetParam());
  Generation generation;
  const auto first = reader.Next(generation);
  const auto second = reader.Next(generation);
  ASSERT_FALSE(first.ok());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(first.error().byte_offset, kHeaderBytes);
  EXPECT_EQ(second.error().what, first.error().what);
}

TEST_P(EveryVersion, KeepsExperimentalBatches) {
  trace_.ExperimentalBatch(1, 1, Bytes().Text("4 whatever")).Generation(1);
  EXPECT_EQ(Verdict(trace_), "1/3 end");
}

TEST_P(UnmarkedVersions, AHeaderAloneIsOneEmptyGeneration) {
  EXPECT_EQ(Verdict(trace_), "0/0 end");
}

TEST_P(UnmarkedVersions, RefusesGenerationsOutOfOrder) {
  trace_.Generation(1).Generation(3);
  EXPECT_EQ(Verdict(trace_), "error");
  trace_ = TraceBuilder(GetParam());
  trace_.Generation(2).Generation(1);
  EXPECT_EQ(Verdict(trace_), "error");
  trace_ = TraceBuilder(GetParam());
  trace_.Generation(1).Generation(2).Generation(1);
  EXPECT_EQ(Verdict(trace_), "1/2 error");
}

// Bad bytes may belong to the next generation, so the one before them counts.
TEST_P(UnmarkedVersions, ABadBatchEndsTheTraceBehindItsGeneration) {
  trace_.Generation(1).Byte(99);
  EXPECT_EQ(Verdict(trace_), "1/2 error");
  trace_ = TraceBuilder(GetParam());
  trace_.Generation(1).Generation(2).Event(EventType::kEventBatch, {2, 3, 4, 100}).Text("cut");
  EXPECT_EQ(Verdict(trace_), "1/2 2/2 error");
}

TEST_P(UnmarkedVersions, ABadFirstBatchLeavesNothing) {
  trace_.Byte(99);
  EXPECT_EQ(Verdict(trace_), "error");
}

TEST_P(UnmarkedVersions, RefusesEndMarkers) {
  trace_.Generation(1).Type(EventType::kEndOfGeneration);
  EXPECT_EQ(Verdict(trace_), "error");
  trace_ = TraceBuilder(GetParam());
  trace_.Batch(1, 3, Bytes().Type(EventType::kEndOfGeneration)).Generation(1);
  EXPECT_EQ(Verdict(trace_), "error");
  trace_ = TraceBuilder(GetParam());
  trace_.Generation(1).Batch(2, 3, Bytes().Type(EventType::kEndOfGeneration));
  EXPECT_EQ(Verdict(trace_), "1/2 error");
}

TEST_P(UnmarkedVersions, DropsALoneExperimentalTypeByteAtTheEnd) {
  trace_.Generation(1).Type(EventType::kExperimentalBatch);
  EXPECT_EQ(Verdict(trace_), "1/2 end");
}

TEST_P(MarkedVersions, AHeaderAloneHasNoGeneration) { EXPECT_EQ(Verdict(trace_), "end"); }

TEST_P(MarkedVersions, AMarkerAloneIsAnEmptyGeneration) {
  trace_.EndOfGeneration();
  EXPECT_EQ(Verdict(trace_), "0/0 end");
}

TEST_P(MarkedVersions, AllowsAnyOrderOfGenerations) {
  trace_.Generation(5).Generation(1).Generation(1);
  EXPECT_EQ(Verdict(trace_), "5/2 1/2 1/2 end");
}

TEST_P(MarkedVersions, RefusesAMissingMarker) {
  trace_.Generation(1).Batch(2, 3, OneEvent());
  EXPECT_EQ(Verdict(trace_), "1/2 error");
  trace_.Batch(3, 3, OneEvent()).EndOfGeneration();
  EXPECT_EQ(Verdict(trace_), "1/2 error");
}

TEST_P(MarkedVersions, TellsATruncatedGeneration) {
  trace_.Generation(1).Batch(2, 3, OneEvent());
  GenerationReader reader(trace_.padded(), GetParam());
  Generation generation;
  ASSERT_TRUE(*reader.Next(generation));
  const auto second = reader.Next(generation);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kTruncated);
  EXPECT_EQ(second.error().generation, 2);
}

TEST_P(MarkedVersions, DropsTrailingTablesWithoutEvents) {
  trace_.Generation(1).Sync(2).ExperimentalBatch(1, 2, Bytes().Text("data"));
  EXPECT_EQ(Verdict(trace_), "1/2 end");
}

// They are not used, but Go's reader has looked at them when it meets the end.
TEST_P(MarkedVersions, RefusesTrailingTablesThatAreBad) {
  const Bytes wrong_entry = Bytes().Type(EventType::kStrings).Event(EventType::kStack, {1, 0});
  const Bytes repeated = Bytes().Type(EventType::kStrings).String(1, "a").String(1, "b");
  for (const Bytes& data : {wrong_entry, repeated}) {
    trace_ = TraceBuilder(GetParam());
    trace_.Generation(1).Batch(2, 3, data);
    EXPECT_EQ(Verdict(trace_), "1/2 error");
  }
}

TEST_P(MarkedVersions, AnyBatchThatBeginsLikeAMarkerIsOne) {
  const Bytes marker = Bytes().Type(EventType::kEndOfGeneration).Text("ignored");
  trace_.Batch(1, 3, OneEvent()).Batch(1, 3, marker);
  EXPECT_EQ(Verdict(trace_), "1/1 end");
  trace_ = TraceBuilder(GetParam());
  trace_.Batch(1, 3, OneEvent()).ExperimentalBatch(0, 9, marker).Generation(2);
  EXPECT_EQ(Verdict(trace_), "1/1 2/2 end");
  trace_ = TraceBuilder(GetParam());
  trace_.ExperimentalBatch(1, 2, marker).Generation(2);
  EXPECT_EQ(Verdict(trace_), "2/3 end");
}

TEST_P(MarkedVersions, ABadBatchLosesItsGeneration) {
  trace_.Generation(1).Batch(2, 3, OneEvent()).Byte(99);
  EXPECT_EQ(Verdict(trace_), "1/2 error");
}

TEST_P(MarkedVersions, DropsALoneExperimentalTypeByteAtTheEnd) {
  trace_.Generation(1).Type(EventType::kExperimentalBatch);
  EXPECT_EQ(Verdict(trace_), "1/2 end");
}

}  // namespace
}  // namespace gtengine::wire
