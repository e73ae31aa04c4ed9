#include "engine/run/state_reservation.h"

#include <gtest/gtest.h>

namespace gtengine::run {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

// How much is left.
std::uint64_t Free(MemoryBudget& budget) {
  std::uint64_t free = 0;
  for (std::uint64_t step = budget.total_bytes(); step > 0; step /= 2) {
    while (budget.TryReserve(step)) free += step;
  }
  budget.Release(free);
  return free;
}

TEST(StateReservationTest, FollowsANeedInSteps) {
  MemoryBudget budget(10 * kMiB);
  StateReservation state(budget);
  EXPECT_TRUE(state.Cover(1));
  EXPECT_EQ(state.bytes(), kMiB);
  EXPECT_TRUE(state.Cover(5 * kMiB + 1));
  EXPECT_EQ(Free(budget), 4 * kMiB);
  // A step less is not worth it.
  EXPECT_TRUE(state.Cover(5 * kMiB));
  EXPECT_EQ(state.bytes(), 6 * kMiB);
  EXPECT_TRUE(state.Cover(2 * kMiB));
  EXPECT_EQ(Free(budget), 8 * kMiB);
  EXPECT_TRUE(state.CoverAtLeast(1));
  EXPECT_EQ(state.bytes(), 2 * kMiB);
}

TEST(StateReservationTest, TakesTheLastBytesToo) {
  MemoryBudget budget(kMiB + 10);
  StateReservation state(budget);
  EXPECT_TRUE(state.Cover(kMiB + 5));
  EXPECT_EQ(state.bytes(), kMiB + 5);
}

TEST(StateReservationTest, KeepsWhatItHasWhenRefused) {
  MemoryBudget budget(3 * kMiB);
  {
    StateReservation state(budget);
    StateReservation other(budget);
    EXPECT_TRUE(state.Cover(2 * kMiB));
    EXPECT_FALSE(other.Cover(2 * kMiB));
    EXPECT_FALSE(state.Cover(4 * kMiB));
    EXPECT_EQ(state.bytes(), 2 * kMiB);
    EXPECT_TRUE(other.Cover(kMiB));
    state.Release();
    EXPECT_TRUE(other.Cover(3 * kMiB));
  }
  EXPECT_EQ(Free(budget), 3 * kMiB);
}

TEST(StateReservationTest, AdoptsWhatWasReserved) {
  MemoryBudget budget(3 * kMiB);
  ASSERT_TRUE(budget.Reserve(kMiB + 7));
  {
    StateReservation state(budget);
    state.Adopt(kMiB + 7);
    EXPECT_TRUE(state.CoverAtLeast(kMiB + 7));
    EXPECT_EQ(state.bytes(), kMiB + 7);
  }
  EXPECT_EQ(Free(budget), 3 * kMiB);
}

}  // namespace
}  // namespace gtengine::run
