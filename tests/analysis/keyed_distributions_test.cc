#include "engine/analysis/keyed_distributions.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>

namespace gtengine {
namespace {

using Counts = std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t>;

Counts CountsOf(const KeyedDistributions& keyed) {
  Counts counts;
  for (std::uint32_t key = 0; key < keyed.key_limit(); ++key) {
    keyed.ForEachCode(key, [&](std::uint32_t code, const Distribution& distribution) {
      counts[{key, code}] = distribution.count();
    });
  }
  return counts;
}

TEST(KeyedDistributionsTest, AgreesWithAMap) {
  std::mt19937 random(1);
  KeyedDistributions keyed;
  Counts expected;
  for (int i = 0; i < 20'000; ++i) {
    const auto key = static_cast<std::uint32_t>(random() % 100);
    const auto code = static_cast<std::uint32_t>(random() % 5);
    if (random() % 200 == 0) {
      keyed.Forget(key);
      for (std::uint32_t each = 0; each < 5; ++each) expected.erase({key, each});
      continue;
    }
    keyed.At(key, code).Add(i);
    ++expected[{key, code}];
  }
  EXPECT_EQ(CountsOf(keyed), expected);
}

TEST(KeyedDistributionsTest, UnknownKeysAreEmpty) {
  KeyedDistributions keyed;
  keyed.Forget(7);
  keyed.ForEachCode(7, [](std::uint32_t, const Distribution&) { FAIL(); });
  EXPECT_EQ(keyed.key_limit(), 0u);
}

}  // namespace
}  // namespace gtengine
