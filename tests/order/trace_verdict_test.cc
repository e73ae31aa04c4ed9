#include "engine/order/trace_verdict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/io/mapped_file.h"
#include "engine/wire/header.h"
#include "tests/base/padded_bytes.h"
#include "tests/order/go_reader.h"
#include "tests/order/many_threads.h"
#include "tests/order/read_trace.h"
#include "tests/order/sample_traces.h"
#include "tests/wire/trace_builder.h"

namespace gtengine::order {
namespace {

using testing::PaddedBytes;
using wire::ByteBuffer;
using wire::Version;
using wire::testing::Bytes;
using wire::testing::TraceBuilder;

TraceVerdict Judged(PaddedView trace) {
  auto verdict = JudgeTrace(trace, {});
  EXPECT_TRUE(verdict.ok());
  return std::move(verdict).value();
}

// The trace that a run is.
ByteBuffer TraceOf(PaddedView trace, const GenerationRun& run) {
  ByteBuffer bytes;
  wire::AppendHeader(wire::ReadHeader(trace.bytes()).value(), bytes);
  for (std::uint64_t at = run.begin; at < run.end; ++at) {
    bytes.push_back(trace[static_cast<std::size_t>(at)]);
  }
  return bytes;
}

class TraceVerdictTest : public ::testing::TestWithParam<Version> {
 protected:
  TraceVerdictTest() : trace_(GetParam()) {}

  // A generation at 1000 ns times its number that fits behind any other.
  void AddGood(std::uint64_t number) {
    for (std::uint64_t m = 1; m <= 4; ++m) trace_.Batch(number, m, Bytes(), 1000 * number);
    trace_.Sync(number).EndOfGeneration();
  }
  // Bytes that are no batches.
  void AddGarbage(std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) trace_.Byte(0xFF);
  }

  TraceBuilder trace_;
};

TEST_P(TraceVerdictTest, AWholeTrace) {
  AddGood(4);
  AddGood(5);
  const TraceVerdict verdict = Judged(trace_.padded());
  EXPECT_TRUE(verdict.is_whole());
  EXPECT_EQ(verdict.version, GetParam());
  EXPECT_EQ(verdict.bytes, trace_.size());
  ASSERT_EQ(verdict.runs.size(), 1);
  EXPECT_EQ(verdict.kept_generations(), 2);
  EXPECT_EQ(verdict.kept_events(), 3) << "a Sync event each and one at the end";
  EXPECT_EQ(verdict.lost_bytes(), 0);
  EXPECT_EQ(verdict.lost_generations(), 0);
  EXPECT_EQ(verdict.lost_ns(), 0);
  EXPECT_EQ(verdict.errors, 0);
}

TEST_P(TraceVerdictTest, DamageInTheMiddle) {
  AddGood(1);
  const std::size_t begin = trace_.size();
  trace_.Batch(2, 1, Bytes(), 2000);
  AddGarbage(10);
  AddGood(2);
  const std::size_t end = trace_.size();
  AddGood(3);
  AddGood(4);
  const TraceVerdict verdict = Judged(trace_.padded());
  ASSERT_EQ(verdict.gaps.size(), 1);
  const TraceGap& gap = verdict.gaps[0];
  EXPECT_EQ(gap.begin, begin);
  EXPECT_EQ(gap.end, end);
  EXPECT_EQ(gap.generations, 1);
  ASSERT_EQ(verdict.runs.size(), 2);
  EXPECT_EQ(gap.length_ns, verdict.runs[1].first_ns - verdict.runs[0].last_ns);
  EXPECT_EQ(verdict.runs[1].first_number, 3);
  EXPECT_EQ(verdict.kept_generations(), 3);
  EXPECT_EQ(verdict.lost_bytes(), end - begin);
  EXPECT_EQ(gap.errors.size(), 1);
}

TEST_P(TraceVerdictTest, DamageAtTheEnd) {
  AddGood(1);
  const std::size_t begin = trace_.size();
  trace_.Batch(2, 1, Bytes(), 2000).Batch(2, 1, Bytes(), 2500);
  AddGarbage(3);
  const TraceVerdict verdict = Judged(trace_.padded());
  ASSERT_EQ(verdict.gaps.size(), 1);
  EXPECT_EQ(verdict.gaps[0].begin, begin);
  EXPECT_EQ(verdict.gaps[0].end, trace_.size());
  EXPECT_EQ(verdict.lost_generations(), 1);
  EXPECT_EQ(verdict.lost_ns(), 2500 - verdict.runs[0].last_ns);
}

TEST_P(TraceVerdictTest, DamageAtTheStart) {
  trace_.Batch(7, 1, Bytes(), 400);
  AddGarbage(10);
  AddGood(7);
  AddGood(8);
  AddGood(9);
  const TraceVerdict verdict = Judged(trace_.padded());
  ASSERT_EQ(verdict.gaps.size(), 1);
  EXPECT_EQ(verdict.gaps[0].begin, wire::kHeaderBytes);
  EXPECT_EQ(verdict.lost_generations(), 1);
  EXPECT_EQ(verdict.lost_ns(), verdict.runs[0].first_ns - 400);
}

TEST_P(TraceVerdictTest, MissingGenerationsWithoutDamagedBytes) {
  AddGood(1);
  AddGood(5);
  const TraceVerdict verdict = Judged(trace_.padded());
  ASSERT_EQ(verdict.gaps.size(), 1);
  EXPECT_EQ(verdict.lost_bytes(), 0);
  EXPECT_EQ(verdict.lost_generations(), 3);
  ASSERT_EQ(verdict.gaps[0].errors.size(), 1);
  EXPECT_EQ(verdict.gaps[0].errors[0].what, "generation 5 follows generation 1");
}

TEST_P(TraceVerdictTest, AnotherTraceBehindTellsNothingOfThisOne) {
  AddGood(5);
  AddGood(1);
  const TraceVerdict verdict = Judged(trace_.padded());
  ASSERT_EQ(verdict.gaps.size(), 1);
  EXPECT_EQ(verdict.lost_generations(), 0);
  EXPECT_EQ(verdict.lost_ns(), std::nullopt);
}

TEST_P(TraceVerdictTest, GarbageOnly) {
  AddGarbage(100);
  const TraceVerdict verdict = Judged(trace_.padded());
  EXPECT_TRUE(verdict.runs.empty());
  ASSERT_EQ(verdict.gaps.size(), 1);
  EXPECT_EQ(verdict.lost_bytes(), 100);
  EXPECT_EQ(verdict.lost_generations(), 1);
  EXPECT_EQ(verdict.lost_ns(), std::nullopt);
}

TEST_P(TraceVerdictTest, AHeaderAlone) {
  const TraceVerdict verdict = Judged(trace_.padded());
  EXPECT_TRUE(verdict.runs.empty());
  EXPECT_EQ(verdict.is_whole(), GetParam() >= Version::k26) << "as Go's reader has it";
}

INSTANTIATE_TEST_SUITE_P(Versions, TraceVerdictTest,
                         ::testing::Values(Version::k22, Version::k23, Version::k25, Version::k26),
                         [](const auto& test) {
                           return "Go1" + std::to_string(static_cast<int>(test.param));
                         });

TEST(TraceVerdict, OnlyTheFirstErrorsAreKept) {
  TraceBuilder trace(Version::k26);
  for (std::uint64_t number = 1; number <= 400; number += 2) {
    trace.Batch(number, 1, Bytes()).Sync(number).EndOfGeneration();
  }
  const TraceVerdict verdict = Judged(trace.padded());
  EXPECT_EQ(verdict.gaps.size(), 199);
  EXPECT_EQ(verdict.errors, 199);
  std::size_t kept = 0;
  for (const TraceGap& gap : verdict.gaps) kept += gap.errors.size();
  EXPECT_EQ(kept, TraceVerdict::kMaxErrors);
}

TEST(TraceVerdict, IsCancelled) {
  const PaddedBytes bytes(testing::MakeManyThreads({}));
  const auto verdict =
      JudgeTrace(bytes.view(), {.is_cancelled = [] { return true; }, .on_done_before = {}});
  EXPECT_TRUE(verdict->is_cancelled);
}

TEST(TraceVerdict, LegacyTracesAreWholeOrLost) {
  const auto file = io::MappedFile::Open(std::string(GTENGINE_SOURCE_DIR) +
                                         "/corpus/edge/mid-21/20261124/095432.trace");
  ASSERT_TRUE(file.ok());
  const TraceVerdict whole = Judged(file->view());
  EXPECT_TRUE(whole.is_whole());
  EXPECT_EQ(whole.kept_generations(), 1);
  EXPECT_EQ(whole.kept_events(), 10512);
  const TraceVerdict cut = Judged(file->view().Sub(0, 40'000));
  EXPECT_FALSE(cut.is_whole());
  EXPECT_TRUE(cut.runs.empty());
  EXPECT_EQ(cut.lost_bytes(), 40'000 - wire::kHeaderBytes);
  EXPECT_EQ(cut.lost_generations(), 1);
}

TEST(TraceVerdict, WhatIsNoTraceIsAnError) {
  TraceBuilder trace(Version::k26);
  trace.Resize(7);
  EXPECT_FALSE(JudgeTrace(trace.padded(), {}).ok());
}

// Runs and gaps follow each other without a hole.
void ExpectPartition(const TraceVerdict& verdict) {
  std::uint64_t at = wire::kHeaderBytes;
  std::size_t gap = 0;
  for (const GenerationRun& run : verdict.runs) {
    if (gap < verdict.gaps.size() && verdict.gaps[gap].end == run.begin) {
      EXPECT_EQ(verdict.gaps[gap++].begin, at);
      at = run.begin;
    }
    EXPECT_EQ(run.begin, at);
    EXPECT_GT(run.generations, 0);
    at = run.end;
  }
  if (gap < verdict.gaps.size()) {
    EXPECT_EQ(verdict.gaps[gap++].begin, at);
    at = verdict.bytes;
  }
  EXPECT_EQ(gap, verdict.gaps.size());
  EXPECT_EQ(at, std::max<std::uint64_t>(verdict.bytes, wire::kHeaderBytes));
}

TEST(TraceVerdict, EveryRunOfADamagedTraceIsATrace) {
  testing::TraceMutator mutator(5);
  std::size_t runs = 0;
  std::size_t whole = 0;
  for (int i = 0; i < 3000; ++i) {
    SCOPED_TRACE(i);
    const PaddedBytes bytes(mutator.Next());
    const auto version = wire::ReadHeader(bytes.view().bytes());
    if (!version.ok() || wire::IsLegacy(*version)) continue;
    const TraceVerdict verdict = Judged(bytes.view());
    ExpectPartition(verdict);
    const testing::TraceReading all = testing::ReadTrace(bytes.view());
    if (verdict.is_whole()) {
      EXPECT_FALSE(all.error.has_value()) << all.error->ToString();
      ++whole;
    }
    for (const GenerationRun& run : verdict.runs) {
      const PaddedBytes part(TraceOf(bytes.view(), run));
      const testing::TraceReading reading = testing::ReadTrace(part.view());
      EXPECT_FALSE(reading.error.has_value()) << reading.error->ToString();
      EXPECT_EQ(reading.events, run.events);
      ++runs;
    }
  }
  EXPECT_GT(runs, 500);
  EXPECT_GT(whole, 100);
}

TEST(TraceVerdict, VerdictsAgreeWithGo) {
  if (!testing::HasGoReader()) {
    GTEST_SKIP() << "GTENGINE_GOREF is not set: not compared with Go's reader";
  }
  testing::TraceMutator mutator(6);
  for (int i = 0; i < 150; ++i) {
    SCOPED_TRACE(i);
    const ByteBuffer trace = mutator.Next();
    const PaddedBytes bytes(trace);
    const auto verdict = JudgeTrace(bytes.view(), {});
    if (!verdict.ok()) continue;
    const testing::GoReading all = testing::ReadByGo(trace);
    if (verdict->is_whole()) {
      EXPECT_EQ(all.error, "");
    }
    for (const GenerationRun& run : verdict->runs) {
      const testing::GoReading reading = testing::ReadByGo(TraceOf(bytes.view(), run));
      EXPECT_EQ(reading.error, "");
      EXPECT_EQ(reading.events, run.events);
    }
  }
}

}  // namespace
}  // namespace gtengine::order
