#include "engine/order/legacy_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/order/legacy_trace.h"

namespace gtengine::order {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Sketch;
using enum testing::EventType;

class LegacyCheckTest : public ::testing::Test {
 protected:
  // Goroutine 1 runs on P 0, 2 and 3 are runnable.
  LegacyCheckTest() {
    Pass({.type = kProcStart});
    for (const std::uint64_t g : {1, 2, 3}) Pass({.type = kGoCreate, .args = {g}});
    Pass({.type = kGoStart, .g = 1});
  }

  void Pass(const Sketch& sketch) {
    const Status added = check_.Add(sketch.event());
    EXPECT_TRUE(added.ok()) << added.error().ToString();
  }
  void Refuse(const Sketch& sketch, const std::string& words) {
    const Status added = check_.Add(sketch.event());
    ASSERT_FALSE(added.ok()) << words;
    EXPECT_EQ(added.error().byte_offset, 16u);
    EXPECT_THAT(added.error().what, HasSubstr(words));
  }

  LegacyCheck check_;
};

TEST_F(LegacyCheckTest, FollowsPs) {
  Refuse({.type = kProcStart}, "the P runs already");
  Refuse({.type = kProcStop}, "the P runs a goroutine");
  Pass({.type = kGoSched, .g = 1});
  Pass({.type = kProcStop});
  Refuse({.type = kProcStop}, "ProcStop on P 0 and goroutine 0: the P does not run");
  Refuse({.type = kProcStop, .p = 5}, "the P does not run");
  Pass({.type = kProcStart});
}

TEST_F(LegacyCheckTest, FollowsGoroutines) {
  Refuse({.type = kGoStart, .g = 2}, "another goroutine runs on the P");
  Refuse({.type = kGoStart, .g = 1, .p = 1}, "the goroutine is not runnable");
  Refuse({.type = kGoStart, .g = 9, .p = 1}, "the goroutine is not runnable");
  Refuse({.type = kGoSched, .g = 2}, "the goroutine does not run");
  Refuse({.type = kGoSched, .g = 1, .p = 1}, "the goroutine does not run on the P");
  Refuse({.type = kGoSched, .p = 1}, "it is on no goroutine");
  Refuse({.type = kGoCreate, .g = 1, .args = {2}}, "there is such a goroutine");
  Refuse({.type = kGoCreate, .g = 1, .args = {0}}, "there is such a goroutine");
  Pass({.type = kGoEnd, .g = 1});
  Refuse({.type = kGoCreate, .args = {1}}, "there is such a goroutine");
  Refuse({.type = kGoStart, .g = 1}, "the goroutine is not runnable");
}

TEST_F(LegacyCheckTest, FollowsBlocks) {
  Pass({.type = kGoBlockRecv, .g = 1});
  Pass({.type = kGoStart, .g = 2});
  Refuse({.type = kGoUnblock, .g = 2, .args = {3}}, "the goroutine that it wakes does not wait");
  Pass({.type = kGoUnblock, .g = 2, .args = {1}});
  Refuse({.type = kGoUnblock, .g = 2, .args = {1}}, "the goroutine that it wakes does not wait");
  Refuse({.type = kGoUnblock, .g = 3, .args = {1}}, "the goroutine does not run");
  Refuse({.type = kGoUnblock, .g = 2, .p = 4, .args = {1}}, "does not run on the P");
  Pass({.type = kGoStop, .g = 2});
  Refuse({.type = kGoUnblock, .args = {2}}, "the goroutine that it wakes does not wait");
}

TEST_F(LegacyCheckTest, LetsTimersWakeFromAnywhere) {
  Pass({.type = kGoSleep, .g = 1});
  Pass({.type = kGoStart, .g = 2, .p = 7});
  Pass({.type = kGoUnblock, .g = 2, .p = wire::v1::kTimerProc, .args = {1}});
}

TEST_F(LegacyCheckTest, FollowsSystemCalls) {
  Refuse({.type = kGoSysCall, .p = 3}, "it is on no goroutine");
  Refuse({.type = kGoSysExit, .g = 1}, "the goroutine is in no system call");
  Pass({.type = kGoSysCall, .g = 1});
  Pass({.type = kGoSysBlock, .g = 1});
  Pass({.type = kGoSysExit, .g = 1});
  Pass({.type = kGoInSyscall, .g = 1});
  Refuse({.type = kGoWaiting, .g = 1}, "the goroutine is not runnable");
  Pass({.type = kGoSysExit, .g = 1});
}

TEST_F(LegacyCheckTest, SeesWhichCallsBlocked) {
  Pass({.type = kGoSysCall, .g = 1});
  Pass({.type = kHeapAlloc});
  Pass({.type = kGoSysBlock, .g = 1});
  Pass({.type = kGoStart, .g = 2});
  Pass({.type = kGoSysCall, .g = 2});
  // As in Go, whatever comes next on the goroutine decides.
  Pass({.type = kCpuSample, .g = 2});
  Pass({.type = kGoSysBlock, .g = 2});
  Pass({.type = kGoStart, .g = 3});
  Pass({.type = kGoSysCall, .g = 3});
  Pass({.type = kGoSysCall, .g = 3});
  EXPECT_THAT(check_.TakeBlockedCalls(), ElementsAre(true, false, false, false));
}

TEST_F(LegacyCheckTest, FollowsTheCollector) {
  Refuse({.type = kGcDone}, "no collection is under way");
  Pass({.type = kGcStart});
  Refuse({.type = kGcStart}, "a collection is under way");
  Pass({.type = kGcDone});
  Refuse({.type = kStwDone}, "the world is not stopped");
  Pass({.type = kStwStart});
  Refuse({.type = kStwStart}, "the world is stopped already");
  Pass({.type = kStwDone});
  Refuse({.type = kGcSweepDone}, "the P does not sweep");
  Pass({.type = kGcSweepStart});
  Refuse({.type = kGcSweepStart}, "the P sweeps already");
  Pass({.type = kGcSweepStart, .p = 1});
  Pass({.type = kGcSweepDone});
  Pass({.type = kGcMarkAssistDone, .g = 1});
  Pass({.type = kGcMarkAssistStart, .g = 1});
  Refuse({.type = kGcMarkAssistStart, .g = 1}, "the goroutine assists already");
  Pass({.type = kGcMarkAssistDone, .g = 1});
  Pass({.type = kGcMarkAssistStart, .g = 1});
}

// Also one that was never created, and can no longer be.
TEST_F(LegacyCheckTest, RemembersWhoAssisted) {
  Pass({.type = kGcMarkAssistDone, .g = 9});
  Refuse({.type = kGoCreate, .g = 1, .args = {9}}, "there is such a goroutine");
}

TEST_F(LegacyCheckTest, FollowsTasksAndRegions) {
  Pass({.type = kUserTaskCreate, .args = {5}});
  Refuse({.type = kUserTaskCreate, .args = {5}}, "there is such a task");
  Pass({.type = kUserTaskEnd, .args = {5}});
  Pass({.type = kUserTaskEnd, .args = {6}});
  Pass({.type = kUserTaskCreate, .args = {5}});
  Pass({.type = kUserRegion, .g = 1, .args = {5, 1, 7}});  // began before the trace
  Pass({.type = kUserRegion, .g = 1, .args = {5, 0, 7}});
  Pass({.type = kUserRegion, .g = 1, .args = {5, 0, 8}});
  Refuse({.type = kUserRegion, .g = 1, .args = {5, 1, 7}}, "another region is the innermost");
  Refuse({.type = kUserRegion, .g = 1, .args = {6, 1, 8}}, "another region is the innermost");
  Pass({.type = kUserRegion, .g = 1, .args = {5, 1, 8}});
  Pass({.type = kUserRegion, .g = 2, .args = {5, 1, 9}});
  Refuse({.type = kUserRegion, .g = 1, .args = {5, 2, 7}}, "neither a begin nor an end");
  Pass({.type = kGoEnd, .g = 1});
  Pass({.type = kUserRegion, .g = 1, .args = {5, 1, 1}});
}

}  // namespace
}  // namespace gtengine::order
