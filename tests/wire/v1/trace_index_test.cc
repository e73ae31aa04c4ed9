#include "engine/wire/v1/trace_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/wire/v1/legacy_bytes.h"

namespace gtengine::wire::v1 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::LegacyBytes;

constexpr std::uint64_t kNoP = ~std::uint64_t{0};

TraceIndex IndexOf(LegacyBytes& trace) {
  const auto counts = CountRecords(trace.padded(), Version::k21);
  EXPECT_TRUE(counts.ok());
  auto index = TraceIndex::Build(trace.padded(), Version::k21, *counts);
  EXPECT_TRUE(index.ok());
  return std::move(index).value();
}

std::string CountError(LegacyBytes trace, Version version = Version::k21) {
  const auto counts = CountRecords(trace.padded(), version);
  return counts.ok() ? "" : counts.error().ToString();
}

TEST(LegacyTraceIndex, CountsRecords) {
  LegacyBytes trace;
  trace.Batch(0, 1).Record(EventType::kGoEnd, {1}).Record(EventType::kGoEnd, {1});
  trace.String(1, "a").Frequency().Log(1, 2, 3, 4, "m").Stack(1, {{1, 1, 1, 1}});
  const auto counts = CountRecords(trace.padded(), Version::k21);
  ASSERT_TRUE(counts.ok());
  EXPECT_EQ(counts->Of(EventType::kBatch), 1u);
  EXPECT_EQ(counts->Of(EventType::kGoEnd), 2u);
  EXPECT_EQ(counts->Of(EventType::kUserLog), 1u);
  EXPECT_EQ(counts->stack_bytes, 8u);
}

TEST(LegacyTraceIndex, ChainsTheBatchesOfEachP) {
  LegacyBytes trace;
  const std::size_t first = trace.size();
  trace.Batch(7, 1).Record(EventType::kGoEnd, {1});
  const std::size_t second = trace.size();
  trace.Batch(kNoP, 1).String(1, "a");
  const std::size_t third = trace.size();
  trace.Batch(7, 2);
  const TraceIndex index = IndexOf(trace);
  ASSERT_EQ(index.procs().size(), 2u);
  EXPECT_EQ(index.procs()[0].p, 7);
  EXPECT_EQ(index.procs()[1].p, -1);
  ASSERT_EQ(index.batches().size(), 3u);
  EXPECT_EQ(index.procs()[0].first_batch, 0u);
  EXPECT_EQ(index.batches()[0].next, 2u);
  EXPECT_EQ(index.batches()[2].next, kNoBatch);
  EXPECT_EQ(index.procs()[1].first_batch, 1u);
  EXPECT_EQ(index.batches()[1].next, kNoBatch);
  EXPECT_EQ(index.batches()[0].offset, first);
  EXPECT_EQ(index.batches()[0].end, second);
  EXPECT_EQ(index.batches()[1].end, third);
  EXPECT_EQ(index.batches()[2].end, trace.size());
  EXPECT_FALSE(index.batches()[0].has_entries);
  EXPECT_TRUE(index.batches()[1].has_entries);
}

TEST(LegacyTraceIndex, PutsCpuSamplesInOrderOfTime) {
  LegacyBytes trace;
  trace.Batch(0, 1).CpuSample(30, kNoP, 5, 6).CpuSample(10, 1, 2, 3).CpuSample(20, 3, 0, 0);
  const TraceIndex index = IndexOf(trace);
  std::vector<std::int64_t> times;
  for (const CpuSample& sample : index.cpu_samples()) times.push_back(sample.ticks);
  EXPECT_THAT(times, ElementsAre(10, 20, 30));
  EXPECT_EQ(index.cpu_samples()[0].p, 1);
  EXPECT_EQ(index.cpu_samples()[0].g, 2u);
  EXPECT_EQ(index.cpu_samples()[0].stack, 3u);
  EXPECT_EQ(index.cpu_samples()[2].p, -1);
}

TEST(LegacyTraceIndex, RefusesWhatStandsBeforeTheFirstBatch) {
  EXPECT_THAT(CountError(LegacyBytes().Record(EventType::kGoEnd, {1})),
              HasSubstr("byte 16: GoEnd stands before the first batch"));
  // Strings may: nobody looks at them.
  EXPECT_EQ(CountError(LegacyBytes().String(1, "a")), "");
}

TEST(LegacyTraceIndex, RefusesDamage) {
  LegacyBytes cut;
  cut.Batch(0, 1).Byte(static_cast<std::uint8_t>(EventType::kGoEnd));
  EXPECT_THAT(CountError(cut), HasSubstr("byte 19: GoEnd: bad number"));
  LegacyBytes sample;
  sample.Batch(0, 1).Record(EventType::kCpuSample, {1, 2, 3});
  EXPECT_THAT(CountError(sample), HasSubstr("CPUSample has 3 numbers instead of 5"));
  LegacyBytes own;
  own.Batch(static_cast<std::uint64_t>(kProfilerProc), 1);
  const auto counts = CountRecords(own.padded(), Version::k21);
  ASSERT_TRUE(counts.ok());
  EXPECT_FALSE(TraceIndex::Build(own.padded(), Version::k21, *counts).ok());
}

}  // namespace
}  // namespace gtengine::wire::v1
