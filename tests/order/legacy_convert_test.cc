#include "engine/order/legacy_convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tests/order/legacy_trace.h"

namespace gtengine::order {
namespace {

using ::testing::ElementsAre;
using testing::LegacyBytes;
using testing::LegacyTrace;
using testing::Sketch;
using enum testing::EventType;
using V2 = wire::EventType;

// Converts events one by one, with strings 1 to 3 and stacks 1 and 2.
class LegacyConvertTest : public ::testing::Test {
 protected:
  explicit LegacyConvertTest(wire::Version version = wire::Version::k21)
      : trace_(LegacyBytes()
                   .Batch(0, 0)
                   .Frequency()
                   .String(1, "one")
                   .String(2, "two")
                   .String(3, "three")
                   .Stack(1, {{0x10, 1, 2, 3}})
                   .Stack(2, {{0x20, 1, 2, 3}})
                   .Log(0, 0, 1, 0, "message")) {
    for (const wire::v1::Batch& batch : trace_.index().batches()) {
      EXPECT_TRUE(tables_.AddBatch(trace_.view(), trace_.version(), batch).ok());
    }
    EXPECT_TRUE(tables_.Finish(LegacyStrings(), strings_).ok());
    converter_.emplace(version, tables_, strings_, wire::v1::Clock(1000, 1'000'000'000),
                       blocked_calls_);
  }

  std::vector<OrderedEvent> Convert(const Sketch& sketch, std::string_view message = "message") {
    std::array<OrderedEvent, LegacyConverter::kMaxEvents> out;
    LegacyEvent event = sketch.event();
    event.text = message;
    const auto count = converter_->Convert(event, out.data());
    EXPECT_TRUE(count.has_value());
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count.value_or(0))};
  }
  OrderedEvent One(const Sketch& sketch) {
    const std::vector<OrderedEvent> events = Convert(sketch);
    EXPECT_EQ(events.size(), 1u);
    return events.empty() ? OrderedEvent() : events.front();
  }
  // Goroutine 1 runs on P 0 of thread 70, after the start of the trace.
  void Begin() {
    Convert({.type = kProcStart, .args = {70}});
    Convert({.type = kGoCreate, .args = {1}});
    Convert({.type = kGoStart, .g = 1, .args = {1, 1}});
    Convert({.type = kGomaxprocs, .g = 1, .args = {4}});
    EXPECT_FALSE(converter_->has_statuses());
  }
  std::string_view Text(std::uint64_t id) { return strings_.String(id).value_or("unknown"); }

  LegacyTrace trace_;
  wire::v1::Tables tables_;
  wire::GenerationTables strings_;
  std::vector<bool> blocked_calls_;
  std::optional<LegacyConverter> converter_;
};

void ExpectMove(const OrderedEvent& event, GoState from, GoState to) {
  EXPECT_EQ(event.from, static_cast<std::uint8_t>(from));
  EXPECT_EQ(event.to, static_cast<std::uint8_t>(to));
}

TEST_F(LegacyConvertTest, TellsGoroutinesFromBeforeTheTrace) {
  for (const std::uint64_t g : {9, 8, 7, 6, 5}) {
    EXPECT_TRUE(Convert({.type = kGoCreate, .args = {g}}).empty());
  }
  const OrderedEvent waiting = One({.type = kGoWaiting, .g = 5, .args = {5}});
  EXPECT_EQ(waiting.type, V2::kGoStatus);
  EXPECT_EQ(waiting.args[0], 5u);
  ExpectMove(waiting, GoState::kUndetermined, GoState::kWaiting);
  ExpectMove(One({.type = kGoInSyscall, .g = 6, .args = {6}}), GoState::kUndetermined,
             GoState::kSyscall);
  const OrderedEvent running = One({.type = kGoStart, .g = 7, .args = {7, 1}});
  EXPECT_EQ(running.type, V2::kGoStatus);
  ExpectMove(running, GoState::kUndetermined, GoState::kRunning);
  EXPECT_FALSE(converter_->has_statuses());
  EXPECT_TRUE(Convert({.type = kGomaxprocs, .g = 7, .args = {4}, .ticks = 1500}).empty());
  for (const std::int64_t g : {8, 9}) {
    ASSERT_TRUE(converter_->has_statuses());
    OrderedEvent status;
    converter_->TakeStatus(status);
    EXPECT_EQ(SubjectGoroutine(status), GoId{g});
    EXPECT_EQ(status.g, kNoGoroutine);
    EXPECT_EQ(status.p, kNoProc);
    EXPECT_EQ(status.m, kNoThread);
    EXPECT_EQ(status.time_ns, 500);
    ExpectMove(status, GoState::kUndetermined, GoState::kRunnable);
  }
  EXPECT_FALSE(converter_->has_statuses());
  EXPECT_EQ(One({.type = kGomaxprocs, .args = {4}, .stack = 2}).type, V2::kProcsChange);
}

TEST_F(LegacyConvertTest, FollowsPsAndTheirThreads) {
  const OrderedEvent first = One({.type = kProcStart, .p = 3, .args = {70}, .ticks = 1001});
  EXPECT_EQ(first.type, V2::kProcStatus);
  EXPECT_EQ(first.time_ns, 1);
  EXPECT_EQ(first.m, ThreadId{70});
  EXPECT_EQ(first.p, ProcId{3});
  EXPECT_EQ(first.args[0], 3u);
  EXPECT_EQ(first.from, static_cast<std::uint8_t>(ProcState::kUndetermined));
  EXPECT_EQ(first.to, static_cast<std::uint8_t>(ProcState::kRunning));
  const OrderedEvent stop = One({.type = kProcStop, .p = 3});
  EXPECT_EQ(stop.type, V2::kProcStop);
  EXPECT_EQ(stop.m, ThreadId{70});
  EXPECT_EQ(One({.type = kHeapAlloc, .p = 3}).m, kNoThread);
  const OrderedEvent again = One({.type = kProcStart, .p = 3, .args = {71}});
  EXPECT_EQ(again.type, V2::kProcStart);
  EXPECT_EQ(again.m, ThreadId{71});
  EXPECT_EQ(One({.type = kProcStop, .p = 4}).type, V2::kProcStatus);
}

TEST_F(LegacyConvertTest, FollowsAGoroutine) {
  Begin();
  const OrderedEvent create = One({.type = kGoCreate, .g = 1, .args = {2, 2}, .stack = 1});
  EXPECT_EQ(create.type, V2::kGoCreate);
  EXPECT_THAT(create.args, ElementsAre(2, 2, 1, 0));
  ExpectMove(create, GoState::kNotExist, GoState::kRunnable);
  const OrderedEvent preempt = One({.type = kGoPreempt, .g = 1, .stack = 2});
  EXPECT_EQ(preempt.type, V2::kGoStop);
  EXPECT_EQ(Text(preempt.args[0]), "preempted");
  EXPECT_EQ(preempt.args[1], 2u);
  EXPECT_EQ(preempt.g, GoId{1});
  ExpectMove(preempt, GoState::kRunning, GoState::kRunnable);
  const OrderedEvent start = One({.type = kGoStart, .g = 2, .args = {2, 1}});
  EXPECT_EQ(start.type, V2::kGoStart);
  EXPECT_EQ(start.g, GoId{2}) << "as in Go, it is on the goroutine that starts";
  EXPECT_EQ(start.subject_slot, create.subject_slot);
  EXPECT_EQ(start.g_slot, create.subject_slot);
  const OrderedEvent end = One({.type = kGoEnd, .g = 2});
  EXPECT_EQ(end.type, V2::kGoDestroy);
  ExpectMove(end, GoState::kRunning, GoState::kNotExist);
  EXPECT_EQ(end.subject_slot, create.subject_slot);
  const OrderedEvent next = One({.type = kGoCreate, .g = 1, .args = {3}});
  EXPECT_EQ(next.subject_slot, create.subject_slot) << "the slot is used again";
  EXPECT_LT(next.subject_slot, converter_->goroutine_slots());
}

TEST_F(LegacyConvertTest, NamesReasons) {
  Begin();
  const struct {
    testing::EventType type;
    std::string_view reason;
  } kBlocks[] = {{kGoStop, "forever"},
                 {kGoSleep, "sleep"},
                 {kGoBlock, ""},
                 {kGoBlockSend, "chan send"},
                 {kGoBlockRecv, "chan receive"},
                 {kGoBlockSelect, "select"},
                 {kGoBlockSync, "sync"},
                 {kGoBlockCond, "sync.(*Cond).Wait"},
                 {kGoBlockNet, "network"},
                 {kGoBlockGc, "GC mark assist wait for work"}};
  for (const auto& [type, reason] : kBlocks) {
    const OrderedEvent block = One({.type = type, .g = 1});
    EXPECT_EQ(block.type, V2::kGoBlock);
    EXPECT_EQ(Text(block.args[0]), reason);
    ExpectMove(block, GoState::kRunning, GoState::kWaiting);
  }
  const OrderedEvent yield = One({.type = kGoSched, .g = 1});
  EXPECT_EQ(yield.type, V2::kGoStop);
  EXPECT_EQ(Text(yield.args[0]), "runtime.Gosched");
}

TEST_F(LegacyConvertTest, WakesFromTheNetwork) {
  Begin();
  Convert({.type = kGoCreate, .g = 1, .args = {2}});
  Convert({.type = kGoBlockNet, .g = 1});
  const OrderedEvent woken = One({.type = kGoUnblock, .g = 2, .args = {1, 5}, .stack = 1});
  EXPECT_EQ(woken.type, V2::kGoUnblock);
  EXPECT_EQ(woken.p, ProcId{wire::v1::kNetworkProc});
  EXPECT_EQ(woken.m, kNoThread);
  EXPECT_EQ(woken.g, GoId{2});
  EXPECT_EQ(woken.args[2], 1u);
  ExpectMove(woken, GoState::kWaiting, GoState::kRunnable);
  Convert({.type = kGoStart, .g = 1, .args = {1}});
  Convert({.type = kGoBlockRecv, .g = 1});
  EXPECT_EQ(One({.type = kGoUnblock, .g = 2, .args = {1, 5}}).p, ProcId{0});
}

TEST_F(LegacyConvertTest, MakesTwoEventsOfACallThatDidNotBlock) {
  blocked_calls_ = {false, true};
  Begin();
  const auto call = Convert({.type = kGoSysCall, .g = 1, .ticks = 1100, .stack = 2});
  ASSERT_EQ(call.size(), 2u);
  EXPECT_EQ(call[0].type, V2::kGoSyscallBegin);
  EXPECT_EQ(call[0].args[1], 2u);
  EXPECT_EQ(call[0].m, ThreadId{70});
  ExpectMove(call[0], GoState::kRunning, GoState::kSyscall);
  EXPECT_EQ(call[1].type, V2::kGoSyscallEnd);
  EXPECT_EQ(call[1].time_ns, 101);
  EXPECT_EQ(call[1].m, ThreadId{70});
  EXPECT_EQ(call[1].subject_slot, call[0].subject_slot);
  ExpectMove(call[1], GoState::kSyscall, GoState::kRunning);
  EXPECT_EQ(One({.type = kGoSysCall, .g = 1}).type, V2::kGoSyscallBegin);
  EXPECT_TRUE(Convert({.type = kGoSysBlock, .g = 1}).empty());
  const OrderedEvent exit =
      One({.type = kGoSysExit, .g = 1, .p = wire::v1::kSyscallProc, .args = {1}});
  EXPECT_EQ(exit.type, V2::kGoSyscallEndBlocked);
  ExpectMove(exit, GoState::kSyscall, GoState::kRunnable);
}

// Go's reader has thread 0 there, where elsewhere it has none.
TEST_F(LegacyConvertTest, PutsCallsAndLabelsOfUnknownThreadsOnThread0) {
  blocked_calls_ = {false, true};
  Begin();
  EXPECT_EQ(Convert({.type = kGoSysCall, .g = 1, .p = 5})[0].m, ThreadId{0});
  EXPECT_EQ(Convert({.type = kGoSysCall, .g = 1, .p = 5})[0].m, kNoThread);
  EXPECT_EQ(Convert({.type = kGoStartLabel, .g = 1, .p = 5, .args = {1, 2, 3}})[1].m, ThreadId{0});
  EXPECT_EQ(One({.type = kHeapAlloc, .p = 5}).m, kNoThread);
}

TEST_F(LegacyConvertTest, GivesALabelBehindTheStart) {
  Begin();
  const auto events = Convert({.type = kGoStartLabel, .g = 1, .args = {1, 2, 3}});
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].type, V2::kGoStart);
  EXPECT_EQ(events[1].type, V2::kGoLabel);
  EXPECT_EQ(Text(events[1].args[0]), "three");
  EXPECT_EQ(events[1].g, GoId{1});
  EXPECT_EQ(events[1].m, ThreadId{70});
}

TEST_F(LegacyConvertTest, ConvertsTheCollector) {
  Begin();
  const OrderedEvent begin = One({.type = kGcStart, .g = 1, .args = {6}, .stack = 1});
  EXPECT_EQ(begin.type, V2::kGcBegin);
  EXPECT_EQ(begin.p, ProcId{wire::v1::kCollectorProc});
  EXPECT_THAT(begin.args, ElementsAre(6, 1, 0, 0));
  EXPECT_EQ(One({.type = kGcDone}).type, V2::kGcEnd);
  EXPECT_EQ(One({.type = kGcDone}).p, ProcId{0});
  const OrderedEvent sweep = One({.type = kGcSweepStart, .stack = 2});
  EXPECT_EQ(sweep.type, V2::kGcSweepBegin);
  EXPECT_EQ(sweep.args[0], 2u);
  EXPECT_THAT(One({.type = kGcSweepDone, .args = {10, 20}}).args, ElementsAre(10, 20, 0, 0));
  EXPECT_EQ(One({.type = kGcMarkAssistStart, .g = 1, .stack = 1}).type, V2::kGcMarkAssistBegin);
  EXPECT_EQ(One({.type = kGcMarkAssistDone, .g = 1}).type, V2::kGcMarkAssistEnd);
  EXPECT_EQ(One({.type = kHeapAlloc, .args = {5}}).args[0], 5u);
  EXPECT_EQ(One({.type = kHeapGoal, .args = {5}}).type, V2::kHeapGoal);
}

TEST_F(LegacyConvertTest, NamesWhyTheWorldIsStopped) {
  const auto reason = [&](std::uint64_t kind) {
    const OrderedEvent stop = One({.type = kStwStart, .args = {kind}});
    EXPECT_EQ(stop.type, V2::kStwBegin);
    const OrderedEvent end = One({.type = kStwDone});
    EXPECT_EQ(end.type, V2::kStwEnd);
    EXPECT_EQ(end.args[0], stop.args[0]);
    return Text(stop.args[0]);
  };
  EXPECT_EQ(reason(0), "");
  EXPECT_EQ(reason(1), "GC mark termination");
  EXPECT_EQ(reason(9), "GOMAXPROCS");
  EXPECT_EQ(reason(16), "ResetDebugLog (test)");
  EXPECT_EQ(reason(17), "");
  EXPECT_EQ(reason(~std::uint64_t{0}), "");
}

class LegacyConvert19Test : public LegacyConvertTest {
 protected:
  LegacyConvert19Test() : LegacyConvertTest(wire::Version::k19) {}
};

TEST_F(LegacyConvert19Test, CountsTwoReasonsFromZero) {
  EXPECT_EQ(Text(One({.type = kStwStart, .args = {0}}).args[0]), "GC mark termination");
  EXPECT_EQ(Text(One({.type = kStwStart, .args = {1}}).args[0]), "GC sweep termination");
  EXPECT_EQ(Text(One({.type = kStwStart, .args = {2}}).args[0]), "");
}

TEST_F(LegacyConvertTest, ConvertsAnnotations) {
  Begin();
  const OrderedEvent begin = One({.type = kUserTaskCreate, .g = 1, .args = {5, 0, 2}, .stack = 1});
  EXPECT_EQ(begin.type, V2::kUserTaskBegin);
  EXPECT_THAT(begin.args, ElementsAre(5, Raw(kNoTask), 2, 1));
  EXPECT_EQ(One({.type = kUserTaskCreate, .args = {6, 5, 77}}).args[1], 5u);
  const OrderedEvent end = One({.type = kUserTaskEnd, .args = {5}, .stack = 2});
  EXPECT_EQ(end.type, V2::kUserTaskEnd);
  EXPECT_EQ(end.args[1], 2u);
  EXPECT_EQ(end.args[2], 0u) << "as in Go, the parent is what the trace says";
  EXPECT_EQ(converter_->names().Get(static_cast<StringRef>(end.args[3])), "two");
  const OrderedEvent unnamed = One({.type = kUserTaskEnd, .args = {6}});
  EXPECT_EQ(unnamed.args[2], 5u);
  EXPECT_EQ(converter_->names().Get(static_cast<StringRef>(unnamed.args[3])), "");
  EXPECT_EQ(One({.type = kUserTaskEnd, .args = {6}}).args[2], Raw(kNoTask));
  const OrderedEvent region = One({.type = kUserRegion, .args = {5, 0, 3}, .stack = 1});
  EXPECT_EQ(region.type, V2::kUserRegionBegin);
  EXPECT_THAT(region.args, ElementsAre(5, 3, 1, 0));
  EXPECT_EQ(One({.type = kUserRegion, .args = {5, 1, 3}}).type, V2::kUserRegionEnd);
  const OrderedEvent log = One({.type = kUserLog, .args = {5, 1}, .stack = 2});
  EXPECT_EQ(log.type, V2::kUserLog);
  EXPECT_EQ(log.args[0], 5u);
  EXPECT_EQ(Text(log.args[1]), "one");
  EXPECT_EQ(Text(log.args[2]), "message");
  EXPECT_EQ(log.args[3], 2u);
}

TEST_F(LegacyConvertTest, ConvertsCpuSamples) {
  Begin();
  const OrderedEvent sample = One({.type = kCpuSample, .g = 1, .p = 0, .stack = 2});
  EXPECT_EQ(sample.type, V2::kCpuSample);
  EXPECT_EQ(sample.m, kNoThread);
  EXPECT_EQ(sample.p, ProcId{0});
  EXPECT_EQ(sample.args[0], 2u);
  EXPECT_EQ(One({.type = kCpuSample, .p = -1}).p, kNoProc);
}

TEST_F(LegacyConvertTest, TakesAStackThatIsNotThereForNone) {
  EXPECT_EQ(One({.type = kGcSweepStart, .stack = 3}).args[0], 0u);
}

TEST_F(LegacyConvertTest, KnowsNoFutileWakeups) {
  OrderedEvent out[LegacyConverter::kMaxEvents];
  EXPECT_FALSE(converter_->Convert(Sketch{.type = kFutileWakeup}.event(), out));
}

}  // namespace
}  // namespace gtengine::order
