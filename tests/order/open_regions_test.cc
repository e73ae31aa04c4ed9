#include "engine/order/open_regions.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <vector>

namespace gtengine::order {
namespace {

UserRegion Region(std::uint64_t task, std::uint32_t name = 0) {
  return {.task = TaskId{task}, .name = StringRef{name}};
}

TEST(OpenRegions, NestsOnEachStack) {
  OpenRegions regions;
  std::uint32_t one = OpenRegions::kNone;
  std::uint32_t two = OpenRegions::kNone;
  regions.Push(one, Region(1));
  regions.Push(two, Region(2));
  regions.Push(one, Region(3));
  EXPECT_EQ(regions.Get(one), Region(3));
  EXPECT_EQ(regions.Get(two), Region(2));
  regions.Pop(one);
  EXPECT_EQ(regions.Get(one), Region(1));
  regions.Clear(one);
  EXPECT_EQ(one, OpenRegions::kNone);
  regions.Pop(two);
  EXPECT_EQ(two, OpenRegions::kNone);
}

TEST(OpenRegions, AgreesWithVectors) {
  OpenRegions regions;
  std::mt19937 random(7);
  std::array<std::uint32_t, 5> stacks{};
  std::array<std::vector<UserRegion>, 5> expected;
  for (int step = 0; step < 5000; ++step) {
    const std::size_t i = random() % stacks.size();
    switch (random() % 8) {
      case 0:
        regions.Clear(stacks[i]);
        expected[i].clear();
        break;
      case 1:
      case 2:
      case 3:
        if (stacks[i] == OpenRegions::kNone) break;
        regions.Pop(stacks[i]);
        expected[i].pop_back();
        break;
      default:
        expected[i].push_back(Region(random(), static_cast<std::uint32_t>(random())));
        regions.Push(stacks[i], expected[i].back());
    }
    ASSERT_EQ(stacks[i] == OpenRegions::kNone, expected[i].empty());
    if (!expected[i].empty()) {
      ASSERT_EQ(regions.Get(stacks[i]), expected[i].back());
    }
  }
}

TEST(OpenRegions, RenamesWhatIsOpen) {
  OpenRegions regions;
  std::uint32_t stack = OpenRegions::kNone;
  for (const std::uint32_t name : {1u, 2u, 3u}) regions.Push(stack, Region(0, name));
  regions.Pop(stack);
  regions.ForEachName([](StringRef& name) {
    EXPECT_NE(name, StringRef{3}) << "closed regions have no name";
    if (name != kEmptyString) name = StringRef{static_cast<std::uint32_t>(name) + 10};
  });
  EXPECT_EQ(regions.Get(stack).name, StringRef{12});
}

}  // namespace
}  // namespace gtengine::order
