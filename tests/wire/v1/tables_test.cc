#include "engine/wire/v1/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/wire/v1/legacy_bytes.h"

namespace gtengine::wire::v1 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::LegacyBytes;

constexpr std::string_view kMore[] = {"more", ""};

// The tables of one batch.
class LegacyTablesTest : public ::testing::Test {
 protected:
  LegacyTablesTest() { trace_.Batch(0, 1); }

  Status Load() {
    const auto counts = CountRecords(trace_.padded(), Version::k21);
    EXPECT_TRUE(counts.ok());
    const auto index = TraceIndex::Build(trace_.padded(), Version::k21, *counts);
    EXPECT_TRUE(index.ok());
    for (const Batch& batch : index->batches()) {
      if (Status added = tables_.AddBatch(trace_.padded(), Version::k21, batch); !added.ok()) {
        return added;
      }
    }
    return tables_.Finish(kMore, loaded_);
  }
  std::string Complaint() {
    const Status loaded = Load();
    return loaded.ok() ? "" : loaded.error().ToString();
  }
  std::vector<std::string> FunctionsOf(std::uint64_t stack) {
    std::vector<std::string> functions;
    for (const std::uint32_t frame : loaded_.Stack(stack)) {
      functions.emplace_back(loaded_.frames()[frame].function);
    }
    return functions;
  }

  LegacyBytes trace_;
  Tables tables_;
  GenerationTables loaded_;
};

TEST_F(LegacyTablesTest, HasStringsAndStacks) {
  trace_.Frequency(15'625'000).String(1, "main.main").String(5, "main.go");
  trace_.Stack(3, {{0x10, 1, 5, 42}});
  ASSERT_EQ(Complaint(), "");
  EXPECT_EQ(loaded_.frequency_hz(), 15'625'000u);
  EXPECT_EQ(loaded_.String(5), "main.go");
  EXPECT_EQ(loaded_.String(2), std::nullopt);
  ASSERT_TRUE(loaded_.HasStack(3));
  EXPECT_TRUE(tables_.HasStack(3));
  const StackFrame& frame = loaded_.frames()[loaded_.Stack(3)[0]];
  EXPECT_EQ(frame.pc, 0x10u);
  EXPECT_EQ(frame.function, "main.main");
  EXPECT_EQ(frame.file, "main.go");
  EXPECT_EQ(frame.line, 42u);
}

TEST_F(LegacyTablesTest, GivesMessagesAndFurtherStringsIdsBehindTheGreatest) {
  trace_.Frequency().String(7, "last");
  trace_.Log(0, 0, 7, 0, "b").Log(0, 0, 7, 0, "").Log(0, 0, 7, 0, "a").Log(0, 0, 7, 0, "b");
  ASSERT_EQ(Complaint(), "");
  EXPECT_EQ(tables_.MessageId("b"), 8u);
  EXPECT_EQ(tables_.MessageId(""), 9u);
  EXPECT_EQ(tables_.MessageId("a"), 10u);
  EXPECT_EQ(tables_.MoreId(0), 11u);
  EXPECT_EQ(tables_.MoreId(1), 12u);
  EXPECT_EQ(loaded_.String(8), "b");
  EXPECT_EQ(loaded_.String(11), "more");
  EXPECT_EQ(loaded_.String(12), "");
  EXPECT_EQ(loaded_.String(13), std::nullopt);
}

TEST_F(LegacyTablesTest, TakesTheLastStackButTheFirstFrameOfAPc) {
  trace_.Frequency().String(1, "first").String(2, "second");
  trace_.Stack(1, {{0x10, 1, 1, 1}}).Stack(2, {{0x10, 2, 2, 2}, {0x20, 2, 2, 2}});
  trace_.Stack(1, {{0x20, 1, 1, 1}});
  ASSERT_EQ(Complaint(), "");
  EXPECT_THAT(FunctionsOf(1), ElementsAre("second"));
  EXPECT_THAT(FunctionsOf(2), ElementsAre("first", "second"));
}

TEST_F(LegacyTablesTest, PassesOverStacksWithoutFramesOrId) {
  trace_.Frequency().String(1, "f");
  trace_.Stack(0, {{0x10, 1, 1, 1}}).Stack(4, {}).Stack(std::uint64_t{1} << 32, {{0x10, 1, 1, 1}});
  ASSERT_EQ(Complaint(), "");
  EXPECT_EQ(tables_.stack_count(), 0u);
  EXPECT_FALSE(tables_.HasStack(4));
}

// Go's reader stumbles over such a stack when it shows it, and not before.
TEST_F(LegacyTablesTest, LeavesOutAStackWithoutItsStrings) {
  trace_.Frequency().String(1, "f").Stack(1, {{0x10, 1, 1, 1}}).Stack(2, {{0x20, 9, 1, 1}});
  trace_.Stack(3, {{0x30, 0, 0, 1}});
  ASSERT_EQ(Complaint(), "");
  EXPECT_TRUE(loaded_.HasStack(1));
  EXPECT_FALSE(loaded_.HasStack(2));
  EXPECT_TRUE(tables_.HasStack(2));
  EXPECT_TRUE(loaded_.HasStack(3)) << "string 0 is the empty one";
}

TEST_F(LegacyTablesTest, KnowsTimerGoroutines) {
  EXPECT_FALSE(tables_.IsTimerGoroutine(0));
  trace_.Frequency().Record(EventType::kTimerGoroutine, {5});
  ASSERT_EQ(Complaint(), "");
  EXPECT_TRUE(tables_.IsTimerGoroutine(5));
  EXPECT_FALSE(tables_.IsTimerGoroutine(6));
}

TEST_F(LegacyTablesTest, NeedsAFrequency) {
  trace_.String(1, "a");
  EXPECT_THAT(Complaint(), HasSubstr("does not tell its clock's frequency"));
}

TEST_F(LegacyTablesTest, RefusesAFrequencyThatIsNone) {
  trace_.Frequency(std::uint64_t{1} << 63);
  EXPECT_THAT(Complaint(), HasSubstr("byte 19: a clock of -9223372036854775808 ticks"));
}

TEST_F(LegacyTablesTest, RefusesAStringThatRepeats) {
  trace_.Frequency().String(1, "a").String(1, "a");
  EXPECT_THAT(Complaint(), HasSubstr("string 1 repeats"));
}

TEST_F(LegacyTablesTest, RefusesIdsThatLeaveNoRoom) {
  trace_.Frequency().String(~std::uint64_t{0} - 1, "a");
  EXPECT_THAT(Complaint(), HasSubstr("leaves none for other strings"));
}

TEST_F(LegacyTablesTest, TakesIdsThatLeaveJustEnoughRoom) {
  trace_.Frequency().String(~std::uint64_t{0} - 2, "a");
  ASSERT_EQ(Complaint(), "");
  EXPECT_EQ(loaded_.String(~std::uint64_t{0}), "");
  EXPECT_EQ(loaded_.String(~std::uint64_t{0} - 1), "more");
}

TEST_F(LegacyTablesTest, RefusesStacksOfTheWrongLength) {
  trace_.Frequency().Led(EventType::kStack, std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6});
  EXPECT_THAT(Complaint(), HasSubstr("Stack has 6 numbers, which make no frames"));
}

TEST_F(LegacyTablesTest, RefusesOneNumberTooMany) {
  trace_.Record(EventType::kFrequency, {1, 2});
  EXPECT_THAT(Complaint(), HasSubstr("Frequency has 2 numbers instead of 1"));
}

}  // namespace
}  // namespace gtengine::wire::v1
