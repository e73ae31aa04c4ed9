#include "engine/order/resource_states.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace gtengine::order {
namespace {

using wire::EventType;

constexpr auto kStw = EventType::kStwBegin;
constexpr auto kAssist = EventType::kGcMarkAssistBegin;
constexpr Sequence kFirst{.number = 0, .generation = 7};

TEST(Sequence, IsSucceededByTheNextNumberOfItsGeneration) {
  const Sequence three{.number = 3, .generation = 2};
  EXPECT_TRUE((Sequence{.number = 4, .generation = 2}).Succeeds(three));
  EXPECT_FALSE((Sequence{.number = 3, .generation = 2}).Succeeds(three));
  EXPECT_FALSE((Sequence{.number = 5, .generation = 2}).Succeeds(three));
  EXPECT_FALSE((Sequence{.number = 4, .generation = 3}).Succeeds(three));
  const Sequence greatest{.number = std::numeric_limits<std::uint64_t>::max(), .generation = 1};
  EXPECT_TRUE((Sequence{.number = 0, .generation = 1}).Succeeds(greatest));
}

TEST(OpenRanges, TakesTheFirstOfAKind) {
  OpenRanges ranges;
  ranges.Add({.begin = kStw, .reason = 1});
  ranges.Add({.begin = kAssist});
  ranges.Add({.begin = kStw, .reason = 2});
  EXPECT_TRUE(ranges.Has({.begin = kStw, .reason = 2}));
  EXPECT_FALSE(ranges.Has({.begin = kStw, .reason = 3}));
  EXPECT_EQ(ranges.Take(kStw)->reason, 1u);
  EXPECT_FALSE(ranges.Has({.begin = kStw, .reason = 1}));
  EXPECT_EQ(ranges.Take(kStw)->reason, 2u);
  EXPECT_FALSE(ranges.Take(kStw).has_value());
  EXPECT_TRUE(ranges.Take(kAssist).has_value());
  EXPECT_FALSE(ranges.Take(kAssist).has_value());
}

// The last takes the place of the one taken, so the order among the others changes.
TEST(OpenRanges, FillsTheGapWithTheLast) {
  OpenRanges ranges;
  for (const std::uint64_t reason : {1, 2, 3, 4}) ranges.Add({.begin = kStw, .reason = reason});
  std::vector<std::uint64_t> taken;
  while (const auto range = ranges.Take(kStw)) taken.push_back(range->reason);
  EXPECT_EQ(taken, (std::vector<std::uint64_t>{1, 4, 3, 2}));
}

TEST(GoroutineTable, FindsById) {
  GoroutineTable table;
  const std::uint32_t four = table.Add(GoId{4}, wire::GoStatus::kRunnable, kFirst);
  const std::uint32_t odd =
      table.Add(GoId{std::numeric_limits<std::int64_t>::min()}, wire::GoStatus::kWaiting, kFirst);
  EXPECT_EQ(table.Find(GoId{4}), four);
  EXPECT_EQ(table.Find(GoId{std::numeric_limits<std::int64_t>::min()}), odd);
  EXPECT_EQ(table.Find(GoId{5}), kNoSlot);
  EXPECT_EQ(table.Find(kNoGoroutine), kNoSlot);
  EXPECT_EQ(table.At(four).status, wire::GoStatus::kRunnable);
  EXPECT_TRUE(table.At(four).IsFollowedBy({.number = 1, .generation = 7}));
  EXPECT_FALSE(table.At(four).IsFollowedBy({.number = 1, .generation = 8}));
  EXPECT_EQ(table.live(), 2u);
}

TEST(GoroutineTable, UsesSlotsAgain) {
  GoroutineTable table;
  const std::uint32_t slot = table.Add(GoId{4}, wire::GoStatus::kRunning, kFirst);
  table.regions().Push(table.At(slot).region, {.task = TaskId{9}});
  table.RangesOf(table.At(slot)).Add({.begin = kStw, .reason = 1});
  table.Remove(slot);
  EXPECT_EQ(table.Find(GoId{4}), kNoSlot);
  EXPECT_EQ(table.live(), 0u);
  EXPECT_EQ(table.Add(GoId{5}, wire::GoStatus::kWaiting, kFirst), slot);
  EXPECT_EQ(table.slot_count(), 2u) << "kNoSlot counts, too";
  EXPECT_EQ(table.At(slot).region, OpenRegions::kNone);
  EXPECT_FALSE(table.RangesOf(table.At(slot)).Has({.begin = kStw, .reason = 1}));
}

TEST(GoroutineTable, TrustsAHintOnlyWhileItHolds) {
  GoroutineTable table;
  const std::uint32_t slot = table.Add(GoId{4}, wire::GoStatus::kRunning, kFirst);
  EXPECT_EQ(table.FindFrom(GoId{4}, slot), slot);
  EXPECT_EQ(table.FindFrom(GoId{4}, kNoSlot), slot);
  EXPECT_EQ(table.FindFrom(GoId{9}, slot), kNoSlot);
  table.Remove(slot);
  EXPECT_EQ(table.FindFrom(GoId{4}, slot), kNoSlot);
  const std::uint32_t other = table.Add(GoId{6}, wire::GoStatus::kRunning, kFirst);
  ASSERT_EQ(other, slot);
  const std::uint32_t moved = table.Add(GoId{4}, wire::GoStatus::kRunning, kFirst);
  EXPECT_EQ(table.FindFrom(GoId{4}, slot), moved);
}

// Ids that share their low bits, more of them than hints have places for.
TEST(GoroutineTable, FindsIdsThatMeet) {
  GoroutineTable table;
  constexpr std::int64_t kIds = 3000;
  const auto id = [](std::int64_t i) { return GoId{i << 20}; };
  std::vector<std::uint32_t> slots;
  for (std::int64_t i = 0; i < kIds; ++i) {
    slots.push_back(table.Add(id(i), wire::GoStatus::kWaiting, kFirst));
  }
  for (std::int64_t i = 0; i < kIds; i += 3) table.Remove(slots[static_cast<std::size_t>(i)]);
  for (int round = 0; round < 2; ++round) {
    for (std::int64_t i = 0; i < kIds; ++i) {
      const std::uint32_t slot = i % 3 == 0 ? kNoSlot : slots[static_cast<std::size_t>(i)];
      ASSERT_EQ(table.Find(id(i)), slot);
    }
  }
}

// Around the edge between small ids, found in an array, and all others.
TEST(ResourceTable, FindsIdsOfAnySize) {
  ResourceTable<ProcId, ProcStateRecord> table;
  const std::vector<std::int64_t> ids = {0,    1,    4095,
                                         4096, 4097, std::numeric_limits<std::int64_t>::max(),
                                         -1,   -2,   std::numeric_limits<std::int64_t>::min()};
  std::vector<ProcStateRecord*> records;
  for (const std::int64_t id : ids) {
    EXPECT_EQ(table.Find(ProcId{id}), nullptr);
    records.push_back(&table.Add(ProcId{id}));
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(table.Find(ProcId{ids[i]}), records[i]) << "addresses are stable";
    EXPECT_EQ(records[i]->id, ProcId{ids[i]});
  }
  EXPECT_EQ(table.Find(ProcId{2}), nullptr);
  EXPECT_EQ(table.Find(ProcId{4094}), nullptr);
  EXPECT_EQ(static_cast<std::size_t>(std::distance(table.begin(), table.end())), ids.size());
}

}  // namespace
}  // namespace gtengine::order
