#include "tools/tracegen/names.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/wire/format.h"

namespace gtengine::tracegen {
namespace {

TEST(Names, EachKindStandsTogether) {
  const Names names = MakeNames(200, 10);
  const auto at = [&](std::size_t index) { return names.texts.at(index); };
  EXPECT_EQ(names.texts.size(), 200u);
  EXPECT_EQ(at(static_cast<std::size_t>(Text::kNetwork)), "network");
  EXPECT_EQ(at(static_cast<std::size_t>(Text::kMarkTermination)), "GC mark termination");
  EXPECT_EQ(at(static_cast<std::size_t>(Text::kGcIdle)), "GC (idle)");
  EXPECT_EQ(at(names.tasks), "GET /items");
  EXPECT_EQ(at(names.regions), "decode request");
  EXPECT_EQ(at(names.log_keys), "user");
  EXPECT_EQ(at(names.functions + 9), "example.com/shop/stock.(*Store2).Send9");
  EXPECT_EQ(at(names.files + 2), "/src/example.com/shop/stock/store2.go");
  EXPECT_EQ(names.files + 3, names.log_values);
}

TEST(Names, AreDistinctAndShort) {
  const Names names = MakeNames(5000, 1000);
  const std::set<std::string> distinct(names.texts.begin(), names.texts.end());
  EXPECT_EQ(distinct.size(), 5000u);
  for (const std::string& text : names.texts) {
    EXPECT_FALSE(text.empty());
    EXPECT_LE(text.size(), wire::kMaxStringBytes);
  }
}

TEST(Names, FewestLeaveOneValueForLogs) {
  for (const std::uint32_t functions : {0u, 1u, 4u, 5u}) {
    const std::uint32_t least = LeastTexts(functions);
    EXPECT_EQ(MakeNames(least, functions).log_values, least - 1);
    EXPECT_DEATH(MakeNames(least - 1, functions), "internal error");
  }
}

}  // namespace
}  // namespace gtengine::tracegen
