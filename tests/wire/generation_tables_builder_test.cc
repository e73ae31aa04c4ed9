#include "engine/wire/generation_tables_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gtengine::wire {
namespace {

using ::testing::ElementsAre;

TEST(GenerationTablesBuilder, FillsTables) {
  GenerationTables tables;
  GenerationTables::Builder builder(tables);
  builder.SetFrequency(500'000'000);
  builder.AddString(9, "nine");
  builder.AddString(2, "");
  const std::uint32_t a = builder.AddFrame({.pc = 1, .function = "a", .file = "f", .line = 3});
  const std::uint32_t b = builder.AddFrame({.pc = 2, .function = "b", .file = "f", .line = 4});
  const std::uint32_t frames[] = {b, a};
  builder.AddStack(4, frames);
  builder.AddStack(1'000'000'000, std::span(frames).first(1));
  builder.Finish();
  EXPECT_EQ(tables.frequency_hz(), 500'000'000u);
  EXPECT_EQ(tables.unit().ToNs(3), 6);
  EXPECT_EQ(tables.String(9), "nine");
  EXPECT_EQ(tables.String(2), "");
  EXPECT_EQ(tables.String(3), std::nullopt);
  EXPECT_THAT(tables.Stack(4), ElementsAre(b, a));
  EXPECT_THAT(tables.Stack(1'000'000'000), ElementsAre(b));
  EXPECT_FALSE(tables.HasStack(5));
  EXPECT_EQ(tables.frames()[b].function, "b");
  EXPECT_EQ(tables.stack_count(), 2u);
  EXPECT_EQ(tables.string_count(), 2u);
}

TEST(GenerationTablesBuilder, BeginsWithNothing) {
  GenerationTables tables;
  {
    GenerationTables::Builder builder(tables);
    builder.AddString(1, "old");
    builder.Finish();
  }
  GenerationTables::Builder builder(tables);
  builder.AddString(2, "new");
  builder.Finish();
  EXPECT_FALSE(tables.HasString(1));
  EXPECT_TRUE(tables.HasString(2));
}

}  // namespace
}  // namespace gtengine::wire
