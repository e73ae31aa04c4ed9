#include "engine/order/legacy_sequence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "engine/order/legacy_merge.h"
#include "tests/order/legacy_trace.h"

namespace gtengine::order {
namespace {

using ::testing::ElementsAre;
using testing::EventType;
using testing::LegacyBytes;
using testing::LegacyTrace;

// Merges a trace and reads it in its final order.
std::vector<LegacyEvent> Sequence(const LegacyBytes& bytes) {
  LegacyTrace trace(bytes);
  wire::v1::Tables tables;
  LegacyRuns runs;
  LegacyExits exits(trace.counts());
  LegacySources sources(trace.view(), trace.version(), trace.index());
  sources.CollectTables(tables);
  LegacyMerge merge(sources);
  while (const auto source = merge.Next()) {
    EXPECT_TRUE(exits.Add(sources.EventOf(*source)).ok());
    runs.Add(*source);
  }
  EXPECT_FALSE(merge.error()) << merge.error()->ToString();
  runs.Finish();
  LegacySequence sequence(trace.view(), trace.version(), trace.index(), tables, runs, exits.Sort());
  std::vector<LegacyEvent> events;
  while (const LegacyEvent* event = sequence.Next()) {
    events.push_back(*event);
    events.back().text = {};
  }
  EXPECT_EQ(sequence.Next(), nullptr);
  return events;
}

std::vector<EventType> TypesOf(const std::vector<LegacyEvent>& events) {
  std::vector<EventType> types;
  for (const LegacyEvent& event : events) types.push_back(event.type);
  return types;
}

// A goroutine that blocks in a system call at 12 and tells at 20 that it left it at `when`.
LegacyBytes WithExit(std::uint64_t when) {
  LegacyBytes bytes;
  bytes.Batch(0, 10).Record(EventType::kGoCreate, {0, 1, 0, 0});
  bytes.Record(EventType::kGoStartLocal, {1, 1}).Record(EventType::kGoSysBlock, {1});
  bytes.Record(EventType::kHeapAlloc, {2, 1}).Record(EventType::kHeapGoal, {1, 1});
  bytes.Record(EventType::kGoSysExit, {5, 1, 2, when}).Record(EventType::kProcStop, {5});
  return bytes;
}

TEST(LegacySequence, PutsExitsWhereTheyHappened) {
  using enum EventType;
  const auto at_once = Sequence(WithExit(12));
  EXPECT_THAT(TypesOf(at_once), ElementsAre(kGoCreate, kGoStart, kGoSysBlock, kGoSysExit,
                                            kHeapAlloc, kHeapGoal, kProcStop));
  EXPECT_EQ(at_once[3].ticks, 12);
  EXPECT_EQ(at_once[3].g, 1u);
  EXPECT_EQ(at_once[3].p, wire::v1::kSyscallProc);
  // Among equal times it comes as late as it did.
  EXPECT_THAT(
      TypesOf(Sequence(WithExit(14))),
      ElementsAre(kGoCreate, kGoStart, kGoSysBlock, kHeapAlloc, kGoSysExit, kHeapGoal, kProcStop));
  EXPECT_THAT(
      TypesOf(Sequence(WithExit(0))),
      ElementsAre(kGoCreate, kGoStart, kGoSysBlock, kHeapAlloc, kHeapGoal, kGoSysExit, kProcStop));
  // Nor does anything keep it from being told too late.
  EXPECT_THAT(
      TypesOf(Sequence(WithExit(99))),
      ElementsAre(kGoCreate, kGoStart, kGoSysBlock, kHeapAlloc, kHeapGoal, kProcStop, kGoSysExit));
}

TEST(LegacySequence, MovesEventsToThePsOfTimersAndCalls) {
  LegacyBytes bytes = WithExit(0);
  bytes.Record(EventType::kTimerGoroutine, {2});
  bytes.Record(EventType::kGoCreate, {0, 2, 0, 0}).Record(EventType::kGoCreate, {0, 3, 0, 0});
  bytes.Record(EventType::kGoWaiting, {0, 3}).Record(EventType::kGoStartLocal, {0, 2});
  bytes.Record(EventType::kGoUnblock, {0, 3, 2, 0});
  const auto events = Sequence(bytes);
  EXPECT_EQ(events.back().type, EventType::kGoUnblock);
  EXPECT_EQ(events.back().p, wire::v1::kTimerProc);
  EXPECT_EQ(events[5].type, EventType::kGoSysExit);
  EXPECT_EQ(events[5].p, wire::v1::kSyscallProc);
  EXPECT_EQ(events[6].p, 0);
}

}  // namespace
}  // namespace gtengine::order
