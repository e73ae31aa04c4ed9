#include "tools/tracegen/pools.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace gtengine::tracegen {
namespace {

using ::testing::ElementsAre;

TEST(IndexSet, AddsAndRemoves) {
  IndexSet set(10);
  EXPECT_TRUE(set.empty());
  for (const Index index : {7u, 2u, 9u}) set.Add(index);
  set.Remove(7);
  EXPECT_EQ(set.size(), 2u);
  EXPECT_FALSE(set.Has(7));
  EXPECT_TRUE(set.Has(2));
  EXPECT_TRUE(set.Has(9));
  EXPECT_EQ(set[0], 9u);
  set.Remove(9);
  set.Remove(2);
  EXPECT_TRUE(set.empty());
  set.Add(7);
  EXPECT_TRUE(set.Has(7));
}

TEST(IndexSet, PicksEachMember) {
  IndexSet set(100);
  for (const Index index : {4u, 50u, 99u}) set.Add(index);
  Random random(1);
  std::set<Index> picked;
  for (int i = 0; i < 100; ++i) picked.insert(set.Pick(random));
  EXPECT_THAT(picked, ElementsAre(4u, 50u, 99u));
}

TEST(RunQueue, IsFirstInFirstOut) {
  RunQueue queue(5);
  std::vector<Index> popped;
  for (Index i = 0; i < 20; ++i) {
    queue.Push(i);
    if (i >= 4) popped.push_back(queue.Pop());
  }
  EXPECT_EQ(queue.size(), 4u);
  while (!queue.empty()) popped.push_back(queue.Pop());
  for (Index i = 0; i < 20; ++i) EXPECT_EQ(popped.at(i), i);
}

TEST(WaitingRoom, LetsEachOutOnce) {
  for (const Index count : {1u, 3u, 8u, 9u, 1000u}) {
    WaitingRoom room(10);
    Random random(count);
    for (Index g = 0; g < count; ++g) room.Push(g);
    std::set<Index> taken;
    for (Index i = 0; i < count; ++i) {
      ASSERT_FALSE(room.empty());
      EXPECT_TRUE(taken.insert(room.Take(random)).second);
    }
    EXPECT_TRUE(room.empty());
    EXPECT_EQ(taken.size(), count);
  }
}

TEST(WaitingRoom, WakesRecentOnesMostly) {
  constexpr Index kCount = 100'000;
  WaitingRoom room(100);
  Random random(1);
  for (Index g = 0; g < kCount; ++g) room.Push(g);
  int recent = 0;
  int newest = 0;
  for (int i = 0; i < 100; ++i) {
    const Index g = room.Take(random);
    recent += g + 300 > kCount ? 1 : 0;
    newest += g + 50 > kCount ? 1 : 0;
  }
  EXPECT_GT(recent, 50);
  EXPECT_LT(recent, 95);
  EXPECT_LT(newest, 25);
}

}  // namespace
}  // namespace gtengine::tracegen
