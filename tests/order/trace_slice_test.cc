#include "engine/order/trace_slice.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/wire/header.h"
#include "tests/base/padded_bytes.h"
#include "tests/order/go_reader.h"
#include "tests/order/many_threads.h"
#include "tests/order/read_trace.h"
#include "tests/order/sample_traces.h"
#include "tests/wire/trace_builder.h"

namespace gtengine::order {
namespace {

using ::testing::HasSubstr;
using testing::MakeManyThreads;
using testing::PaddedBytes;
using wire::ByteBuffer;
using wire::Version;

struct Numbered {
  std::uint64_t number;
  std::uint64_t begin;
  std::uint64_t end;
};

std::vector<Numbered> GenerationsOf(PaddedView trace, Version version) {
  std::vector<Numbered> found;
  wire::SalvageReader reader(trace, version);
  wire::Generation generation;
  while (reader.Next(generation)) {
    found.push_back({generation.number, generation.begin, generation.end});
  }
  return found;
}

// A slice that was asked for, and the trace that it must be.
struct Case {
  std::string name;
  Result<GenerationRun> found;
  ByteBuffer bytes;
};

bool AreConsecutive(const std::vector<Numbered>& generations) {
  return std::ranges::adjacent_find(generations, [](const Numbered& a, const Numbered& b) {
           return b.number != a.number + 1;
         }) == generations.end();
}

// A table that ends where a number must begin: Go's reader takes it for the end of the trace, and
// the generation's events are lost without a word.
bool IsQuietEnd(const Result<GenerationRun>& found) {
  return !found.ok() && found.error().code == ErrorCode::kTruncated;
}

// Every series of generations of every sample trace that is whole and has several.
std::vector<Case> AllSlices() {
  std::vector<ByteBuffer> traces = testing::SampleTraces();
  for (const Version version : {Version::k22, Version::k23, Version::k25, Version::k26}) {
    traces.push_back(MakeManyThreads({.seed = 3, .generations = 4, .version = version}));
  }
  std::vector<Case> cases;
  for (std::size_t i = 0; i < traces.size(); ++i) {
    const PaddedBytes bytes(traces[i]);
    const PaddedView trace = bytes.view();
    const auto version = wire::ReadHeader(trace.bytes());
    if (!version.ok() || wire::IsLegacy(*version) || testing::ReadTrace(trace).error) continue;
    const std::vector<Numbered> generations = GenerationsOf(trace, *version);
    if (generations.size() < 2 || !AreConsecutive(generations)) continue;
    for (std::size_t first = 0; first < generations.size(); ++first) {
      for (std::size_t last = first; last < generations.size(); ++last) {
        const Numbered from = generations[first];
        const Numbered to = generations[last];
        ByteBuffer slice(traces[i].begin(), traces[i].begin() + wire::kHeaderBytes);
        slice.insert(slice.end(), traces[i].begin() + static_cast<std::ptrdiff_t>(from.begin),
                     traces[i].begin() + static_cast<std::ptrdiff_t>(to.end));
        cases.push_back({.name = fmt::format("trace {}, {} to {}", i, from.number, to.number),
                         .found = FindSlice(trace, *version, {from.number, to.number}),
                         .bytes = std::move(slice)});
      }
    }
  }
  return cases;
}

TEST(TraceSlice, IsFoundExactlyWhereItIsATrace) {
  std::size_t slices = 0;
  std::size_t refusals = 0;
  for (const Case& slice : AllSlices()) {
    SCOPED_TRACE(slice.name);
    const testing::TraceReading reading = testing::ReadTrace(PaddedBytes(slice.bytes).view());
    EXPECT_EQ(slice.found.ok() || IsQuietEnd(slice.found), !reading.error.has_value());
    if (!slice.found.ok()) {
      EXPECT_THAT(slice.found.error().what, HasSubstr("cannot stand on their own"));
      ++refusals;
      continue;
    }
    EXPECT_EQ(slice.found->end - slice.found->begin + wire::kHeaderBytes, slice.bytes.size());
    EXPECT_EQ(slice.found->events, reading.events);
    ++slices;
  }
  EXPECT_GT(slices, 60);
  EXPECT_GT(refusals, 3)
      << "no trace breaks the rule that generations restate what they begin with";
}

TEST(TraceSlice, SlicesAgreeWithGo) {
  if (!testing::HasGoReader()) {
    GTEST_SKIP() << "GTENGINE_GOREF is not set: not compared with Go's reader";
  }
  for (const Case& slice : AllSlices()) {
    SCOPED_TRACE(slice.name);
    const testing::GoReading reading = testing::ReadByGo(slice.bytes);
    EXPECT_EQ(slice.found.ok() || IsQuietEnd(slice.found), reading.error.empty()) << reading.error;
    if (slice.found.ok()) {
      EXPECT_EQ(slice.found->events, reading.events);
    }
  }
}

class SliceErrors : public ::testing::TestWithParam<Version> {
 protected:
  static std::string What(wire::testing::TraceBuilder& trace, GenerationNumbers numbers) {
    const auto found = FindSlice(trace.padded(), trace.version(), numbers);
    return found.ok() ? "found" : found.error().what;
  }
};

TEST_P(SliceErrors, SayWhatThereIs) {
  wire::testing::TraceBuilder trace(GetParam());
  for (const std::uint64_t number : {3, 4, 5, 8}) {
    trace.Batch(number, 3, wire::testing::Bytes()).Sync(number).EndOfGeneration();
  }
  EXPECT_EQ(What(trace, {3, 5}), "found");
  EXPECT_EQ(What(trace, {4, {}}), "found");
  EXPECT_EQ(What(trace, {8, 8}), "found");
  EXPECT_EQ(What(trace, {1, 3}), "there is no whole generation 1; the trace has 3-5, 8");
  EXPECT_EQ(What(trace, {9, {}}), "there is no whole generation 9; the trace has 3-5, 8");
  EXPECT_EQ(What(trace, {4, 6}),
            "generations 4 to 6 are not there in one piece; the trace has 3-5, 8");
  EXPECT_EQ(What(trace, {5, 8}),
            "generations 5 to 8 are not there in one piece; the trace has 3-5, 8");
}

TEST_P(SliceErrors, OfATraceWithoutAny) {
  wire::testing::TraceBuilder trace(GetParam());
  EXPECT_EQ(What(trace, {1, 1}),
            "there is no whole generation 1; the trace has no whole generation");
}

TEST_P(SliceErrors, WhereAGenerationIsDamagedInside) {
  wire::testing::TraceBuilder trace(GetParam());
  trace.Batch(1, 3, wire::testing::Bytes()).Sync(1).EndOfGeneration();
  trace.Generation(2);  // its event stops a P that nobody has
  EXPECT_EQ(What(trace, {1, 1}), "found");
  EXPECT_THAT(What(trace, {1, 2}), HasSubstr("cannot stand on their own: "));
}

INSTANTIATE_TEST_SUITE_P(Versions, SliceErrors,
                         ::testing::Values(Version::k22, Version::k23, Version::k25, Version::k26),
                         [](const auto& test) {
                           return "Go1" + std::to_string(static_cast<int>(test.param));
                         });

TEST(TraceSlice, LegacyTracesAreNotSliced) {
  const auto found = FindSlice({}, Version::k21, {1, 1});
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().what,
            "a trace of the format go 1.21 is one generation: it cannot be sliced");
}

TEST(TraceSlice, IsCancelled) {
  const PaddedBytes bytes(MakeManyThreads({.generations = 2}));
  std::size_t asked = 0;
  const WalkHooks hooks{.is_cancelled = [&] { return ++asked == 2; }, .on_done_before = {}};
  (void)FindSlice(bytes.view(), Version::k26, {1, 2}, hooks);
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace gtengine::order
