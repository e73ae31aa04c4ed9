#include "engine/run/run_division.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/reports/registry.h"
#include "tests/io/temp_folder.h"
#include "tests/order/text_trace.h"

namespace gtengine::run {
namespace {

using ::testing::HasSubstr;

// One of six generations in which goroutine 2 runs once, and perhaps lines behind that.
std::string Generation(int number, const std::string& block, const std::string& more = "") {
  return fmt::format(
      "generation {0}\nfrequency 1000000000\nbatch m=1 time={0}000\n"
      "  ProcStatus p=0 pstatus=running\n  GoStatus g=1 gstatus=running\n"
      "  GoStatus g=2 gstatus=waiting\n"
      "  GoUnblock dt=5 g=2 g_seq=1 stack=(main.one@m.go:7)\n"
      "  GoStop dt=1 stack=(main.one@m.go:8)\n  GoStart dt={0} g=2 g_seq=2\n{1}"
      "  GoStart dt=2 g=1 g_seq=1\n{2}",
      number, block, more);
}

const std::string kBlock = "  GoBlock reason_string=\"sync\" stack=(main.two@m.go:3)\n";

struct Outcome {
  std::string partial;
  std::string error;
  std::uint64_t generations = 0;
  std::uint64_t events = 0;
  std::size_t damage = 0;
  int feeds = 0;  // that reports were begun for: parts

  friend bool operator==(const Outcome& a, const Outcome& b) {
    return a.partial == b.partial && a.error == b.error && a.generations == b.generations &&
           a.events == b.events && a.damage == b.damage;
  }
};

class Division {
 public:
  explicit Division(const std::string& text) {
    auto traces = testing::AssembleTextTraces("version 26\n" + text + "expect ok 0\n");
    EXPECT_TRUE(traces.ok()) << traces.error().ToString();
    const auto& bytes = traces->front().bytes;
    path_ = folder_.Write("t.trace", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }

  // With `threads` of which the first one waits, behind the first generation, until the others have
  // begun to feed reports, if they do before long.
  Outcome Read(int threads, std::chrono::milliseconds most = std::chrono::seconds(20)) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
    tbb::task_arena arena(threads);
    Outcome outcome;
    arena.execute([&] { outcome = ReadInArena(threads, most); });
    return outcome;
  }
  Outcome ReadInArena(int threads, std::chrono::milliseconds most) {
    const auto file = io::MappedFile::Open(path_);
    std::atomic<int> feeds = 0;
    ReportType counting = *FindReport("sched");
    counting.begin = [&, begin = counting.begin](TraceIdentity identity) {
      ++feeds;
      return begin(std::move(identity));
    };
    const ReportType* const reports[] = {&counting};
    MemoryBudget memory(std::uint64_t{1} << 30);
    tbb::task_group tasks;
    SpareThreads spare(threads);
    spare.Take();
    spare.SetAllBegun();
    std::atomic<std::uint64_t> bytes_done = 0;
    const std::function<bool()> never;
    const ScanContext context{.reports = reports,
                              .memory = memory,
                              .tasks = tasks,
                              .threads = spare,
                              .bytes_done = bytes_done,
                              .is_cancelled = never,
                              .least_part_bytes = 1};
    Outcome outcome;
    {
      RunDivision run({.file = *file,
                       .version = wire::Version::k26,
                       .context = context,
                       .sharing = Sharing::kYes},
                      {.offset = wire::kHeaderBytes}, {.path = "t", .service = "", .host = ""},
                      std::nullopt, [&](const wire::Generation& generation) {
                        if (generation.number == 2) WaitFor(feeds, threads, most);
                      });
      const std::optional<Error> error = run.Read();
      outcome.generations = run.generations();
      outcome.damage = run.damage().size();
      if (error) {
        outcome.error = error->ToString();
      } else {
        outcome.events = run.events();
        std::vector<std::unique_ptr<ReportPartial>> partials;
        partials.push_back(counting.empty());
        run.Finish();
        for (TracePart* part : run.parts()) {
          part->feed().AddTo([&](const auto&) -> auto& { return partials; });
        }
        outcome.partial = partials[0]->Serialize();
      }
    }
    tasks.wait();
    outcome.feeds = feeds;
    EXPECT_EQ(bytes_done, 0u) << "whoever reads the run tells of its bytes";
    EXPECT_TRUE(memory.TryReserve(std::uint64_t{1} << 30)) << "memory was not given back";
    return outcome;
  }

  // What is read with a second thread is what is read without, whether or not it was of use.
  Outcome ExpectTheSameWithTwo() {
    const Outcome alone = Read(1);
    const Outcome both = Read(2);
    EXPECT_EQ(alone.feeds, 1);
    EXPECT_EQ(both.feeds, 2);
    EXPECT_TRUE(alone == both);
    EXPECT_EQ(alone.error, both.error);
    return both;
  }

 private:
  static void WaitFor(const std::atomic<int>& feeds, int enough, std::chrono::milliseconds most) {
    const auto end = std::chrono::steady_clock::now() + most;
    while (feeds < enough && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  }

  TempFolder folder_;
  std::string path_;
};

std::string Generations(int first, int last) {
  std::string text;
  for (int i = first; i <= last; ++i) text += Generation(i, kBlock);
  return text;
}

TEST(RunDivisionTest, TwoThreadsReadWhatOneReads) {
  const Outcome outcome = Division(Generations(1, 6)).ExpectTheSameWithTwo();
  EXPECT_EQ(outcome.generations, 6u);
  EXPECT_EQ(outcome.error, "");
}

// Its rows would have another name than in one part: they are made again.
TEST(RunDivisionTest, APartThatDoesNotFitIsReadAgain) {
  const std::string other = "  GoBlock reason_string=\"sync\" stack=(main.other@m.go:3)\n";
  const Outcome outcome = Division(Generations(1, 4) + Generation(5, other) + Generation(6, other))
                              .ExpectTheSameWithTwo();
  EXPECT_EQ(outcome.generations, 6u);
}

// The second thread does not know that the task has begun, and that it may not begin again.
TEST(RunDivisionTest, WhatOnlyTheWholeRunShowsIsFound) {
  const std::string begins = "  UserTaskBegin task=7 parent_task=0 name_string=\"t\"\n";
  const Outcome outcome =
      Division(Generation(1, kBlock, begins) + Generations(2, 5) + Generation(6, kBlock, begins))
          .ExpectTheSameWithTwo();
  EXPECT_THAT(outcome.error, HasSubstr("task 7 begins, but is open"));
}

TEST(RunDivisionTest, AnErrorInALaterPartIsThatOfTheRun) {
  const Outcome outcome =
      Division(Generations(1, 5) + Generation(6, kBlock, "  GoStart g=99 g_seq=7\n"))
          .ExpectTheSameWithTwo();
  EXPECT_THAT(outcome.error, HasSubstr("generation 6"));
  EXPECT_EQ(outcome.generations, 6u) << "with the one that has the error";
}

TEST(RunDivisionTest, DamagedTablesEndTheRunInWhicheverPart) {
  const std::string damaged = "strings\n  String id=1 \"a\"\n  String id=1 \"b\"\n";
  for (int at = 2; at <= 6; ++at) {
    Division division(Generations(1, at) + damaged + Generations(at + 1, 7));
    const Outcome alone = division.Read(1);
    // The second thread may not come to feed anything.
    EXPECT_TRUE(alone == division.Read(2, std::chrono::milliseconds(100))) << at;
    EXPECT_EQ(alone.generations, static_cast<std::uint64_t>(at - 1));
    EXPECT_EQ(alone.damage, 1u);
  }
}

TEST(RunDivisionTest, ManyThreadsReadWhatOneReads) {
  Division division(Generations(1, 19));
  const Outcome alone = division.Read(1);
  for (const int threads : {3, 4}) EXPECT_TRUE(alone == division.Read(threads)) << threads;
}

}  // namespace
}  // namespace gtengine::run
