// What is in generated traces: as much of everything as the settings say.
#include "tools/tracegen/scheduler.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "engine/order/event_stream.h"
#include "engine/wire/trace_info.h"
#include "tests/base/padded_bytes.h"
#include "tests/order/read_trace.h"
#include "tests/tools/tracegen/small_traces.h"

namespace gtengine::tracegen {
namespace {

using testing::PaddedBytes;
using wire::EventType;

Settings Base() {
  return {.procs = 16, .goroutines = 1000, .generations = 2, .generation_bytes = 200'000};
}

wire::TraceInfo Describe(const Settings& settings) {
  const PaddedBytes bytes(Generate(settings));
  auto info = wire::DescribeTrace(bytes.view());
  EXPECT_TRUE(info.ok());
  return std::move(info).value();
}

std::uint64_t Count(const wire::TraceInfo& info, EventType type) {
  return info.events[static_cast<std::size_t>(type)];
}

std::uint64_t Total(const wire::TraceInfo& info) {
  std::uint64_t total = 0;
  for (const std::uint64_t count : info.events) total += count;
  return total;
}

// The ordered events of a trace: on which M, and when.
struct Told {
  std::string m;
  TimeNs time = 0;
};

std::vector<Told> Order(Settings settings) {
  settings.stacks = 0;
  const PaddedBytes bytes(Generate(settings));
  const testing::TraceReading reading = testing::ReadTrace(bytes.view());
  EXPECT_FALSE(reading.error.has_value());
  std::vector<Told> events;
  std::istringstream lines(reading.dump);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t time = line.find(" Time=");
    if (!line.starts_with("M=") || time == std::string::npos) continue;
    events.push_back({line.substr(0, line.find(' ')), std::atoll(line.c_str() + time + 6)});
  }
  return events;
}

// Events whose time a reader had to raise: their stamps are not later than what comes before.
std::size_t Raised(const std::vector<Told>& events) {
  std::size_t raised = 0;
  for (std::size_t i = 1; i < events.size(); ++i) {
    raised += events[i].time == events[i - 1].time + 1 ? 1 : 0;
  }
  return raised;
}

TEST(Scheduler, SeedDecidesTheTrace) {
  Settings settings = Base();
  const wire::ByteBuffer first = Generate(settings);
  EXPECT_EQ(Generate(settings), first);
  settings.seed = 2;
  EXPECT_NE(Generate(settings), first);
}

TEST(Scheduler, AsManyMsRunAsThereAreToBe) {
  for (const std::uint32_t procs : {1u, 2u, 16u, 64u, 256u}) {
    Settings settings = Base();
    settings.procs = procs;
    const wire::TraceInfo info = Describe(settings);
    EXPECT_GE(info.ms, procs);
    EXPECT_LE(info.ms, Scheduler::ThreadsFor(procs) + 1) << "those that are blocked, and nobody";
    EXPECT_EQ(Count(info, EventType::kProcStatus), procs * settings.generations);
  }
}

TEST(Scheduler, AsManyGoroutinesLiveAsThereAreToBe) {
  for (const std::uint32_t goroutines : {100u, 5000u}) {
    Settings settings = Base();
    settings.goroutines = goroutines;
    const PaddedBytes bytes(Generate(settings));
    order::StrictSource source(bytes.view(), settings.version);
    order::EventStream stream(bytes.view(), source);
    while (true) {
      const auto chunk = stream.Next();
      ASSERT_TRUE(chunk.ok());
      if (chunk->events.empty()) break;
    }
    EXPECT_LE(stream.live_goroutines(), goroutines);
    EXPECT_GE(stream.live_goroutines(), goroutines - goroutines / 16);
  }
}

TEST(Scheduler, EachGenerationTellsEveryGoroutine) {
  Settings settings = Base();
  settings.mix.create = 0;
  settings.mix.switching = 0;
  const wire::TraceInfo info = Describe(settings);
  const std::uint64_t told =
      Count(info, EventType::kGoStatus) + Count(info, EventType::kGoStatusStack);
  EXPECT_EQ(told % settings.generations, 0u);
  EXPECT_GE(told, 980 * settings.generations);
}

TEST(Scheduler, WithoutWeightNothingOfTheKindHappens) {
  Settings settings = Base();
  settings.mix.task = settings.mix.region = settings.mix.log = settings.mix.label = 0;
  settings.mix.syscall = settings.mix.steal = settings.mix.switching = settings.mix.park = 0;
  settings.mix.heap = 0;
  settings.gc_per_million = settings.samples_per_million = 0;
  const wire::TraceInfo info = Describe(settings);
  EXPECT_GT(Count(info, EventType::kGoStart), 1000u);
  for (const EventType type :
       {EventType::kUserTaskBegin, EventType::kUserRegionBegin, EventType::kUserLog,
        EventType::kGoLabel, EventType::kGoSyscallBegin, EventType::kGoSwitch,
        EventType::kGoCreateBlocked, EventType::kProcStop, EventType::kHeapAlloc,
        EventType::kStwBegin, EventType::kGcBegin, EventType::kCpuSample}) {
    EXPECT_EQ(Count(info, type), 0u) << static_cast<int>(type);
  }
}

TEST(Scheduler, EverythingHappens) {
  Settings settings = Base();
  settings.generation_bytes = 1 << 20;
  settings.gc_per_million = 500;
  settings.mix.label = 20;
  const wire::TraceInfo info = Describe(settings);
  for (int type = static_cast<int>(EventType::kProcsChange);
       type <= static_cast<int>(EventType::kGoStatusStack); ++type) {
    const auto event = static_cast<EventType>(type);
    // Of callbacks from C, and what is in progress when a generation ends only by chance.
    if (event == EventType::kGoCreateSyscall || event == EventType::kGoDestroySyscall ||
        event == EventType::kGcActive || event == EventType::kGcSweepActive ||
        event == EventType::kGcMarkAssistActive) {
      continue;
    }
    EXPECT_GT(Count(info, event), 0u) << type;
  }
  EXPECT_GT(Count(info, EventType::kCpuSample), 0u);
}

TEST(Scheduler, RatesAreThoseOfTheSettings) {
  Settings settings = Base();
  settings.generation_bytes = 2 << 20;
  settings.gc_per_million = 100;
  settings.samples_per_million = 20'000;
  const wire::TraceInfo info = Describe(settings);
  const auto millions = static_cast<double>(Total(info)) / 1e6;
  EXPECT_NEAR(static_cast<double>(Count(info, EventType::kGcBegin)) / millions, 100, 25);
  EXPECT_NEAR(static_cast<double>(Count(info, EventType::kCpuSample)) / millions, 20'000, 1000);
  EXPECT_EQ(Count(info, EventType::kStwBegin), Count(info, EventType::kStwEnd));
  const double seconds =
      static_cast<double>(info.times->last_ns - info.times->first_ns) / 1e9 * settings.procs;
  EXPECT_NEAR(millions * 1e6 / seconds, static_cast<double>(settings.events_per_second), 15'000);
}

TEST(Scheduler, RunsAreAsLongAsTheyAreToBe) {
  for (const std::uint32_t length : {1u, 3u, 20u}) {
    Settings settings = Base();
    settings.run_length = length;
    settings.mix.park = settings.mix.steal = settings.mix.switching = 0;
    settings.gc_per_million = settings.samples_per_million = 0;
    const std::vector<Told> events = Order(settings);
    std::size_t runs = 0;
    std::size_t told = 0;
    for (std::size_t i = 1; i < events.size(); ++i) {
      if (events[i].m == "M=-1") continue;
      ++told;
      runs += events[i].m != events[i - 1].m ? 1 : 0;
    }
    const double mean = static_cast<double>(told) / static_cast<double>(runs);
    EXPECT_NEAR(mean, length, 0.1 * length);
  }
}

TEST(Scheduler, StampsAreInOrderUnlessTheyAreNotToBe) {
  Settings settings = Base();
  settings.mix.switching = 0;  // a switch is three events at once
  settings.samples_per_million = 0;
  EXPECT_LE(Raised(Order(settings)), 2 * settings.generations);
  settings.frequency_hz = 24'000'001;
  EXPECT_LE(Raised(Order(settings)), 2 * settings.generations);
}

TEST(Scheduler, DisorderIsAsMuchAsItIsToBe) {
  for (const std::uint64_t disorder : {10'000u, 50'000u}) {
    Settings settings = Base();
    settings.generation_bytes = 1 << 20;
    settings.mix.switching = 0;
    settings.samples_per_million = 0;
    settings.disorder_per_million = disorder;
    const std::vector<Told> events = Order(settings);
    const double share = static_cast<double>(Raised(events)) / static_cast<double>(events.size());
    // What comes too early is raised, and now and then what follows it.
    EXPECT_GT(share * 1e6, 0.9 * static_cast<double>(disorder));
    EXPECT_LT(share * 1e6, 1.5 * static_cast<double>(disorder));
  }
}

TEST(Scheduler, StepsOfTheClockMakeTies) {
  Settings settings = Base();
  settings.procs = 64;
  settings.goroutines = 5000;
  settings.clock_step_ns = 20'000;
  const std::vector<Told> events = Order(settings);
  EXPECT_GT(Raised(events), events.size() * 9 / 10);
}

}  // namespace
}  // namespace gtengine::tracegen
