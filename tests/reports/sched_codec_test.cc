// The bytes of the scheduler-latency partial.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "engine/reports/sched_partial.h"
#include "tests/reports/random_traces.h"

namespace gtengine {
namespace {

TEST(SchedCodecTest, ParseReadsWhatSerializeWrote) {
  for (std::uint64_t seed = 200; seed < 220; ++seed) {
    const std::string bytes = Serialized(RandomTraces(seed, 3));
    const auto parsed = SchedPartial::Parse(bytes);
    ASSERT_TRUE(parsed.ok()) << parsed.error().ToString();
    ASSERT_EQ((*parsed)->Serialize(), bytes);
  }
}

TEST(SchedCodecTest, EveryPrefixIsAnError) {
  const std::string bytes = Serialized(RandomTraces(6, 2));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto parsed = SchedPartial::Parse(std::string(bytes, 0, size));
    // What ends between two of the worst waits is a partial with fewer of them.
    if (parsed.ok()) {
      EXPECT_LT((*parsed)->Serialize().size(), bytes.size());
    }
  }
}

TEST(SchedCodecTest, ChangedBytesAreAnErrorOrAPartial) {
  const std::string bytes = Serialized(RandomTraces(7, 2));
  std::mt19937_64 random(8);
  for (int round = 0; round < 3'000; ++round) {
    std::string changed = bytes;
    for (std::size_t changes = 1 + random() % 3; changes > 0; --changes) {
      changed[random() % changed.size()] = static_cast<char>(random());
    }
    const auto parsed = SchedPartial::Parse(changed);
    if (!parsed.ok()) continue;
    const std::string again = (*parsed)->Serialize();
    const auto reparsed = SchedPartial::Parse(again);
    ASSERT_TRUE(reparsed.ok()) << reparsed.error().ToString();
    ASSERT_EQ((*reparsed)->Serialize(), again);
  }
}

TEST(SchedCodecTest, RefusesAnotherVersionByNamingBoth) {
  std::string bytes = SchedReport().empty()->Serialize();
  ASSERT_EQ(bytes, std::string("\x0a\x05sched\x10\x01"));
  bytes.back() = 7;
  const auto parsed = SchedPartial::Parse(bytes);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, ErrorCode::kUnsupportedVersion);
  EXPECT_THAT(parsed.error().what,
              testing::AllOf(testing::HasSubstr("version 7"), testing::HasSubstr("version 1")));
}

TEST(SchedCodecTest, RefusesAnotherReport) {
  EXPECT_FALSE(SchedPartial::Parse("\x0a\x03net\x10\x01").ok());
  EXPECT_FALSE(SchedPartial::Parse("").ok());
  EXPECT_FALSE(SchedPartial::Parse("go 1.26 trace").ok());
}

TEST(SchedCodecTest, TruncationIsNamed) {
  const std::string bytes = Serialized(RandomTraces(9, 1));
  const auto parsed = SchedPartial::Parse(std::string(bytes, 0, 12));
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, ErrorCode::kTruncated);
}

}  // namespace
}  // namespace gtengine
