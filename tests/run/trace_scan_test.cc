#include "engine/run/trace_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "engine/reports/sched_profile.h"
#include "tests/io/temp_folder.h"
#include "tests/order/text_trace.h"
#include "tests/run/scan_setup.h"
#include "tests/wire/v1/legacy_bytes.h"

namespace gtengine::run {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A generation with one wait of 2 ns on each of two goroutines, and perhaps a line that breaks it.
std::string Generation(int number, const std::string& more = "") {
  const std::string base = std::to_string(number * 1000);
  const std::string status = number == 1 ? "running" : "runnable";
  return "generation " + std::to_string(number) + "\nfrequency 1000000000\nbatch m=1 time=" + base +
         "\n  ProcStatus p=0 pstatus=" + (number == 1 ? "running" : "running") +
         "\n  GoStatus g=1 gstatus=" + status + "\n" +
         (number == 1 ? "  GoStop stack=(main.main@m.go:1)\n" : "") +
         "  GoStart dt=5 g=1 g_seq=1\n  GoStop stack=(main.main@m.go:1)\n" + more;
}

Result<TraceResult> ScanBytes(ByteView bytes, std::uint64_t memory_bytes = 1 << 30) {
  const TempFolder folder;
  const std::string path =
      folder.Write("t.trace", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  const auto file = io::MappedFile::Open(path);
  EXPECT_TRUE(file.ok());
  const ReportType* const reports[] = {FindReport("sched")};
  MemoryBudget memory(memory_bytes);
  tbb::task_group tasks;
  SpareThreads threads(2);
  threads.Take();
  threads.SetAllBegun();
  std::atomic<std::uint64_t> bytes_done = 0;
  const std::function<bool()> never;
  TraceFacts facts;
  facts.path = "t.trace";
  auto result = ScanTrace(*file, facts,
                          {.reports = reports,
                           .memory = memory,
                           .tasks = tasks,
                           .threads = threads,
                           .bytes_done = bytes_done,
                           .is_cancelled = never});
  tasks.wait();
  EXPECT_TRUE(memory.TryReserve(memory_bytes)) << "memory was not given back";
  if (result.ok()) {
    EXPECT_EQ(bytes_done, bytes.size()) << "progress";
  }
  return result;
}

Result<TraceResult> ScanText(const std::string& text, std::uint64_t memory_bytes = 1 << 30) {
  auto traces = gtengine::testing::AssembleTextTraces(
      text.ends_with("expect ok 0\n") ? text : text + "expect ok 0\n");
  EXPECT_TRUE(traces.ok()) << traces.error().ToString();
  return ScanBytes(traces->front().bytes, memory_bytes);
}

std::uint64_t Waits(const TraceResult& result) {
  return SummarizeSched(dynamic_cast<const SchedPartial&>(*result.partials[0]), false).count;
}

// The number in "needs about N MiB".
std::uint64_t MibNeeded(const Error& error) {
  const std::string about = "needs about ";
  const std::size_t at = error.what.find(about);
  EXPECT_NE(at, std::string::npos) << error.what;
  return at == std::string::npos ? 0 : std::stoull(error.what.substr(at + about.size()));
}

TEST(TraceScanTest, AnErrorSaysHowMuchMemoryIsEnoughForTheLiveState) {
  const std::string text = CrowdText(100'000);
  auto refused = ScanText(text, 8 << 20);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
  EXPECT_EQ(refused.error().generation, 1u);
  EXPECT_THAT(refused.error().what, HasSubstr("up to 100001 goroutines"));
  auto enough = ScanText(text, MibNeeded(refused.error()) << 20);
  ASSERT_TRUE(enough.ok()) << enough.error().ToString();
  auto plenty = ScanText(text);
  ASSERT_TRUE(plenty.ok());
  EXPECT_EQ(enough->facts.events, plenty->facts.events);
  EXPECT_EQ(enough->partials[0]->Serialize(), plenty->partials[0]->Serialize());
}

TEST(TraceScanTest, AWaitMayCrossGenerations) {
  auto result = ScanText("version 26\n" + Generation(1) + Generation(2) + Generation(3));
  ASSERT_TRUE(result.ok()) << result.error().ToString();
  EXPECT_EQ(result->facts.generations, 3u);
  EXPECT_EQ(result->facts.format, 26u);
  // One within the first generation, two that begin in one and end in the next; the last is open.
  EXPECT_EQ(Waits(*result), 3u);
  EXPECT_THAT(result->facts.lost, ElementsAre());
}

TEST(TraceScanTest, AGenerationThatFitsNoOrderIsLostAndTheOthersCount) {
  for (const char* version : {"22", "26"}) {
    const std::string broken = "  GoStart dt=1 g=99 g_seq=7\n";
    auto result = ScanText(std::string("version ") + version + "\n" + Generation(1) +
                           Generation(2, broken) + Generation(3) + Generation(4));
    ASSERT_TRUE(result.ok()) << result.error().ToString();
    EXPECT_EQ(result->facts.generations, 3u);
    ASSERT_EQ(result->facts.lost.size(), 1u);
    EXPECT_THAT(result->facts.lost[0].what, HasSubstr("generation 2"));
    EXPECT_GT(result->facts.lost[0].bytes, 0u);
    // Within the first; found at the third's start and ended there; from the third into the fourth.
    EXPECT_EQ(Waits(*result), 3u);
  }
}

TEST(TraceScanTest, ABrokenFirstOrLastGenerationIsLostAlone) {
  const std::string broken = "  GoStart dt=1 g=99 g_seq=7\n";
  auto first = ScanText("version 26\n" + Generation(1, broken) + Generation(2) + Generation(3));
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->facts.generations, 2u);
  EXPECT_EQ(Waits(*first), 2u);
  auto last = ScanText("version 26\n" + Generation(1) + Generation(2) + Generation(3, broken));
  ASSERT_TRUE(last.ok());
  EXPECT_EQ(last->facts.generations, 2u);
  EXPECT_EQ(Waits(*last), 2u);
}

TEST(TraceScanTest, ABrokenTableLosesItsGeneration) {
  auto result = ScanText("version 26\n" + Generation(1) + Generation(2) +
                         "strings\n  String id=1 \"a\"\n  String id=1 \"b\"\n" + Generation(3));
  ASSERT_TRUE(result.ok()) << result.error().ToString();
  EXPECT_EQ(result->facts.generations, 2u);
  ASSERT_EQ(result->facts.lost.size(), 1u);
  EXPECT_THAT(result->facts.lost[0].what, HasSubstr("generation 2: string 1 repeats"));
}

TEST(TraceScanTest, NothingWholeIsStillAResult) {
  auto result = ScanText("version 26\n" + Generation(1, "  GoStart g=99 g_seq=7\n"));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->facts.generations, 0u);
  EXPECT_EQ(result->facts.events, 0u);
  EXPECT_EQ(Waits(*result), 0u);
  EXPECT_EQ(result->facts.lost.size(), 1u);
}

TEST(TraceScanTest, TooLittleMemoryIsAnError) {
  auto result = ScanText("version 26\n" + Generation(1) + Generation(2), 100'000);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kLimit);
  EXPECT_EQ(result.error().generation, 1u);
}

wire::v1::testing::LegacyBytes LegacyTrace() {
  using enum wire::v1::EventType;
  wire::v1::testing::LegacyBytes trace;
  trace.Batch(0, 50).Frequency().Record(kProcStart, {0, 7}).Record(kGoCreate, {1, 1, 0, 0});
  trace.Record(kGoStartLocal, {1, 1}).Record(kGomaxprocs, {1, 4, 0});
  trace.Record(kGoSched, {1, 0}).Record(kGoStartLocal, {9, 1});
  return trace;
}

TEST(TraceScanTest, ALegacyTraceIsOneGeneration) {
  const auto trace = LegacyTrace();
  auto result = ScanBytes(trace.view());
  ASSERT_TRUE(result.ok()) << result.error().ToString();
  EXPECT_EQ(result->facts.generations, 1u);
  EXPECT_EQ(result->facts.format, 21u);
  EXPECT_EQ(result->facts.events, 6u);
  EXPECT_EQ(Waits(*result), 1u);
  EXPECT_THAT(result->facts.lost, ElementsAre());
}

TEST(TraceScanTest, ADamagedLegacyTraceCountsNothing) {
  auto broken = LegacyTrace();
  broken.Record(wire::v1::EventType::kGcDone, {1});
  auto cut = LegacyTrace();
  cut.Byte(0xC0);
  for (const auto& trace : {broken, cut}) {
    auto result = ScanBytes(trace.view());
    ASSERT_TRUE(result.ok()) << result.error().ToString();
    EXPECT_EQ(result->facts.generations, 0u);
    EXPECT_EQ(result->facts.events, 0u);
    EXPECT_EQ(Waits(*result), 0u);
    ASSERT_EQ(result->facts.lost.size(), 1u);
    EXPECT_EQ(result->facts.lost[0].bytes, trace.size() - wire::kHeaderBytes);
    EXPECT_THAT(result->facts.lost[0].what,
                HasSubstr("byte " + std::to_string(LegacyTrace().size()) + ": "));
  }
}

TEST(TraceScanTest, TooLittleMemoryForALegacyTraceIsAnError) {
  auto result = ScanBytes(LegacyTrace().view(), 100'000);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kLimit);
  EXPECT_THAT(result.error().what, HasSubstr("the trace needs about 2 MiB"));
}

}  // namespace
}  // namespace gtengine::run
