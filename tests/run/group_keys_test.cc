#include "engine/run/group_keys.h"

#include <gtest/gtest.h>

namespace gtengine::run {
namespace {

TraceFacts Facts() {
  TraceFacts facts;
  facts.origin = {.service = "shop", .host = "web", .date = "20260102", .time = "233000"};
  facts.format = 23;
  return facts;
}

TEST(GroupKeysTest, NamesComeBack) {
  for (const GroupKey key : {GroupKey::kService, GroupKey::kHost, GroupKey::kDay, GroupKey::kHour,
                             GroupKey::kVersion, GroupKey::kTask, GroupKey::kGoroutine}) {
    EXPECT_EQ(ParseGroupKey(Name(key)).value(), key);
  }
  const auto bad = ParseGroupKey("week");
  ASSERT_FALSE(bad.ok());
  EXPECT_NE(bad.error().what.find(GroupKeyNames()), std::string::npos);
}

TEST(GroupKeysTest, DaysAndHoursAreThoseOfTheZone) {
  Selection selection{.filters = {}, .group_by = {GroupKey::kDay, GroupKey::kHour}, .zone = {}};
  EXPECT_EQ(GroupOf(Facts(), {}, selection), (GroupTexts{"2026-01-02", "2026-01-02 23:00"}));
  TraceFacts facts = Facts();
  facts.wall_seconds = 1'767'355'200;  // 2026-01-02T12:00:00Z, whatever the path says
  selection.zone = TimeZone::Parse("+12:30").value();
  EXPECT_EQ(GroupOf(facts, {}, selection), (GroupTexts{"2026-01-03", "2026-01-03 00:00"}));
  facts.wall_seconds.reset();
  facts.origin.date.clear();
  EXPECT_EQ(GroupOf(facts, {}, selection), (GroupTexts{"", ""}));
}

TEST(GroupKeysTest, TextsOfRowsGoWhereTheirKeysStand) {
  const GroupTexts rows = {"checkout", "main.serve"};  // in the order of GroupKey
  Selection selection{.filters = {},
                      .group_by = {GroupKey::kGoroutine, GroupKey::kVersion, GroupKey::kTask},
                      .zone = {}};
  EXPECT_EQ(GroupOf(Facts(), rows, selection), (GroupTexts{"main.serve", "go 1.23", "checkout"}));
  selection.group_by = {GroupKey::kHost, GroupKey::kGoroutine, GroupKey::kService};
  EXPECT_EQ(GroupOf(Facts(), {"main.f"}, selection), (GroupTexts{"web", "main.f", "shop"}));
}

}  // namespace
}  // namespace gtengine::run
