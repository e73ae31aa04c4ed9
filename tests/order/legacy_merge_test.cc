#include "engine/order/legacy_merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/order/legacy_trace.h"

namespace gtengine::order {
namespace {

using ::testing::ElementsAre;
using testing::EventType;
using ::testing::HasSubstr;
using testing::LegacyBytes;
using testing::LegacyTrace;

struct Merged {
  std::vector<std::int32_t> ps;
  std::vector<EventType> types;
  std::string complaint;
};

Merged Merge(const LegacyBytes& bytes) {
  LegacyTrace trace(bytes);
  LegacySources sources(trace.view(), trace.version(), trace.index());
  LegacyMerge merge(sources);
  Merged merged;
  while (const auto source = merge.Next()) {
    merged.ps.push_back(sources.EventOf(*source).p);
    merged.types.push_back(sources.EventOf(*source).type);
  }
  EXPECT_FALSE(merge.Next());
  if (merge.error()) merged.complaint = merge.error()->ToString();
  return merged;
}

TEST(LegacyMerge, GoesByTime) {
  LegacyBytes bytes;
  bytes.Batch(0, 10).Record(EventType::kHeapAlloc, {0, 1}).Record(EventType::kHeapAlloc, {20, 1});
  bytes.Batch(1, 5).Record(EventType::kHeapAlloc, {0, 1}).Record(EventType::kHeapAlloc, {20, 1});
  bytes.Batch(2, 0).CpuSample(26, 9, 0, 0);
  const Merged merged = Merge(bytes);
  EXPECT_EQ(merged.complaint, "");
  EXPECT_THAT(merged.ps, ElementsAre(1, 0, 1, 9, 0));
}

// What Go's heap and exchanges make of Ps in file order.
TEST(LegacyMerge, DecidesAmongEqualTimesAsGo) {
  LegacyBytes bytes;
  for (std::uint64_t p = 0; p < 4; ++p) {
    bytes.Batch(p, 1).Record(EventType::kHeapAlloc, {0, 1}).Record(EventType::kHeapAlloc, {0, 1});
  }
  const Merged merged = Merge(bytes);
  EXPECT_THAT(merged.ps, ElementsAre(0, 1, 0, 1, 2, 3, 2, 3));
}

TEST(LegacyMerge, WaitsForTheStepBefore) {
  LegacyBytes bytes;
  // The start on P 1 seems to come first, but goes by its number.
  bytes.Batch(1, 5).Record(EventType::kGoStart, {0, 7, 1}).Record(EventType::kGoBlock, {1, 0});
  bytes.Batch(0, 10).Record(EventType::kGoCreate, {0, 7, 0, 0});
  bytes.Record(EventType::kGoUnblock, {0, 7, 2, 0}).Record(EventType::kGoStartLocal, {0, 7});
  const Merged merged = Merge(bytes);
  EXPECT_EQ(merged.complaint, "");
  EXPECT_THAT(merged.ps, ElementsAre(0, 1, 1, 0, 0));
}

TEST(LegacyMerge, WaitsForCollectionsInOrder) {
  LegacyBytes bytes;
  bytes.Batch(0, 5).Record(EventType::kGcStart, {0, 1, 0});
  bytes.Batch(1, 10).Record(EventType::kGcStart, {0, 0, 0});
  EXPECT_THAT(Merge(bytes).ps, ElementsAre(1, 0));
}

TEST(LegacyMerge, WakesAllThatWait) {
  LegacyBytes bytes;
  for (std::uint64_t p = 1; p < 20; ++p) {
    bytes.Batch(p, p).Record(EventType::kGoStart, {0, 100 + p, 1});
  }
  bytes.Batch(0, 50);
  for (std::uint64_t p = 1; p < 20; ++p) bytes.Record(EventType::kGoCreate, {1, 100 + p, 0, 0});
  const Merged merged = Merge(bytes);
  EXPECT_EQ(merged.complaint, "");
  ASSERT_EQ(merged.ps.size(), 38u);
  for (std::size_t i = 0; i < 38; i += 2) {
    EXPECT_EQ(merged.ps[i], 0);
    EXPECT_EQ(merged.ps[i + 1], static_cast<std::int32_t>(i / 2 + 1));
  }
}

TEST(LegacyMerge, SaysWhenNothingCanGoOn) {
  LegacyBytes bytes;
  bytes.Batch(0, 5).Record(EventType::kGoStart, {0, 7, 1});
  EXPECT_THAT(Merge(bytes).complaint,
              HasSubstr("byte 19: GoStart on P 0: neither this event can happen nor"));
}

TEST(LegacyMerge, SaysWhenTwoHaveTheSameStep) {
  LegacyBytes bytes;
  bytes.Batch(0, 5).Record(EventType::kGcStart, {0, 0, 0});
  bytes.Batch(1, 10).Record(EventType::kGcStart, {0, 0, 0});
  EXPECT_THAT(Merge(bytes).complaint, HasSubstr("another P has the same step"));
}

// Many Ps that wait for what never comes cost nothing while others go on.
TEST(LegacyMerge, IsNotSlowedByThoseThatWait) {
  LegacyBytes bytes;
  for (std::uint64_t p = 1; p < 30'000; ++p) {
    bytes.Batch(p, 1).Record(EventType::kGoUnblock, {0, 7, 1'000'000 + p, 0});
  }
  bytes.Batch(0, 1).Record(EventType::kGoCreate, {0, 7, 0, 0});
  for (int i = 0; i < 30'000; ++i) {
    bytes.Record(EventType::kGoStartLocal, {0, 7}).Record(EventType::kGoSched, {0, 0});
  }
  const Merged merged = Merge(bytes);
  EXPECT_EQ(merged.ps.size(), 60'001u);
  EXPECT_THAT(merged.complaint, HasSubstr("of 29999 Ps"));
}

}  // namespace
}  // namespace gtengine::order
