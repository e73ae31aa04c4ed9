#include "engine/wire/v1/trace_description.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/wire/v1/legacy_bytes.h"

namespace gtengine::wire::v1 {
namespace {

using ::testing::HasSubstr;
using testing::LegacyBytes;

TraceInfo Describe(LegacyBytes trace) {
  auto info = wire::DescribeTrace(trace.padded());
  EXPECT_TRUE(info.ok());
  return std::move(info).value();
}

LegacyBytes Whole() {
  LegacyBytes trace;
  trace.Batch(0, 100).Record(EventType::kProcStart, {0, 77}).Record(EventType::kGoStart, {6, 1, 1});
  trace.Batch(1, 90).Record(EventType::kProcStart, {5, 78}).CpuSample(100, 0, 1, 1);
  trace.Batch(0, 200).Frequency(500'000'000).String(1, "a").Stack(1, {{1, 1, 1, 1}});
  trace.Log(4, 0, 1, 1, "m");
  return trace;
}

TEST(LegacyTraceDescription, CountsATrace) {
  const LegacyBytes trace = Whole();
  const TraceInfo info = Describe(trace);
  EXPECT_EQ(info.version, Version::k21);
  EXPECT_EQ(info.bytes, trace.size());
  EXPECT_EQ(info.loss_count, 0u);
  ASSERT_EQ(info.generations.size(), 1u);
  const GenerationInfo& generation = info.generations[0];
  EXPECT_EQ(generation.offset, kHeaderBytes);
  EXPECT_EQ(generation.bytes, trace.size() - kHeaderBytes);
  EXPECT_EQ(generation.batches, 3u);
  EXPECT_EQ(generation.ms, 2u);
  EXPECT_EQ(info.ms, 2u);
  EXPECT_EQ(generation.timed_events, 4u);
  EXPECT_EQ(generation.cpu_samples, 1u);
  EXPECT_EQ(generation.strings, 1u);
  EXPECT_EQ(generation.stacks, 1u);
  EXPECT_EQ(generation.frequency_hz, 500'000'000u);
  ASSERT_TRUE(info.times);
  EXPECT_EQ(info.times->first_ns, 0);
  EXPECT_EQ(info.times->last_ns, 2 * (204 - 95));
  EXPECT_EQ(info.events[static_cast<std::size_t>(EventType::kProcStart)], 2u);
  EXPECT_EQ(info.events[static_cast<std::size_t>(EventType::kUserLog)], 1u);
  EXPECT_EQ(EventName(info.version, static_cast<std::uint8_t>(EventType::kUserLog)), "UserLog");
  EXPECT_FALSE(info.wall_start_ns);
}

TEST(LegacyTraceDescription, StopsAtDamage) {
  LegacyBytes trace = Whole();
  const std::size_t size = trace.size();
  trace.Byte(0);
  trace.Record(EventType::kGoEnd, {1});
  const TraceInfo info = Describe(trace);
  ASSERT_EQ(info.losses.size(), 1u);
  EXPECT_EQ(info.losses[0].scope, LossScope::kStretch);
  EXPECT_EQ(info.losses[0].error.byte_offset, size);
  EXPECT_EQ(info.lost_bytes, trace.size() - size);
  EXPECT_EQ(info.generations[0].timed_events, 4u);
  EXPECT_EQ(info.generations[0].bytes, size - kHeaderBytes);
}

TEST(LegacyTraceDescription, RefusesWhatGoDoes) {
  const auto complaint = [](const LegacyBytes& trace) {
    const TraceInfo info = Describe(trace);
    return info.losses.empty() ? "" : info.losses[0].error.ToString();
  };
  EXPECT_THAT(complaint(LegacyBytes().Record(EventType::kGoEnd, {1})),
              HasSubstr("byte 16: GoEnd: it stands before the first batch"));
  EXPECT_THAT(complaint(Whole().Record(EventType::kGoEnd, {1, 2})),
              HasSubstr("GoEnd: it has 2 numbers instead of 1"));
  EXPECT_THAT(complaint(Whole().String(1, "b")), HasSubstr("string 1 repeats"));
  EXPECT_THAT(complaint(LegacyBytes()), HasSubstr("does not tell its clock's frequency"));
  EXPECT_EQ(complaint(Whole()), "");
}

}  // namespace
}  // namespace gtengine::wire::v1
