#include "engine/wire/v1/event_spec.h"

#include <gtest/gtest.h>

#include "engine/base/ids.h"

namespace gtengine::wire::v1 {
namespace {

TEST(LegacyEventSpec, HasARowForEachType) {
  for (std::size_t type = 1; type < kEventTypes; ++type) {
    const EventSpec& spec = SpecOf(static_cast<EventType>(type));
    EXPECT_NE(spec.record_class, RecordClass::kUnknown) << type;
    EXPECT_FALSE(spec.name.empty()) << type;
    EXPECT_LE(spec.arg_count, kMaxArgs) << type;
  }
  EXPECT_EQ(SpecOf(EventType::kCpuSample).name, "CPUSample");
  EXPECT_EQ(Raw(EventType::kCpuSample), 49);
  EXPECT_EQ(SpecOf(EventType::kHeapGoal).name, "HeapGoal");
  EXPECT_EQ(Raw(EventType::kHeapGoal), 34);
}

TEST(LegacyEventSpec, CountsNumbers) {
  EXPECT_EQ(SpecOf(EventType::kGoEnd).number_count(), 1u);
  EXPECT_EQ(SpecOf(EventType::kGoStart).number_count(), 3u);
  EXPECT_EQ(SpecOf(EventType::kGoCreate).number_count(), 4u);
  EXPECT_EQ(SpecOf(EventType::kUserRegion).number_count(), 5u);
  EXPECT_EQ(SpecOf(EventType::kFrequency).number_count(), 1u);
  EXPECT_EQ(SpecOf(EventType::kBatch).number_count(), 2u);
}

TEST(LegacyEventSpec, KnowsWhichFormatHasWhichType) {
  const std::uint8_t sample = Raw(EventType::kCpuSample);
  EXPECT_FALSE(IsKnown(sample, Version::k11));
  EXPECT_TRUE(IsKnown(sample, Version::k19));
  EXPECT_TRUE(IsKnown(sample, Version::k21));
  EXPECT_TRUE(IsKnown(Raw(EventType::kUserLog), Version::k11));
  EXPECT_FALSE(IsKnown(0, Version::k21));
  EXPECT_FALSE(IsKnown(50, Version::k21));
  EXPECT_FALSE(IsKnown(63, Version::k21));
}

}  // namespace
}  // namespace gtengine::wire::v1
