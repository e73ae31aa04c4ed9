#include "engine/wire/id_index.h"

#include <gtest/gtest.h>

#include <limits>

namespace gtengine::wire {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

TEST(IdIndex, FindsDenseIdsInTheOrderTheyWereAdded) {
  IdIndex index;
  for (const std::uint64_t id : {3, 1, 2}) index.Add(id);
  ASSERT_EQ(index.Seal(), std::nullopt);
  EXPECT_EQ(index.Find(3), 0);
  EXPECT_EQ(index.Find(1), 1);
  EXPECT_EQ(index.Find(2), 2);
  EXPECT_EQ(index.Find(4), std::nullopt);
  EXPECT_EQ(index.Find(0), std::nullopt);
  EXPECT_EQ(index.size(), 3);
  EXPECT_EQ(index.IdAt(0), 3);
}

TEST(IdIndex, FindsScatteredIds) {
  IdIndex index;
  index.Add(kMax);
  index.Add(1);
  index.Add(std::uint64_t{1} << 40);
  ASSERT_EQ(index.Seal(), std::nullopt);
  EXPECT_EQ(index.Find(kMax), 0);
  EXPECT_EQ(index.Find(1), 1);
  EXPECT_EQ(index.Find(std::uint64_t{1} << 40), 2);
  EXPECT_EQ(index.Find(kMax - 1), std::nullopt);
  EXPECT_EQ(index.Find(0), std::nullopt);
}

TEST(IdIndex, TellsWhichIdRepeats) {
  for (const std::uint64_t id : {std::uint64_t{5}, kMax}) {
    IdIndex index;
    for (const std::uint64_t added : {std::uint64_t{1}, id, std::uint64_t{2}, id}) index.Add(added);
    EXPECT_EQ(index.Seal(), id);
  }
}

TEST(IdIndex, RefusesIdZero) {
  for (const std::uint64_t other : {std::uint64_t{1}, kMax}) {
    IdIndex index;
    index.Add(other);
    index.Add(0);
    EXPECT_EQ(index.Seal(), 0);
  }
}

TEST(IdIndex, IsUsedAgainAfterClear) {
  IdIndex index;
  index.Add(kMax);
  ASSERT_EQ(index.Seal(), std::nullopt);
  index.Clear();
  EXPECT_EQ(index.Find(kMax), std::nullopt);
  index.Add(2);
  ASSERT_EQ(index.Seal(), std::nullopt);
  EXPECT_EQ(index.Find(2), 0);
  EXPECT_EQ(index.Find(kMax), std::nullopt);
  EXPECT_EQ(index.size(), 1);
}

TEST(IdIndex, KnowsHowFarIdsHaveNoHole) {
  IdIndex index;
  for (const std::uint64_t id : {3, 1, 2, 5}) index.Add(id);
  ASSERT_FALSE(index.Seal().has_value());
  EXPECT_EQ(index.contiguous(), 3u);
  EXPECT_TRUE(index.Has(3));
  EXPECT_FALSE(index.Has(4));
  EXPECT_TRUE(index.Has(5));
  EXPECT_FALSE(index.Has(0));
  index.Clear();
  EXPECT_EQ(index.contiguous(), 0u);
  EXPECT_FALSE(index.Has(1));
}

TEST(IdIndex, IsEmptyWithoutIds) {
  IdIndex index;
  EXPECT_EQ(index.Seal(), std::nullopt);
  EXPECT_EQ(index.Find(0), std::nullopt);
  EXPECT_EQ(index.Find(1), std::nullopt);
}

}  // namespace
}  // namespace gtengine::wire
