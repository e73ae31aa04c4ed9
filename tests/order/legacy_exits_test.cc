#include "engine/order/legacy_exits.h"

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
using testing::Sketch;

std::string Complaint(LegacyExits& exits, const Sketch& sketch) {
  const Status added = exits.Add(sketch.event());
  return added.ok() ? "" : added.error().ToString();
}

Sketch Exit(std::uint64_t g, std::int64_t ticks, std::uint64_t when) {
  return {.type = EventType::kGoSysExit, .g = g, .args = {g, 1, when}, .ticks = ticks};
}

TEST(LegacyExits, AreSortedByTheTimesThatTheyTell) {
  LegacyExits exits({});
  EXPECT_EQ(Complaint(exits, {.type = EventType::kGoSysBlock, .g = 1, .ticks = 10}), "");
  EXPECT_EQ(Complaint(exits, {.type = EventType::kGoInSyscall, .g = 2, .ticks = 10}), "");
  EXPECT_EQ(Complaint(exits, {.type = EventType::kGoSysBlock, .g = 3, .ticks = 10}), "");
  EXPECT_EQ(Complaint(exits, Exit(1, 20, 15)), "");
  EXPECT_EQ(Complaint(exits, Exit(2, 20, 12)), "");
  EXPECT_EQ(Complaint(exits, Exit(3, 20, 15)), "");
  std::vector<std::uint64_t> gs;
  for (const LegacyExit& exit : exits.Sort()) gs.push_back(exit.g);
  EXPECT_THAT(gs, ElementsAre(2, 1, 3));
  EXPECT_EQ(exits.Sort()[0].number, 4u);
  EXPECT_EQ(exits.Sort()[0].ticks, 12);
}

TEST(LegacyExits, WithoutATimeStay) {
  LegacyExits exits({});
  EXPECT_EQ(Complaint(exits, Exit(1, 20, 0)), "");
  EXPECT_TRUE(exits.Sort().empty());
}

TEST(LegacyExits, NeedASystemCallBefore) {
  LegacyExits exits({});
  EXPECT_THAT(Complaint(exits, Exit(1, 20, 15)), HasSubstr("byte 16: GoSysExit: goroutine 1"));
  EXPECT_EQ(Complaint(exits, {.type = EventType::kGoSysBlock, .g = 1, .ticks = 20}), "");
  EXPECT_THAT(Complaint(exits, Exit(1, 20, 19)), HasSubstr("a time before the system call"));
  EXPECT_EQ(Complaint(exits, Exit(1, 20, 20)), "");
}

TEST(LegacyExits, SeeTimesThatFall) {
  LegacyExits exits({});
  EXPECT_EQ(Complaint(exits, {.type = EventType::kGoEnd, .ticks = -5}), "");
  EXPECT_EQ(Complaint(exits, {.type = EventType::kGoEnd, .ticks = -5}), "");
  EXPECT_THAT(Complaint(exits, {.type = EventType::kGoEnd, .ticks = -6}),
              HasSubstr("its time is before"));
}

}  // namespace
}  // namespace gtengine::order
