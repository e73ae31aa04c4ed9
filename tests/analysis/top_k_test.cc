#include "engine/analysis/top_k.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

namespace gtengine {
namespace {

using Greatest = TopK<int, std::greater<>>;

TEST(TopKTest, KeepsTheFirstInOrder) {
  Greatest top(3);
  for (const int value : {5, 1, 9, 7, 3, 9}) top.Add(value);
  EXPECT_THAT(top.Sorted(), testing::ElementsAre(9, 9, 7));
  EXPECT_TRUE(top.Keeps(8));
  EXPECT_FALSE(top.Keeps(7));
  ASSERT_NE(top.last_kept(), nullptr);
  EXPECT_EQ(*top.last_kept(), 7);
}

TEST(TopKTest, NoneAtAll) {
  Greatest top(0);
  top.Add(1);
  EXPECT_FALSE(top.Keeps(2));
  EXPECT_EQ(top.last_kept(), nullptr);
  EXPECT_THAT(top.Sorted(), testing::IsEmpty());
}

TEST(TopKTest, KeepsAnythingBeforeThereAreEnough) {
  Greatest top(2);
  top.Add(5);
  EXPECT_EQ(top.last_kept(), nullptr);
  EXPECT_TRUE(top.Keeps(-1));
}

TEST(TopKTest, AnySplitGivesTheSame) {
  std::mt19937 random(3);
  for (int round = 0; round < 50; ++round) {
    Greatest whole(10);
    std::vector<Greatest> parts(4, Greatest(10));
    for (int i = 0; i < 200; ++i) {
      const int value = static_cast<int>(random() % 60);
      whole.Add(value);
      parts[random() % 4].Add(value);
    }
    std::shuffle(parts.begin(), parts.end(), random);
    Greatest combined = parts[0];
    for (std::size_t i = 1; i < parts.size(); ++i) combined.Combine(parts[i]);
    ASSERT_EQ(combined.Sorted(), whole.Sorted());
  }
}

TEST(TopKTest, CombinesWithItself) {
  Greatest top(3);
  top.Add(1);
  top.Add(2);
  top.Combine(top);
  EXPECT_THAT(top.Sorted(), testing::ElementsAre(2, 2, 1));
}

}  // namespace
}  // namespace gtengine
