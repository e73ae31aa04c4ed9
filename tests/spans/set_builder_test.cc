#include "engine/spans/set_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/spans/column_recorder.h"

namespace gtengine::spans {
namespace {

using gtengine::testing::BuildSets;
using gtengine::testing::BuildSetsOf;
using gtengine::testing::ColumnRecorder;
using gtengine::testing::PaddedTrace;
using gtengine::testing::RecordSets;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

// Something of every set.
const std::string kOfEach = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  UserTaskBegin task=5 parent_task=0 name_string="order"
  UserRegionBegin task=5 name_string="r"
  GoSyscallBegin p_seq=1
  GoSyscallEnd
  GCMarkAssistBegin
  GCMarkAssistEnd
  HeapAlloc heapalloc_value=1
  GoLabel label_string="l"
  UserLog task=5 key_string="k" value_string="v"
  UserRegionEnd task=5 name_string="r"
  UserTaskEnd task=5
samples
  CPUSample time=107 m=1 p=0 g=1
expect ok 0
)";

struct SetName {
  bool SetRequest::*set;
  const char* name;
};

constexpr SetName kSets[] = {
    {&SetRequest::metrics, "metric"},
    {&SetRequest::labels, "label"},
    {&SetRequest::logs, "log"},
    {&SetRequest::samples, "sample"},
    {&SetRequest::ranges, "range"},
    {&SetRequest::proc_spans, "p="},
    {&SetRequest::syscalls, "syscall"},
    {&SetRequest::region_slices, "slice"},
    {&SetRequest::regions, "region"},
    {&SetRequest::tasks, "task"},
    {&SetRequest::generations, "generation"},
};

class SoundnessChecker : public SpanConsumer {
 public:
  SpanRequest Request() const override {
    SpanRequest request;
    for (const SetName& set : kSets) request.sets.*set.set = true;
    request.sets.proc_runnable = request.sets.sample_goroutines = true;
    request.sets.range_stacks = request.sets.region_stacks = request.sets.task_stacks = true;
    request.sets.log_stacks = request.sets.syscall_stacks = true;
    return request;
  }
  void OnGoroutineSpans(const GoroutineSpans&, const TraceTables&) override {}
  void OnLateName(std::uint32_t, StringRef, const TraceTables&) override {}
  void OnRanges(const Ranges& set, const TraceTables&) override { ExpectOrdered(set); }
  void OnProcSpans(const ProcSpans& set, const TraceTables&) override {
    ExpectOrdered(set);
    for (std::size_t i = 0; i < set.rows; ++i) {
      EXPECT_LE(set.runnable_ns[i], set.end_ns[i] - set.start_ns[i]);
    }
  }
  void OnSyscalls(const Syscalls& set, const TraceTables&) override { ExpectOrdered(set); }
  void OnTasks(const Tasks& set, const TraceTables&) override { ExpectOrdered(set); }
  void OnRegionSlices(const RegionSlices& set, const TraceTables&) override {
    ExpectOrdered(set);
    for (std::size_t i = 0; i < set.rows; ++i) {
      slices_ns_[set.region[i]] += set.end_ns[i] - set.start_ns[i];
    }
  }
  void OnRegions(const Regions& set, const TraceTables&) override {
    ExpectOrdered(set);
    for (std::size_t i = 0; i < set.rows; ++i) {
      if (set.flags[i] & kCutAtStart) continue;
      EXPECT_EQ(slices_ns_[set.region[i]], set.self_ns[i]);
    }
  }

 private:
  template <class Columns>
  static void ExpectOrdered(const Columns& set) {
    for (std::size_t i = 0; i < set.rows; ++i) EXPECT_LE(set.start_ns[i], set.end_ns[i]);
  }

  std::map<RegionId, TimeNs> slices_ns_;
};

TEST(SetBuilderTest, EachSetComesAlone) {
  for (const SetName& set : kSets) {
    SCOPED_TRACE(set.name);
    SetRequest request;
    request.*set.set = true;
    const std::vector<std::string> lines = RecordSets(kOfEach, request);
    EXPECT_FALSE(lines.empty());
    EXPECT_THAT(lines, Each(StartsWith(set.name)));
  }
}

// What one consumer wants does not change what another one gets.
TEST(SetBuilderTest, AllSetsComeTogetherInTheirOrder) {
  std::vector<std::unique_ptr<ColumnRecorder>> recorders;
  std::vector<SpanConsumer*> consumers;
  SetRequest all;
  std::vector<std::string> lines;
  for (const SetName& set : kSets) {
    SetRequest request;
    request.*set.set = true;
    all.Unite(request);
    recorders.push_back(std::make_unique<ColumnRecorder>(request));
    consumers.push_back(recorders.back().get());
    for (std::string& line : RecordSets(kOfEach, request)) lines.push_back(std::move(line));
  }
  ColumnRecorder together(all);
  consumers.push_back(&together);
  BuildSets(kOfEach, consumers);
  EXPECT_EQ(together.lines, lines);
  for (std::size_t i = 0; i < recorders.size(); ++i) {
    EXPECT_THAT(recorders[i]->lines, Each(StartsWith(kSets[i].name)));
    EXPECT_FALSE(recorders[i]->lines.empty());
  }
}

TEST(SetBuilderTest, WhatNobodyWantsIsNotMade) {
  ColumnRecorder nothing(SetRequest{});
  ColumnRecorder ranges({.ranges = true});
  SpanConsumer* without[] = {&nothing};
  SpanConsumer* with[] = {&nothing, &ranges};
  EXPECT_FALSE(SetBuilder::IsWantedBy(std::span<SpanConsumer* const>()));
  EXPECT_FALSE(SetBuilder::IsWantedBy(without));
  EXPECT_TRUE(SetBuilder::IsWantedBy(with));
  EXPECT_THAT(RecordSets(kOfEach, SetRequest{}), IsEmpty());
}

TEST(SetBuilderTest, LateSampleNamesAreOnlyForThoseWhoWantThem) {
  const std::string text = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  GoBlock dt=10 stack=(main.main@m.go:1)
samples
  CPUSample time=105 m=1 p=0 g=1
expect ok 0
)";
  ColumnRecorder with({.samples = true, .sample_goroutines = true});
  ColumnRecorder without({.samples = true});
  BuildSets(text, {&with, &without});
  EXPECT_THAT(with.lines, ElementsAre("sample at 105 m=1 p=0 g=1 stack=- f= task=0\"\"",
                                      "samples of g=1 are of main.main"));
  EXPECT_THAT(without.lines, SizeIs(1));
}

TEST(SetBuilderTest, StacksAreMadeForThoseWhoWantThem) {
  const std::string text = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  UserLog task=0 key_string="k" value_string="v" stack=(main.main@m.go:1)
expect ok 0
)";
  EXPECT_THAT(RecordSets(text, {.logs = true, .log_stacks = true}),
              ElementsAre(EndsWith("stack=main.main")));
  EXPECT_THAT(RecordSets(text, {.logs = true}), ElementsAre(EndsWith("stack=?")));
}

// Whatever a damaged trace makes of the events that still fit an order, its rows stay sound: slices
// cover self times, and no row ends before it begins.
TEST(SetBuilderTest, DamagedTraces) {
  std::vector<std::uint8_t> bytes = PaddedTrace(kOfEach);
  std::size_t whole = 0;
  for (std::size_t i = 0; i + kReadableTailBytes < bytes.size(); ++i) {
    const std::uint8_t kept = bytes[i];
    for (const int change : {1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xFF}) {
      bytes[i] = static_cast<std::uint8_t>(kept ^ change);
      SoundnessChecker checker;
      whole += BuildSetsOf(bytes, {&checker}).ok();
    }
    bytes[i] = kept;
  }
  EXPECT_GT(whole, bytes.size());
}

TEST(SetBuilderTest, ATraceWithoutEvents) {
  EXPECT_THAT(RecordSets("version 26\ngeneration 1\nfrequency 1000000000\nexpect ok 0\n",
                         {.proc_spans = true, .tasks = true, .generations = true}),
              ElementsAre(StartsWith("generation 1 batches=1 strings=0 stacks=0 events=1")));
}

}  // namespace
}  // namespace gtengine::spans
