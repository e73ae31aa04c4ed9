#include "tools/tracegen/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace gtengine::tracegen {
namespace {

// The first numbers that SplitMix64 gives for this seed in its authors' program.
TEST(Random, IsSplitMix64) {
  Random random(1234567);
  for (const std::uint64_t expected :
       {6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u,
        16408922859458223821u}) {
    EXPECT_EQ(random.Next(), expected);
  }
}

TEST(Random, BelowMeetsEveryNumberAboutAsOften) {
  Random random(1);
  std::array<int, 7> counts{};
  for (int i = 0; i < 7000; ++i) ++counts.at(random.Below(counts.size()));
  for (const int count : counts) EXPECT_NEAR(count, 1000, 150);
  EXPECT_EQ(random.Below(1), 0u);
  EXPECT_EQ(random.Below(0), 0u);
}

TEST(Random, OnceIn) {
  Random random(1);
  int count = 0;
  for (int i = 0; i < 10000; ++i) count += random.OnceIn(4) ? 1 : 0;
  EXPECT_NEAR(count, 2500, 200);
  EXPECT_TRUE(random.OnceIn(1));
}

}  // namespace
}  // namespace gtengine::tracegen
