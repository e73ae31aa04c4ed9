#include "engine/order/legacy_sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/order/legacy_trace.h"

namespace gtengine::order {
namespace {

using ::testing::ElementsAre;
using testing::EventType;
using ::testing::HasSubstr;
using testing::LegacyBytes;
using testing::LegacyTrace;
using Move = LegacySources::Move;

constexpr std::uint64_t kNoP = ~std::uint64_t{0};

TEST(LegacySources, GiveEventsOfAllBatchesOfAP) {
  LegacyBytes bytes;
  bytes.Batch(3, 100).Record(EventType::kHeapAlloc, {1, 10});
  bytes.Batch(5, 50).Record(EventType::kHeapGoal, {2, 20});
  bytes.Batch(3, 200).Frequency().String(1, "a").Stack(1, {{1, 1, 1, 1}});
  bytes.Record(EventType::kHeapAlloc, {3, 30});
  LegacyTrace trace(bytes);
  LegacySources sources(trace.view(), trace.version(), trace.index());
  ASSERT_EQ(sources.size(), 3u) << "two Ps and the CPU samples";
  ASSERT_EQ(sources.Next(0), Move::kEvent);
  EXPECT_EQ(sources.EventOf(0).ticks, 101);
  EXPECT_EQ(sources.EventOf(0).p, 3);
  EXPECT_EQ(sources.EventOf(0).args[0], 10u);
  ASSERT_EQ(sources.Next(1), Move::kEvent);
  EXPECT_EQ(sources.EventOf(1).type, EventType::kHeapGoal);
  EXPECT_EQ(sources.EventOf(1).ticks, 52);
  ASSERT_EQ(sources.Next(0), Move::kEvent);
  EXPECT_EQ(sources.EventOf(0).ticks, 203);
  EXPECT_EQ(sources.Next(0), Move::kEnd);
  EXPECT_EQ(sources.Next(1), Move::kEnd);
  EXPECT_EQ(sources.Next(2), Move::kEnd);
}

TEST(LegacySources, KnowTheGoroutineOfEachEvent) {
  LegacyBytes bytes;
  bytes.Batch(0, 0).Record(EventType::kHeapAlloc, {1, 1});
  bytes.Record(EventType::kGoStart, {1, 7, 1}).Record(EventType::kHeapAlloc, {1, 1});
  bytes.Record(EventType::kGoWaiting, {1, 9}).Record(EventType::kHeapAlloc, {1, 1});
  bytes.Batch(0, 100).Record(EventType::kGoSched, {1, 2}).Record(EventType::kHeapAlloc, {1, 1});
  bytes.Record(EventType::kGoStartLocal, {1, 8}).Record(EventType::kGoSysExit, {1, 5, 1, 0});
  LegacyTrace trace(bytes);
  LegacySources sources(trace.view(), trace.version(), trace.index());
  std::vector<std::uint64_t> gs;
  while (sources.Next(0) == Move::kEvent) gs.push_back(sources.EventOf(0).g);
  EXPECT_THAT(gs, ElementsAre(0, 7, 7, 9, 7, 7, 0, 8, 5));
}

TEST(LegacySources, TakeStacksAndMessages) {
  LegacyBytes bytes;
  bytes.Batch(0, 0).Record(EventType::kGoCreate, {1, 7, 8, 9}).Log(1, 2, 3, 4, "text");
  LegacyTrace trace(bytes);
  LegacySources sources(trace.view(), trace.version(), trace.index());
  ASSERT_EQ(sources.Next(0), Move::kEvent);
  EXPECT_EQ(sources.EventOf(0).stack, 9u);
  EXPECT_THAT(sources.EventOf(0).args, ElementsAre(7, 8, 0, 0));
  ASSERT_EQ(sources.Next(0), Move::kEvent);
  EXPECT_EQ(sources.EventOf(0).text, "text");
  EXPECT_EQ(sources.EventOf(0).stack, 4u);
  EXPECT_THAT(sources.EventOf(0).args, ElementsAre(2, 3, 0, 0));
}

TEST(LegacySources, GiveCpuSamplesLast) {
  LegacyBytes bytes;
  bytes.Batch(0, 0).CpuSample(20, 1, 2, 3).CpuSample(10, kNoP, 5, 6);
  bytes.Record(EventType::kGoEnd, {1});
  LegacyTrace trace(bytes);
  LegacySources sources(trace.view(), trace.version(), trace.index());
  ASSERT_EQ(sources.Next(0), Move::kEvent);
  EXPECT_EQ(sources.EventOf(0).type, EventType::kGoEnd);
  EXPECT_EQ(sources.Next(0), Move::kEnd);
  ASSERT_EQ(sources.Next(1), Move::kEvent);
  EXPECT_EQ(sources.EventOf(1).type, EventType::kCpuSample);
  EXPECT_EQ(sources.EventOf(1).ticks, 10);
  EXPECT_EQ(sources.EventOf(1).p, -1);
  EXPECT_EQ(sources.EventOf(1).g, 5u);
  ASSERT_EQ(sources.Next(1), Move::kEvent);
  EXPECT_EQ(sources.Next(1), Move::kEnd);
}

TEST(LegacySources, CollectTablesWhenABatchIsComeTo) {
  LegacyBytes bytes;
  bytes.Batch(0, 0).Record(EventType::kGoEnd, {1});
  bytes.Batch(0, 0).Frequency(77).Record(EventType::kGoEnd, {1});
  LegacyTrace trace(bytes);
  wire::v1::Tables tables;
  LegacySources sources(trace.view(), trace.version(), trace.index());
  sources.CollectTables(tables);
  sources.Next(0);
  EXPECT_EQ(tables.frequency_hz(), 0);
  sources.Next(0);
  EXPECT_EQ(tables.frequency_hz(), 77);
}

TEST(LegacySources, TellWhatIsDoneWith) {
  LegacyBytes bytes;
  bytes.Batch(0, 0).Record(EventType::kGoEnd, {1});
  const std::size_t second = bytes.size();
  bytes.Batch(1, 0).Record(EventType::kGoEnd, {1});
  const std::size_t third = bytes.size();
  bytes.Batch(0, 0).Record(EventType::kGoEnd, {1});
  bytes.Batch(1, 0).Record(EventType::kGoEnd, {1});
  LegacyTrace trace(bytes);
  LegacySources sources(trace.view(), trace.version(), trace.index());
  EXPECT_EQ(sources.done_before(), wire::kHeaderBytes);
  sources.Next(0);
  sources.Next(0);
  EXPECT_EQ(sources.done_before(), second);
  sources.Next(1);
  sources.Next(1);
  EXPECT_EQ(sources.done_before(), third);
}

TEST(LegacySources, RefuseAnEventWithOtherNumbers) {
  LegacyBytes bytes;
  bytes.Batch(0, 0).Record(EventType::kGoEnd, {1, 2});
  LegacyTrace trace(bytes);
  LegacySources sources(trace.view(), trace.version(), trace.index());
  EXPECT_EQ(sources.Next(0), Move::kBad);
  EXPECT_EQ(sources.error().byte_offset, 19u);
  EXPECT_THAT(sources.error().what, HasSubstr("GoEnd has 2 numbers instead of 1"));
}

TEST(LegacySources, RefuseBadTables) {
  LegacyBytes bytes;
  bytes.Batch(0, 0).Frequency(0).Record(EventType::kGoEnd, {1});
  LegacyTrace trace(bytes);
  wire::v1::Tables tables;
  LegacySources sources(trace.view(), trace.version(), trace.index());
  sources.CollectTables(tables);
  EXPECT_EQ(sources.Next(0), Move::kBad);
  EXPECT_THAT(sources.error().what, HasSubstr("0 ticks a second"));
}

}  // namespace
}  // namespace gtengine::order
