#include "engine/order/id_check.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>

#include "engine/wire/generation.h"
#include "tests/wire/trace_builder.h"

namespace gtengine::order {
namespace {

using wire::EventType;
using wire::testing::Bytes;
using wire::testing::TraceBuilder;

// Strings 1, 2 and 9; stacks 1 and 5.
class IdCheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    trace_.Batch(1, 3,
                 Bytes().Type(EventType::kStrings).String(1, "a").String(2, "b").String(9, ""));
    trace_.Batch(
        1, 3, Bytes().Type(EventType::kStacks).Stack(1, {{1, 1, 2, 3}}).Stack(5, {{1, 1, 2, 3}}));
    trace_.Sync(1).EndOfGeneration();
    wire::GenerationReader reader(trace_.padded(), trace_.version());
    ASSERT_TRUE(reader.Next(generation_).value());
    ASSERT_TRUE(tables_.Load(trace_.padded(), generation_, trace_.version()).ok());
    check_.BeginGeneration(tables_);
  }
  // What is missing; "" when nothing is. Both ways of asking must agree.
  std::string Unknown(EventType type, std::array<std::uint64_t, 4> args) {
    OrderedEvent event;
    event.type = type;
    event.args = args;
    const auto unknown = check_.UnknownIn(event);
    EXPECT_EQ(check_.Passes(event), !unknown.has_value());
    return unknown ? fmt::format("{} {}", unknown->kind, unknown->id) : "";
  }

  TraceBuilder trace_{wire::Version::k26};
  wire::Generation generation_;
  wire::GenerationTables tables_;
  IdCheck check_;
};

TEST_F(IdCheckTest, PassesIdsThatAreThere) {
  EXPECT_EQ(Unknown(EventType::kGoBlock, {0, 0}), "");
  EXPECT_EQ(Unknown(EventType::kGoBlock, {2, 1}), "");
  EXPECT_EQ(Unknown(EventType::kGoBlock, {9, 5}), "") << "behind a hole among the ids";
}

TEST_F(IdCheckTest, NamesTheFirstThatIsMissing) {
  EXPECT_EQ(Unknown(EventType::kGoBlock, {3, 1}), "string 3");
  EXPECT_EQ(Unknown(EventType::kGoBlock, {10, 1}), "string 10");
  EXPECT_EQ(Unknown(EventType::kGoBlock, {2, 4}), "stack 4");
  EXPECT_EQ(Unknown(EventType::kGoBlock, {3, 4}), "stack 4");
  EXPECT_EQ(Unknown(EventType::kGoCreate, {77, 2, 3}), "stack 3");
  EXPECT_EQ(Unknown(EventType::kUserLog, {77, 1, ~std::uint64_t{0}, 1}),
            "string 18446744073709551615");
}

TEST_F(IdCheckTest, LeavesOtherNumbersAlone) {
  EXPECT_EQ(Unknown(EventType::kGoStart, {1000, 1000}), "");
  EXPECT_EQ(Unknown(EventType::kGoUnblock, {1000, 1000, 5}), "");
  EXPECT_EQ(Unknown(EventType::kCpuSample, {1000}), "");
  EXPECT_EQ(Unknown(kSyncEvent, {1000}), "");
}

TEST(IdCheck, PassesWhatHasNoIdsBeforeAnyGeneration) {
  OrderedEvent sync;
  sync.type = kSyncEvent;
  sync.args[0] = 1;
  EXPECT_TRUE(IdCheck().Passes(sync));
}

}  // namespace
}  // namespace gtengine::order
