#include "engine/order/frontier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <limits>
#include <random>
#include <utility>
#include <vector>

namespace gtengine::order {
namespace {

struct Cursor {
  int id = 0;
};

class FrontierTest : public ::testing::Test {
 protected:
  // Adds cursors 0, 1, 2, ... with these times.
  void Insert(std::initializer_list<TimeNs> times) {
    for (const TimeNs time : times) {
      cursors_.push_back({.id = static_cast<int>(cursors_.size())});
      frontier_.Insert(time, cursors_.back());
    }
  }
  std::vector<int> Ids() {
    std::vector<int> ids;
    for (std::size_t i = 0; i < frontier_.size(); ++i) ids.push_back(frontier_.At(i).id);
    return ids;
  }
  // The cursors in the order in which the top leaves.
  std::vector<int> Drain() {
    std::vector<int> ids;
    for (; !frontier_.empty(); frontier_.Remove(0)) ids.push_back(frontier_.At(0).id);
    return ids;
  }

  std::deque<Cursor> cursors_;
  Frontier<Cursor> frontier_;
};

TEST_F(FrontierTest, GivesTheEarliestFirst) {
  Insert({5, 3, 9, -7, 4});
  EXPECT_EQ(frontier_.top_time_ns(), -7);
  EXPECT_EQ(Drain(), (std::vector<int>{3, 1, 4, 0, 2}));
}

// The array itself is compared, as it decides among equal times later.
TEST_F(FrontierTest, SiftsOnlyPastGreaterTimes) {
  Insert({1, 1, 1, 1});
  EXPECT_EQ(Ids(), (std::vector<int>{0, 1, 2, 3}));
  Insert({0});
  EXPECT_EQ(Ids(), (std::vector<int>{4, 0, 2, 3, 1}));
}

TEST_F(FrontierTest, PrefersTheLeftChildAmongEquals) {
  Insert({1, 2, 2});
  frontier_.Update(0, 3);
  EXPECT_EQ(Ids(), (std::vector<int>{1, 0, 2}));
  frontier_.Update(0, 3);
  EXPECT_EQ(Ids(), (std::vector<int>{2, 0, 1}));
}

TEST_F(FrontierTest, LeavesAnUpdatedTopAmongEquals) {
  Insert({1, 2, 2});
  frontier_.Update(0, 2);
  EXPECT_EQ(Ids(), (std::vector<int>{0, 1, 2}));
}

TEST_F(FrontierTest, SiftsAnUpdateInTheMiddleBothWays) {
  Insert({1, 2, 3, 4, 5, 6, 7});
  frontier_.Update(1, 0);
  EXPECT_EQ(Ids(), (std::vector<int>{1, 0, 2, 3, 4, 5, 6}));
  frontier_.Update(1, 10);
  EXPECT_EQ(Ids(), (std::vector<int>{1, 3, 2, 0, 4, 5, 6}));
}

// Its parents move down in its place, whatever their times, before the last takes the top.
TEST_F(FrontierTest, RemovesFromTheMiddleByWayOfTheTop) {
  Insert({1, 2, 3, 4, 5, 6, 7});
  frontier_.Remove(4);
  EXPECT_EQ(Ids(), (std::vector<int>{0, 1, 2, 3, 6, 5})) << "times 1 2 3 4 7 6";
}

TEST_F(FrontierTest, RemovesTheOnlyOne) {
  Insert({1});
  frontier_.Remove(0);
  EXPECT_TRUE(frontier_.empty());
}

TEST_F(FrontierTest, SortsAndStaysAHeap) {
  Insert({9, 7, 8, 3, 5, 6, 7, 1});
  frontier_.Sort();
  EXPECT_EQ(frontier_.top_time_ns(), 1);
  EXPECT_EQ(frontier_.At(0).id, 7);
  EXPECT_EQ(frontier_.At(7).id, 0);
  EXPECT_EQ(Drain().size(), 8u);
}

TEST_F(FrontierTest, SortsAFewEqualTimesStably) {
  Insert({2, 1, 2, 1, 2});
  frontier_.Clear();
  cursors_.clear();
  Insert({2, 2, 2, 2, 2, 2});
  frontier_.Sort();
  EXPECT_EQ(Ids(), (std::vector<int>{0, 1, 2, 3, 4, 5}));
}

// Few times, so that many are equal; every size, so that the last level is full or not.
TEST_F(FrontierTest, MovesTheTopAsAnUpdateDoes) {
  std::mt19937_64 random(2);
  Frontier<Cursor> updated;
  for (int i = 0; i < 130; ++i) {
    const auto time = static_cast<TimeNs>(random() % 20);
    cursors_.push_back({.id = i});
    frontier_.Insert(time, cursors_.back());
    updated.Insert(time, cursors_.back());
    for (int step = 0; step < 50; ++step) {
      const std::vector<int> before = Ids();
      const TimeNs old_time = frontier_.top_time_ns();
      const auto new_time = static_cast<TimeNs>(random() % 20);
      frontier_.MoveTop(new_time);
      if (step % 3 == 0) {
        frontier_.TakeBack(old_time, cursors_[static_cast<std::size_t>(before[0])]);
        ASSERT_EQ(Ids(), before);
        ASSERT_EQ(frontier_.top_time_ns(), old_time);
        continue;
      }
      updated.Update(0, new_time);
      for (std::size_t at = 0; at < updated.size(); ++at) {
        ASSERT_EQ(frontier_.At(at).id, updated.At(at).id);
      }
      ASSERT_EQ(frontier_.top_time_ns(), updated.top_time_ns());
    }
  }
}

TEST_F(FrontierTest, TakesManyMovesBack) {
  std::mt19937_64 random(3);
  Insert({4, 8, 6, 9, 9, 7, 6, 10, 12});
  const std::vector<int> before = Ids();
  std::vector<std::pair<TimeNs, int>> moves;
  for (int i = 0; i < 40; ++i) {
    moves.emplace_back(frontier_.top_time_ns(), frontier_.At(0).id);
    frontier_.MoveTop(frontier_.top_time_ns() + static_cast<TimeNs>(random() % 9));
  }
  for (; !moves.empty(); moves.pop_back()) {
    frontier_.TakeBack(moves.back().first, cursors_[static_cast<std::size_t>(moves.back().second)]);
  }
  EXPECT_EQ(Ids(), before);
}

// The greatest time of all is a time like others.
TEST_F(FrontierTest, MovesTheTopToTheGreatestTime) {
  constexpr TimeNs kGreatest = std::numeric_limits<TimeNs>::max();
  Insert({1, kGreatest, 2, kGreatest});
  frontier_.MoveTop(kGreatest);
  EXPECT_EQ(Ids(), (std::vector<int>{2, 1, 0, 3}));
  EXPECT_EQ(Drain().size(), 4u);
}

// Any sequence of calls keeps the top the least.
TEST_F(FrontierTest, KeepsTheEarliestOnTop) {
  std::mt19937_64 random(1);
  std::vector<TimeNs> times;
  for (int i = 0; i < 200; ++i) {
    times.push_back(static_cast<TimeNs>(random() % 50));
    cursors_.push_back({.id = i});
    frontier_.Insert(times.back(), cursors_.back());
  }
  while (!frontier_.empty()) {
    TimeNs least = times[static_cast<std::size_t>(frontier_.At(0).id)];
    EXPECT_EQ(least, frontier_.top_time_ns());
    for (std::size_t i = 0; i < frontier_.size(); ++i) {
      least = std::min(least, times[static_cast<std::size_t>(frontier_.At(i).id)]);
    }
    ASSERT_EQ(frontier_.top_time_ns(), least);
    const std::size_t i = random() % frontier_.size();
    switch (random() % 8) {
      case 0:
        frontier_.Remove(i);
        break;
      case 1:
        frontier_.Sort();
        break;
      default: {
        const auto time = static_cast<TimeNs>(random() % 50);
        times[static_cast<std::size_t>(frontier_.At(i).id)] = time;
        frontier_.Update(i, time);
      }
    }
  }
}

}  // namespace
}  // namespace gtengine::order
