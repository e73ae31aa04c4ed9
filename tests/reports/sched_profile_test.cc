#include "engine/reports/sched_profile.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "engine/reports/sched.h"
#include "tests/reports/trace_rows.h"

namespace gtengine {
namespace {

const std::vector<TestFrame> kSend = {{"runtime.chansend1", "runtime/chan.go", 161},
                                      {"main.produce", "main.go", 10},
                                      {"main.main", "main.go", 20}};
const std::vector<TestFrame> kSendElsewhere = {{"runtime.chansend1", "runtime/chan.go", 161},
                                               {"main.produce", "main.go", 10},
                                               {"main.other", "main.go", 30}};
const std::vector<TestFrame> kGo = {{"main.main", "main.go", 25}};

TEST(SchedProfileTest, KeepsStacksWhole) {
  const auto partial = PartialOf(SchedReport(), {},
                                 {{.duration_ns = 50, .stack = kSend},
                                  {.duration_ns = 60, .stack = kSendElsewhere},
                                  {.duration_ns = 70, .stack = kSend},
                                  {.duration_ns = 1000, .stack = kGo, .flags = kNeverRanYet},
                                  {.duration_ns = 2, .cause = SpanCause::kSyscallEnded}});
  const auto& sched = dynamic_cast<const SchedPartial&>(*partial);
  const SchedProfile profile = SummarizeSched(sched, false);
  EXPECT_EQ(profile.count, 5u);
  EXPECT_TRUE(profile.time_ns == 1182);
  EXPECT_EQ(profile.max_ns, 1000);
  EXPECT_EQ(profile.stacks, 4u);
  std::map<std::vector<std::string>, std::uint64_t> stacks;
  VisitSchedStacks(sched, true,
                   [&](const std::vector<std::string>& frames, std::uint64_t count, Uint128) {
                     stacks[frames] = count;
                   });
  EXPECT_EQ(stacks.size(), 3u);
  EXPECT_EQ((stacks[{"runtime.chansend1 runtime/chan.go:161", "main.produce main.go:10",
                     "main.main main.go:20"}]),
            2u);
  EXPECT_EQ(stacks[{}], 1u);
}

}  // namespace
}  // namespace gtengine
