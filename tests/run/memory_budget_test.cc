#include "engine/run/memory_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace gtengine::run {
namespace {

TEST(MemoryBudgetTest, MoreThanThereEverIsIsRefusedAtOnce) {
  MemoryBudget budget(100);
  EXPECT_FALSE(budget.Reserve(101));
  EXPECT_TRUE(budget.Reserve(100));
  EXPECT_FALSE(budget.TryReserve(1));
  budget.Release(100);
  EXPECT_TRUE(budget.TryReserve(100));
}

TEST(MemoryBudgetTest, WaitersGoOnWhenMemoryIsFree) {
  MemoryBudget budget(10);
  std::atomic<int> in_use = 0;
  std::atomic<int> most = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        ASSERT_TRUE(budget.Reserve(4));
        const int now = in_use += 4;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        in_use -= 4;
        budget.Release(4);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, 10);
  EXPECT_TRUE(budget.TryReserve(10));
}

TEST(MemoryBudgetTest, WhoNeedsAllOfItGetsIt) {
  MemoryBudget budget(10);
  std::atomic<bool> had_all = false;
  std::vector<std::thread> threads;
  // While one of these lets go of its half, the others hold theirs, or take it.
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      while (!had_all) {
        ASSERT_TRUE(budget.Reserve(5));
        // Who holds some already goes before those who wait.
        if (budget.TryReserve(1)) budget.Release(1);
        std::this_thread::yield();
        budget.Release(5);
      }
    });
  }
  ASSERT_TRUE(budget.Reserve(10));
  had_all = true;
  EXPECT_FALSE(budget.TryReserve(1));
  budget.Release(10);
  for (std::thread& thread : threads) thread.join();
}

TEST(MemoryBudgetTest, AReservationLastsForAScope) {
  MemoryBudget budget(100);
  {
    const Reservation most(budget, 100);
    EXPECT_TRUE(most.ok());
    EXPECT_FALSE(budget.TryReserve(1));
  }
  EXPECT_FALSE(Reservation(budget, 101).ok());
  EXPECT_TRUE(budget.TryReserve(100));
}

TEST(MemoryBudgetTest, ARefusalSaysHowMuchIsNeeded) {
  const MemoryBudget budget(std::uint64_t{7} << 20);
  const Error error = budget.Refusal("the trace", (std::uint64_t{9} << 20) + 1);
  EXPECT_EQ(error.code, ErrorCode::kLimit);
  EXPECT_EQ(error.what, "the trace needs about 10 MiB of memory, but 7 MiB are allowed");
}

}  // namespace
}  // namespace gtengine::run
