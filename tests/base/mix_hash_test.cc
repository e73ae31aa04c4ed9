#include "engine/base/mix_hash.h"

#include <gtest/gtest.h>

#include <set>

namespace gtengine {
namespace {

// Ids that differ in few bits fall into many places of a table, whichever bits they are.
TEST(MixHash, SpreadsIds) {
  for (unsigned shift = 0; shift < 56; ++shift) {
    std::set<std::size_t> places;
    for (std::uint64_t i = 0; i < 256; ++i) places.insert(MixHash()(i << shift) % 256);
    EXPECT_GT(places.size(), 120u) << shift;
  }
}

TEST(MixHash, DependsOnNothingElse) { EXPECT_EQ(MixHash()(42), MixHash()(42)); }

}  // namespace
}  // namespace gtengine
