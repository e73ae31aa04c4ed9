#include "engine/run/part_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace gtengine::run {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Generations of ten bytes, the first of which begins at 10: another one is in work before it.
std::vector<std::uint64_t> Begins(std::size_t count) {
  std::vector<std::uint64_t> begins;
  for (std::size_t i = 0; i < count; ++i) begins.push_back(10 + 10 * i);
  return begins;
}

std::vector<std::size_t> Plan(std::size_t generations, std::size_t threads,
                              std::uint64_t least_bytes = 1) {
  return PlanParts(0, Begins(generations), 10 + 10 * generations, threads, least_bytes);
}

TEST(PartPlanTest, TheFirstPartIsLongerByTheWarmUpOfOthers) {
  EXPECT_THAT(Plan(19, 2), ElementsAre(9)) << "10 and 10 with warm-up";
  EXPECT_THAT(Plan(29, 3), ElementsAre(9, 19));
}

TEST(PartPlanTest, ThereIsNoPlanForOneThreadOrLittle) {
  EXPECT_THAT(Plan(19, 1), IsEmpty());
  EXPECT_THAT(Plan(0, 4), IsEmpty());
  EXPECT_THAT(Plan(2, 4), IsEmpty());
  EXPECT_THAT(Plan(19, 2, 150), IsEmpty());
  EXPECT_THAT(Plan(19, 4, 100), ElementsAre(9)) << "for two";
}

TEST(PartPlanTest, PartsAscendAndNeverBeginWithTheFirst) {
  for (std::size_t generations = 0; generations < 40; ++generations) {
    for (std::size_t threads = 1; threads < 20; ++threads) {
      const std::vector<std::size_t> firsts = Plan(generations, threads);
      ASSERT_LT(firsts.size(), threads);
      std::size_t last = 0;
      for (const std::size_t first : firsts) {
        ASSERT_GT(first, last);
        ASSERT_LT(first, generations);
        last = first;
      }
    }
  }
}

TEST(PartPlanTest, AGenerationLargerThanAllOthersIsNotDivided) {
  const std::vector<std::uint64_t> begins = {1000, 1010, 1020, 1030};
  EXPECT_THAT(PlanParts(0, begins, 1040, 2, 1), ElementsAre(1));
}

}  // namespace
}  // namespace gtengine::run
