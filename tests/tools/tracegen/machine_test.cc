// The machine driven by hand: what it tells, read back by the engine.
#include "tools/tracegen/machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/base/padded_bytes.h"
#include "tests/order/read_trace.h"

namespace gtengine::tracegen {
namespace {

using ::testing::ElementsAre;
using wire::GoStatus;
using wire::Version;

Settings Small(Version version = Version::k26) {
  Settings settings;
  settings.version = version;
  settings.procs = 2;
  settings.goroutines = 10;
  settings.strings = 0;
  settings.stacks = 0;
  return settings;
}

// Transitions and ranges of the trace, short: "M0 G1 Running->Waiting". Checks that the trace is
// good to its end.
std::vector<std::string> Told(const Machine& machine) {
  const auto reading = testing::ReadTrace(testing::PaddedBytes(machine.recorder().output()).view());
  EXPECT_FALSE(reading.error) << reading.error->ToString();
  std::vector<std::string> told;
  std::istringstream lines(reading.dump);
  const std::regex transition(
      R"(^M=(-?\d+) .*StateTransition.* (?:GoID|ProcID)=(\d+) (\w+)->(\w+).*)");
  const std::regex range(R"(^M=(-?\d+) .*(RangeBegin|RangeActive|RangeEnd) .*Name="([^"]*)\".*)");
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, transition)) {
      const char* subject = line.find("GoID=") != std::string::npos ? "G" : "P";
      told.push_back("M" + match.str(1) + " " + subject + match.str(2) + " " + match.str(3) + "->" +
                     match.str(4));
    } else if (std::regex_match(line, match, range)) {
      told.push_back("M" + match.str(1) + " " + match.str(2) + " " + match.str(3));
    }
  }
  return told;
}

TEST(Machine, StatesEachBeforeItsFirstMention) {
  Machine machine(Small(), 3);
  const Index running = machine.Found(GoStatus::kRunning);
  const Index waiting = machine.Found(GoStatus::kWaiting);
  machine.FoundOn(0, 0, running);
  machine.BeginGeneration();
  machine.Unblock(0, waiting, 0);
  machine.StartProc(1, 1);
  machine.Start(1, waiting);
  machine.EndGeneration();
  EXPECT_THAT(Told(machine),
              ElementsAre("M4000 P0 Undetermined->Running", "M4000 G1 Undetermined->Running",
                          "M4000 G2 Undetermined->Waiting", "M4000 G2 Waiting->Runnable",
                          "M4002 P1 Undetermined->Idle", "M4002 P1 Idle->Running",
                          "M4002 G2 Runnable->Running"));
}

TEST(Machine, StatesAtTheEndWhatWasNotMentioned) {
  for (const Version version : {Version::k22, Version::k23, Version::k25, Version::k26}) {
    SCOPED_TRACE(static_cast<int>(version));
    Machine machine(Small(version), 3);
    const Index running = machine.Found(GoStatus::kRunning);
    machine.Found(GoStatus::kWaiting);
    const Index in_call = machine.Found(GoStatus::kSyscall);
    machine.Found(GoStatus::kRunnable);
    machine.FoundOn(0, 0, running);
    machine.FoundOn(2, kNone, in_call);
    for (int generation = 0; generation < 2; ++generation) {
      machine.BeginGeneration();
      EXPECT_GT(machine.EndBytes(), 4 * 15u);
      machine.EndGeneration();
    }
    EXPECT_THAT(Told(machine),
                ElementsAre("M4000 P0 Undetermined->Running", "M4000 G1 Undetermined->Running",
                            "M4000 P1 Undetermined->Idle", "M4004 G3 Undetermined->Syscall",
                            "M-1 G2 Undetermined->Waiting", "M-1 G4 Undetermined->Runnable",
                            "M4000 P0 Running->Running", "M4000 G1 Running->Running",
                            "M4000 P1 Idle->Idle", "M4004 G3 Syscall->Syscall",
                            "M-1 G2 Waiting->Waiting", "M-1 G4 Runnable->Runnable"));
  }
}

TEST(Machine, StealsAPThatIsNotMentionedYet) {
  Machine machine(Small(), 3);
  machine.FoundOn(0, 0, machine.Found(GoStatus::kSyscall));
  machine.FoundOn(1, 1, machine.Found(GoStatus::kSyscall));
  machine.BeginGeneration();
  machine.StealProc(2, 0);
  machine.EndBlockedSyscall(0);
  machine.EndGeneration();
  machine.BeginGeneration();
  machine.StealProc(2, 1);
  machine.EndBlockedSyscall(1);
  machine.EndGeneration();
  EXPECT_THAT(Told(machine),
              ElementsAre("M4004 P0 Undetermined->Idle", "M4004 P0 Idle->Idle",
                          "M4000 G1 Undetermined->Syscall", "M4000 G1 Syscall->Runnable",
                          "M4002 P1 Undetermined->Running", "M4002 G2 Undetermined->Syscall",
                          "M4002 P1 Running->Running", "M4004 P1 Running->Idle",
                          "M4002 G2 Syscall->Syscall", "M4002 G2 Syscall->Runnable",
                          "M4004 P0 Idle->Idle", "M-1 G1 Runnable->Runnable"));
}

TEST(Machine, RangesGoOnOverGenerations) {
  Machine machine(Small(), 2);
  machine.FoundOn(0, 0, machine.Found(GoStatus::kRunning));
  machine.FoundOn(1, 1, machine.Found(GoStatus::kRunning));
  machine.BeginGeneration();
  machine.BeginCollection(0, 0);
  machine.BeginStop(0, machine.tables().IdOf(Text::kSweepTermination), 0);
  machine.EndStop(0);
  machine.BeginAssist(1, 0);
  machine.BeginSweep(0, 0);
  machine.EndGeneration();
  machine.BeginGeneration();
  machine.EndSweep(0, 8192, 4096);
  machine.EndAssist(1);
  machine.EndCollection(1);
  machine.EndGeneration();
  std::vector<std::string> ranges;
  for (const std::string& told : Told(machine)) {
    if (told.find("Range") != std::string::npos) ranges.push_back(told);
  }
  EXPECT_THAT(
      ranges,
      ElementsAre("M4000 RangeBegin GC concurrent mark phase",
                  "M4000 RangeBegin stop-the-world (GC sweep termination)",
                  "M4000 RangeEnd stop-the-world (GC sweep termination)",
                  "M4002 RangeBegin GC mark assist", "M4000 RangeBegin GC incremental sweep",
                  "M4000 RangeActive GC incremental sweep",
                  "M4000 RangeActive GC concurrent mark phase",
                  "M4000 RangeEnd GC incremental sweep", "M4002 RangeActive GC mark assist",
                  "M4002 RangeEnd GC mark assist", "M4002 RangeEnd GC concurrent mark phase"));
}

TEST(Machine, CoroutinesTakeTurns) {
  Machine machine(Small(), 1);
  const Index creator = machine.Found(GoStatus::kRunning);
  machine.FoundOn(0, 0, creator);
  machine.BeginGeneration();
  const Index coroutine = machine.CreateCoroutine(0, 0, 0);
  EXPECT_EQ(machine.goroutine(creator).partner, coroutine);
  EXPECT_EQ(machine.alive(), 2u);
  machine.Switch(0, coroutine);
  machine.Switch(0, creator);
  machine.Switch(0, coroutine);
  machine.SwitchDestroy(0, creator);
  EXPECT_EQ(machine.alive(), 1u);
  EXPECT_EQ(machine.goroutine(creator).partner, kNone);
  machine.EndGeneration();
  std::vector<std::string> of_coroutine;
  for (const std::string& told : Told(machine)) {
    if (told.find(" G2 ") != std::string::npos) of_coroutine.push_back(told.substr(9));
  }
  EXPECT_THAT(
      of_coroutine,
      ElementsAre("NotExist->Waiting", "Waiting->Runnable", "Runnable->Running", "Running->Waiting",
                  "Waiting->Runnable", "Runnable->Running", "Running->NotExist"));
}

TEST(Machine, TasksAndRegions) {
  Machine machine(Small(), 1);
  machine.FoundOn(0, 0, machine.Found(GoStatus::kRunning));
  machine.BeginGeneration();
  machine.BeginTask(0, 0);
  const Index child = machine.CreateGoroutine(0, true, 0, 0);
  EXPECT_EQ(machine.goroutine(child).task, 1u);
  EXPECT_FALSE(machine.goroutine(child).owns_task);
  machine.BeginRegion(0, 0);
  machine.BeginRegion(0, 0);
  machine.Log(0, machine.tables().LogKey(0), machine.tables().LogValue(0), 0);
  machine.Label(0, machine.tables().TaskName(0));
  machine.EndRegion(0, 0);
  machine.EndRegion(0, 0);
  machine.EndTask(0, 0);
  EXPECT_EQ(machine.thread(0).g, 0u);
  EXPECT_EQ(machine.goroutine(0).task, 0u);
  machine.EndGeneration();
  EXPECT_FALSE(Told(machine).empty());
}

}  // namespace
}  // namespace gtengine::tracegen
