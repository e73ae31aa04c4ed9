// Combination and bytes of the scheduler-latency partial.
#include "engine/reports/sched_partial.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/reports/sched.h"
#include "tests/reports/trace_rows.h"

namespace gtengine {
namespace {

using PartialPtr = std::unique_ptr<ReportPartial>;

constexpr std::string_view kFunctions[] = {"main.a", "main.b", "runtime.goexit", "net.(*conn).Read",
                                           "x\n\x1b[31m\xff"};
constexpr std::string_view kFiles[] = {"a.go", "b.go", ""};

TestRow RandomRow(std::mt19937_64& random) {
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
std::vector<PartialPtr> RandomTraces(std::uint64_t seed, std::size_t traces) {
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

PartialPtr CombineAll(const std::vector<const ReportPartial*>& partials) {
  PartialPtr all = SchedReport().empty();
  for (const ReportPartial* partial : partials) all->Combine(*partial);
  return all;
}

std::vector<const ReportPartial*> Pointers(const std::vector<PartialPtr>& partials) {
  std::vector<const ReportPartial*> pointers;
  for (const PartialPtr& partial : partials) pointers.push_back(partial.get());
  return pointers;
}

std::string Serialized(const std::vector<PartialPtr>& partials) {
  return CombineAll(Pointers(partials))->Serialize();
}

TEST(SchedPartialTest, AnyOrderOfCombinationGivesTheSameBytes) {
  std::mt19937_64 random(1);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<PartialPtr> traces = RandomTraces(seed, 8);
    const std::string expected = Serialized(traces);
    std::vector<const ReportPartial*> order = Pointers(traces);
    for (int round = 0; round < 5; ++round) {
      std::shuffle(order.begin(), order.end(), random);
      ASSERT_EQ(CombineAll(order)->Serialize(), expected) << seed;
    }
  }
}

TEST(SchedPartialTest, AnyGroupingGivesTheSameBytes) {
  std::mt19937_64 random(2);
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    const std::vector<PartialPtr> traces = RandomTraces(seed, 8);
    std::vector<PartialPtr> shards;
    for (int shard = 0; shard < 3; ++shard) shards.push_back(SchedReport().empty());
    for (const PartialPtr& trace : traces) shards[random() % shards.size()]->Combine(*trace);
    ASSERT_EQ(Serialized(shards), Serialized(traces)) << seed;
  }
}

TEST(SchedPartialTest, ASplitTraceGivesTheSameBytes) {
  std::mt19937_64 random(3);
  std::vector<TestRow> rows(3000);
  for (TestRow& row : rows) row = RandomRow(random);
  const TraceIdentity trace{.path = "t", .service = "s", .host = "h", .start_ns = 0};
  const PartialPtr whole = PartialOf(SchedReport(), trace, rows);
  for (const std::ptrdiff_t cut : {0, 1, 1024, 2047, 3000}) {
    const PartialPtr parts = PartialOf(SchedReport(), trace, {rows.begin() + cut, rows.end()});
    parts->Combine(*PartialOf(SchedReport(), trace, {rows.begin(), rows.begin() + cut}));
    EXPECT_EQ(parts->Serialize(), whole->Serialize()) << cut;
  }
}

TEST(SchedPartialTest, CombineLeavesItsSourceWhole) {
  const std::vector<PartialPtr> traces = RandomTraces(4, 2);
  const std::string before = traces[1]->Serialize();
  traces[0]->Combine(*traces[1]);
  EXPECT_EQ(traces[1]->Serialize(), before);
}

TEST(SchedPartialTest, CombinesWithItself) {
  const std::vector<PartialPtr> traces = RandomTraces(5, 1);
  const std::vector<PartialPtr> same = RandomTraces(5, 1);
  const PartialPtr twice = CombineAll({same[0].get(), same[0].get()});
  traces[0]->Combine(*traces[0]);
  EXPECT_EQ(traces[0]->Serialize(), twice->Serialize());
}

TEST(SchedPartialTest, ParseReadsWhatSerializeWrote) {
  for (std::uint64_t seed = 200; seed < 220; ++seed) {
    const std::string bytes = Serialized(RandomTraces(seed, 3));
    const auto parsed = SchedPartial::Parse(bytes);
    ASSERT_TRUE(parsed.ok()) << parsed.error().ToString();
    ASSERT_EQ((*parsed)->Serialize(), bytes);
  }
}

TEST(SchedPartialTest, EveryPrefixIsAnError) {
  const std::string bytes = Serialized(RandomTraces(6, 2));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto parsed = SchedPartial::Parse(std::string(bytes, 0, size));
    // What ends between two of the worst waits is a partial with fewer of them.
    if (parsed.ok()) {
      EXPECT_LT((*parsed)->Serialize().size(), bytes.size());
    }
  }
}

TEST(SchedPartialTest, ChangedBytesAreAnErrorOrAPartial) {
  const std::string bytes = Serialized(RandomTraces(7, 2));
  std::mt19937_64 random(8);
  for (int round = 0; round < 3'000; ++round) {
    std::string changed = bytes;
    for (std::size_t changes = 1 + random() % 3; changes > 0; --changes) {
      changed[random() % changed.size()] = static_cast<char>(random());
    }
    const auto parsed = SchedPartial::Parse(changed);
    if (!parsed.ok()) continue;
    const std::string again = (*parsed)->Serialize();
    const auto reparsed = SchedPartial::Parse(again);
    ASSERT_TRUE(reparsed.ok()) << reparsed.error().ToString();
    ASSERT_EQ((*reparsed)->Serialize(), again);
  }
}

TEST(SchedPartialTest, RefusesAnotherVersionByNamingBoth) {
  std::string bytes = SchedReport().empty()->Serialize();
  ASSERT_EQ(bytes, std::string("\x0a\x05sched\x10\x01"));
  bytes.back() = 7;
  const auto parsed = SchedPartial::Parse(bytes);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, ErrorCode::kUnsupportedVersion);
  EXPECT_THAT(parsed.error().what,
              testing::AllOf(testing::HasSubstr("version 7"), testing::HasSubstr("version 1")));
}

TEST(SchedPartialTest, RefusesAnotherReport) {
  EXPECT_FALSE(SchedPartial::Parse("\x0a\x03net\x10\x01").ok());
  EXPECT_FALSE(SchedPartial::Parse("").ok());
  EXPECT_FALSE(SchedPartial::Parse("go 1.26 trace").ok());
}

TEST(SchedPartialTest, TruncationIsNamed) {
  const std::string bytes = Serialized(RandomTraces(9, 1));
  const auto parsed = SchedPartial::Parse(std::string(bytes, 0, 12));
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, ErrorCode::kTruncated);
}

}  // namespace
}  // namespace gtengine
