#include "engine/wire/trace_info.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/wire/trace_builder.h"

namespace gtengine::wire {
namespace {

using testing::Bytes;
using testing::TraceBuilder;

std::size_t At(EventType type) { return static_cast<std::size_t>(type); }
std::size_t At(BatchKind kind) { return static_cast<std::size_t>(kind); }

TraceInfo Describe(Bytes trace) {
  auto info = DescribeTrace(trace.padded());
  EXPECT_TRUE(info.ok());
  return std::move(info).value();
}

TEST(TraceInfo, CountsAGeneration) {
  TraceBuilder trace(Version::k26);
  trace.Batch(
      4, 3, Bytes().Event(EventType::kProcStop, {10}).Event(EventType::kGoStart, {20, 1, 1}), 100);
  trace.Batch(4, 5, Bytes().Event(EventType::kProcStop, {7}), 50);
  trace.Batch(4, 5, Bytes(), 50);
  trace.Batch(4, ~std::uint64_t{0}, Bytes().Event(EventType::kGoStatus, {400, 1, 2, 4}), 100);
  trace.Batch(4, 9, Bytes().Type(EventType::kStrings).String(1, "a").String(2, "b"));
  trace.Batch(4, 9, Bytes().Type(EventType::kStacks).Stack(1, {{1, 1, 2, 3}}));
  trace.Batch(4, 9,
              Bytes().Type(EventType::kCpuSamples).Event(EventType::kCpuSample, {60, 3, 0, 1, 1}));
  trace.ExperimentalBatch(1, 4, Bytes().Text("x")).Sync(4).EndOfGeneration();
  const TraceInfo info = Describe(trace);
  EXPECT_EQ(info.version, Version::k26);
  EXPECT_EQ(info.bytes, trace.size());
  ASSERT_EQ(info.generations.size(), 1);
  const GenerationInfo& generation = info.generations[0];
  EXPECT_EQ(generation.number, 4);
  EXPECT_EQ(generation.offset, kHeaderBytes);
  EXPECT_EQ(generation.bytes, trace.size() - kHeaderBytes);
  EXPECT_EQ(generation.batches, 9);
  EXPECT_EQ(generation.ms, 2);
  EXPECT_EQ(generation.timed_events, 4);
  EXPECT_EQ(generation.strings, 2);
  EXPECT_EQ(generation.stacks, 1);
  EXPECT_EQ(generation.cpu_samples, 1);
  EXPECT_EQ(generation.frequency_hz, TraceBuilder::kFrequencyHz);
  ASSERT_TRUE(generation.times && generation.clock_snapshot);
  EXPECT_EQ(generation.times->first_ns, 57);
  EXPECT_EQ(generation.times->last_ns, 500);
  EXPECT_EQ(info.events[At(EventType::kProcStop)], 2);
  EXPECT_EQ(info.events[At(EventType::kGoStart)], 1);
  EXPECT_EQ(info.events[At(EventType::kCpuSample)], 1);
  EXPECT_EQ(info.batches[At(BatchKind::kEvents)], 4);
  EXPECT_EQ(info.batches[At(BatchKind::kSync)], 1);
  EXPECT_EQ(info.batches[At(BatchKind::kExperimental)], 1);
  EXPECT_EQ(info.batches[At(BatchKind::kEndOfGeneration)], 1);
  EXPECT_EQ(info.ms, 2);
  EXPECT_EQ(info.loss_count, 0);
}

TEST(TraceInfo, ConvertsEachDifferenceSeparately) {
  TraceBuilder trace(Version::k22);
  const Bytes events = Bytes().Event(EventType::kProcStop, {1}).Event(EventType::kProcStop, {1});
  trace.Batch(1, 3, events, 1).Sync(1, 600'000'000);
  const TraceInfo info = Describe(trace);
  // A tick is 1.67 ns: 1 + 1 + 1, not the 5 that three ticks are.
  ASSERT_TRUE(info.times.has_value());
  EXPECT_EQ(info.times->first_ns, 2);
  EXPECT_EQ(info.times->last_ns, 3);
  EXPECT_FALSE(info.wall_start_ns.has_value());
}

TEST(TraceInfo, CountsMoreEventsThanAreDecodedAtOnce) {
  Bytes events;
  for (int i = 0; i < 5000; ++i) events.Event(EventType::kProcStop, {1});
  TraceBuilder trace(Version::k25);
  trace.Batch(1, 3, events, 1000).Sync(1);
  const TraceInfo info = Describe(trace);
  EXPECT_EQ(info.events[At(EventType::kProcStop)], 5000);
  EXPECT_EQ(info.times->first_ns, 1001);
  EXPECT_EQ(info.times->last_ns, 6000);
}

TEST(TraceInfo, SpansGenerations) {
  TraceBuilder trace(Version::k25);
  trace.Batch(1, 3, Bytes().Event(EventType::kProcStop, {1}), 100).Sync(1);
  trace.Batch(2, 3, Bytes().Event(EventType::kProcStop, {1}), 900);
  trace.Batch(2, 4, Bytes().Event(EventType::kProcStop, {1}), 800).Sync(2);
  const TraceInfo info = Describe(trace);
  ASSERT_EQ(info.generations.size(), 2);
  EXPECT_EQ(info.generations[1].offset, kHeaderBytes + info.generations[0].bytes);
  EXPECT_EQ(info.ms, 2);
  EXPECT_EQ(info.times->first_ns, 101);
  EXPECT_EQ(info.times->last_ns, 901);
  EXPECT_EQ(info.batches[At(BatchKind::kEndOfGeneration)], 0);
}

TEST(TraceInfo, PutsTheFirstEventOnTheWallClock) {
  TraceBuilder trace(Version::k26);
  trace.Batch(1, 3, Bytes().Event(EventType::kProcStop, {5}), 200);
  trace.Sync(1).EndOfGeneration();  // 1'700'000'000 s and 9 ns at tick 1005
  EXPECT_EQ(Describe(trace).wall_start_ns, 1'700'000'000'000'000'009 - (1005 - 205));
}

TEST(TraceInfo, HasNoWallClockThatDoesNotFit) {
  TraceBuilder trace(Version::k26);
  trace.Batch(1, 3, Bytes().Event(EventType::kProcStop, {5}), 200);
  Bytes sync;
  sync.Type(EventType::kSync).Event(EventType::kFrequency, {1000});
  sync.Event(EventType::kClockSnapshot, {1, 1, std::uint64_t{1} << 40, 0});
  trace.Batch(1, 3, sync).EndOfGeneration();
  EXPECT_EQ(Describe(trace).wall_start_ns, std::nullopt);
}

TEST(TraceInfo, KeepsTheBeginningOfABadBatch) {
  TraceBuilder trace(Version::k26);
  const Bytes good = Bytes().Event(EventType::kProcStop, {5});
  trace.Batch(1, 3, Bytes(good).Byte(0).Text("rest")).Batch(1, 4, good).Sync(1).EndOfGeneration();
  const TraceInfo info = Describe(trace);
  EXPECT_EQ(info.events[At(EventType::kProcStop)], 2);
  ASSERT_EQ(info.losses.size(), 1);
  EXPECT_EQ(info.losses[0].scope, LossScope::kBatchTail);
  EXPECT_EQ(info.losses[0].lost_bytes, 5);
  EXPECT_EQ(info.losses[0].error.generation, 1);
  EXPECT_EQ(info.losses[0].error.m, 3);
  EXPECT_EQ(info.losses[0].error.byte_offset, kHeaderBytes + 6 + good.size());
}

TEST(TraceInfo, CountsEventsWithoutTablesButGivesThemNoTimes) {
  TraceBuilder trace(Version::k26);
  trace.Batch(1, 9, Bytes().Type(EventType::kStrings).String(1, "a").String(1, "b"));
  trace.Generation(1).Generation(2);
  const TraceInfo info = Describe(trace);
  ASSERT_EQ(info.generations.size(), 2);
  EXPECT_EQ(info.generations[0].timed_events, 1);
  EXPECT_EQ(info.generations[0].strings, 0);
  EXPECT_FALSE(info.generations[0].times.has_value());
  EXPECT_TRUE(info.generations[1].times.has_value());
  ASSERT_EQ(info.losses.size(), 1);
  EXPECT_EQ(info.losses[0].scope, LossScope::kTables);
}

TEST(TraceInfo, KeepsWhatStandsBeforeABrokenStructure) {
  TraceBuilder trace(Version::k26);
  trace.Generation(1);
  const std::size_t whole = trace.size();
  trace.Batch(2, 3, Bytes().Event(EventType::kProcStop, {5})).Byte(99);
  const TraceInfo info = Describe(trace);
  EXPECT_EQ(info.generations.size(), 1);
  ASSERT_EQ(info.losses.size(), 1);
  EXPECT_EQ(info.losses[0].scope, LossScope::kStretch);
  EXPECT_EQ(info.lost_bytes, trace.size() - whole);
}

TEST(TraceInfo, KeepsWhatStandsBehindDamage) {
  TraceBuilder trace(Version::k26);
  trace.Generation(1);
  const std::size_t damage_begin = trace.size();
  trace.Batch(2, 3, Bytes().Event(EventType::kProcStop, {5})).Byte(99);
  trace.Sync(2).EndOfGeneration();
  const std::size_t damage_end = trace.size();
  trace.Generation(3).Generation(4);
  const TraceInfo info = Describe(trace);
  ASSERT_EQ(info.generations.size(), 3);
  EXPECT_FALSE(info.generations[0].after_gap);
  EXPECT_EQ(info.generations[1].number, 3);
  EXPECT_TRUE(info.generations[1].after_gap);
  EXPECT_FALSE(info.generations[2].after_gap);
  EXPECT_EQ(info.loss_count, 1);
  EXPECT_EQ(info.lost_bytes, damage_end - damage_begin);
}

TEST(TraceInfo, SpeaksOfBytesThatGoDropsSilently) {
  TraceBuilder trace(Version::k26);
  trace.Generation(1);
  const std::size_t whole = trace.size();
  trace.Sync(2);
  const TraceInfo info = Describe(trace);
  ASSERT_EQ(info.losses.size(), 1);
  EXPECT_EQ(info.losses[0].error.code, ErrorCode::kTruncated);
  EXPECT_EQ(info.losses[0].error.byte_offset, whole);
  EXPECT_EQ(info.lost_bytes, trace.size() - whole);
}

TEST(TraceInfo, OfAHeaderAlone) {
  const TraceInfo marked = Describe(TraceBuilder(Version::k26));
  EXPECT_TRUE(marked.generations.empty());
  EXPECT_EQ(marked.loss_count, 0);
  EXPECT_FALSE(marked.times.has_value());
  const TraceInfo unmarked = Describe(TraceBuilder(Version::k22));
  EXPECT_TRUE(unmarked.generations.empty());
  EXPECT_EQ(unmarked.loss_count, 1);
}

TEST(TraceInfo, DescribesAtMostSomeLosses) {
  TraceBuilder trace(Version::k26);
  for (int i = 0; i < 1000; ++i) trace.Batch(1, 3, Bytes().Byte(0));
  trace.Sync(1).EndOfGeneration();
  const TraceInfo info = Describe(trace);
  EXPECT_EQ(info.loss_count, 1000);
  EXPECT_EQ(info.lost_bytes, 1000);
  EXPECT_EQ(info.losses.size(), kMaxLosses);
}

TEST(TraceInfo, RefusesWhatIsNoTrace) {
  Bytes text;
  text.Text("certainly not a trace");
  EXPECT_EQ(DescribeTrace(text.padded()).error().code, ErrorCode::kNotATrace);
}

}  // namespace
}  // namespace gtengine::wire
