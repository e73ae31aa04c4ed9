#include "engine/order/boundary_state.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gtengine::order {
namespace {

using wire::EventType;
using wire::GoStatus;
using wire::ProcStatus;

BoundaryState::Goroutine Go(std::int64_t id, GoStatus status = GoStatus::kWaiting,
                            std::uint32_t regions = 0) {
  return {
      .id = GoId{id}, .status = status, .is_from_before = true, .ranges = 0, .regions = regions};
}

BoundaryState::Thread Thread(std::int64_t id, std::int64_t g = Raw(kNoGoroutine),
                             std::int64_t p = Raw(kNoProc)) {
  return {.id = ThreadId{id}, .g = GoId{g}, .p = ProcId{p}};
}

// A part that knows all there is: two goroutines, one of them running.
PartialOrder Part() {
  PartialOrder part;
  part.begin.last_ns = 100;
  part.begin.gc = BoundaryState::Gc::kNotRunning;
  part.begin.gc_sequence = 4;
  part.begin.goroutines = {Go(1, GoStatus::kRunning), Go(2)};
  part.begin.procs = {{.id = ProcId{0}, .status = ProcStatus::kRunning, .ranges = {}}};
  part.begin.threads = {Thread(7, 1, 0), Thread(8)};
  part.end = part.begin;
  part.end.last_ns = 200;
  part.assumptions.is_on = true;
  return part;
}

using Change = std::function<void(BoundaryState& truth, PartialOrder& part)>;

std::optional<BoundaryState> After(const Change& change) {
  PartialOrder part = Part();
  BoundaryState truth = part.begin;
  change(truth, part);
  return Continue(truth, part);
}

bool Holds(const Change& change) { return After(change).has_value(); }

TEST(BoundaryStateTest, HoldsWhereNothingDiffers) {
  const auto end = After([](BoundaryState&, PartialOrder&) {});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->last_ns, 200);
  EXPECT_EQ(end->goroutines.size(), 2u);
}

TEST(BoundaryStateTest, RefusesAnotherTime) {
  EXPECT_FALSE(Holds([](BoundaryState& truth, PartialOrder&) { ++truth.last_ns; }));
}

TEST(BoundaryStateTest, RefusesWhatHadNoWarmUpOrTooManyNotes) {
  EXPECT_FALSE(Holds([](BoundaryState&, PartialOrder& part) { part.assumptions.is_on = false; }));
  EXPECT_FALSE(
      Holds([](BoundaryState&, PartialOrder& part) { part.assumptions.are_too_many = true; }));
}

TEST(BoundaryStateTest, RefusesOtherGoroutines) {
  const auto with = [](std::vector<BoundaryState::Goroutine> goroutines) {
    return Holds([&](BoundaryState& truth, PartialOrder&) { truth.goroutines = goroutines; });
  };
  EXPECT_TRUE(with({Go(1, GoStatus::kRunning), Go(2)}));
  EXPECT_FALSE(with({Go(1, GoStatus::kRunning)}));
  EXPECT_FALSE(with({Go(1, GoStatus::kRunning), Go(3)}));
  EXPECT_FALSE(with({Go(1, GoStatus::kRunning), Go(2, GoStatus::kRunnable)}));
}

TEST(BoundaryStateTest, RefusesOtherRanges) {
  const OpenRanges::Range assist{.begin = EventType::kGcMarkAssistBegin, .reason = 0};
  EXPECT_FALSE(Holds([&](BoundaryState& truth, PartialOrder&) {
    truth.goroutines[1].ranges = 1;
    truth.goroutine_ranges = {assist};
  }));
  EXPECT_FALSE(Holds([&](BoundaryState& truth, PartialOrder&) {
    truth.procs[0].ranges = {{.begin = EventType::kGcSweepBegin, .reason = 0}};
  }));
}

TEST(BoundaryStateTest, TakesOverAPThatWasNotMentioned) {
  const BoundaryState::Proc other{.id = ProcId{3}, .status = ProcStatus::kIdle, .ranges = {}};
  const auto end =
      After([&](BoundaryState& truth, PartialOrder&) { truth.procs.push_back(other); });
  ASSERT_TRUE(end);
  EXPECT_EQ(end->procs, (std::vector{Part().begin.procs[0], other}));
  EXPECT_FALSE(Holds([&](BoundaryState& truth, PartialOrder& part) {
    truth.procs.push_back(other);
    part.assumptions.new_procs = {ProcId{3}};
  })) << "it was taken for a new one";
  EXPECT_FALSE(
      Holds([&](BoundaryState&, PartialOrder& part) { part.begin.procs.push_back(other); }));
}

TEST(BoundaryStateTest, ThreadsCountOnlyWithWhatIsBoundToThem) {
  const auto end =
      After([](BoundaryState& truth, PartialOrder&) { truth.threads.push_back(Thread(9)); });
  ASSERT_TRUE(end);
  EXPECT_EQ(end->threads, (std::vector{Thread(7, 1, 0), Thread(8), Thread(9)}));
  EXPECT_FALSE(
      Holds([](BoundaryState& truth, PartialOrder&) { truth.threads.push_back(Thread(9, 2)); }));
  EXPECT_FALSE(Holds([](BoundaryState& truth, PartialOrder&) { truth.threads[1] = Thread(8, 2); }));
  EXPECT_TRUE(Holds([](BoundaryState& truth, PartialOrder&) { truth.threads.pop_back(); }));
  EXPECT_FALSE(Holds([](BoundaryState& truth, PartialOrder& part) {
    truth.threads.push_back(Thread(9));
    part.assumptions.new_threads = {ThreadId{9}};
  })) << "a status may bind only a thread that nothing is known of";
}

TEST(BoundaryStateTest, ACollectionThatWasNotMentionedGoesOn) {
  const auto unknown = [](BoundaryState::Gc gc, std::optional<std::uint64_t> first) {
    return After([&](BoundaryState& truth, PartialOrder& part) {
      truth.gc = gc;
      part.begin.gc = part.end.gc = BoundaryState::Gc::kUndetermined;
      part.begin.gc_sequence = part.end.gc_sequence = 0;
      part.assumptions.first_gc = first;
    });
  };
  const auto end = unknown(BoundaryState::Gc::kNotRunning, std::nullopt);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->gc, BoundaryState::Gc::kNotRunning);
  EXPECT_EQ(end->gc_sequence, 4u);
  EXPECT_TRUE(unknown(BoundaryState::Gc::kNotRunning, 5));
  EXPECT_FALSE(unknown(BoundaryState::Gc::kNotRunning, 6));
  EXPECT_FALSE(unknown(BoundaryState::Gc::kRunning, 5));
  EXPECT_FALSE(Holds([](BoundaryState& truth, PartialOrder&) { ++truth.gc_sequence; }));
}

TEST(BoundaryStateTest, OuterRegionsEndWhereTheyMust) {
  const NamedRegion inner{.task = TaskId{1}, .name = "inner"};
  const NamedRegion outer{.task = TaskId{1}, .name = "outer"};
  const NamedRegion outermost{.task = TaskId{1}, .name = "outermost"};
  const auto with = [&](const std::vector<NamedRegion>& ends) {
    return After([&](BoundaryState& truth, PartialOrder& part) {
      truth.goroutines[1].regions = 3;
      truth.regions = {inner, outer, outermost};
      part.begin.goroutines[1].regions = 1;
      part.begin.regions = {inner};
      for (const NamedRegion& end : ends) {
        part.assumptions.region_ends.push_back({.g = GoId{2}, .region = end});
      }
    });
  };
  const auto open = with({outer});
  ASSERT_TRUE(open);
  EXPECT_EQ(open->goroutines[1].regions, 1u);
  EXPECT_EQ(open->regions, (std::vector{outermost}));
  EXPECT_EQ(with({})->regions, (std::vector{outer, outermost}));
  EXPECT_TRUE(with({outer, outermost, inner})) << "what began before the trace has no beginning";
  EXPECT_FALSE(with({outermost}));
  EXPECT_FALSE(Holds([&](BoundaryState& truth, PartialOrder& part) {
    truth.goroutines[1].regions = part.begin.goroutines[1].regions = 1;
    truth.regions = {outer};
    part.begin.regions = {inner};
  }));
}

TEST(BoundaryStateTest, OldTasksStayOpenUntilTheyEnd) {
  const BoundaryState::Task old{.id = 5, .parent = kNoTask, .name = "old"};
  const auto with = [&](std::uint64_t least_begun, const std::vector<std::uint64_t>& ended) {
    return After([&](BoundaryState& truth, PartialOrder& part) {
      truth.tasks = {old};
      part.assumptions.least_task = least_begun;
      part.assumptions.ended_tasks = ended;
    });
  };
  EXPECT_EQ(with(6, {})->tasks, (std::vector{old}));
  EXPECT_TRUE(with(6, {5})->tasks.empty());
  EXPECT_FALSE(with(5, {})) << "it would have begun twice";
  EXPECT_FALSE(Holds([&](BoundaryState&, PartialOrder& part) { part.begin.tasks = {old}; }));
}

}  // namespace
}  // namespace gtengine::order
