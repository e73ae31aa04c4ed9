#include "engine/spans/span_builder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/wire/header.h"
#include "tests/order/text_trace.h"

namespace gtengine::spans {
namespace {

using ::testing::ElementsAre;

enum class Columns : bool { kAll, kOfWaits };

// Writes down what it is given.
class Recorder : public SpanConsumer {
 public:
  explicit Recorder(std::vector<GoState> states, Columns columns = Columns::kAll)
      : states_(std::move(states)), columns_(columns) {}

  SpanRequest Request() const override {
    SpanRequest request;
    for (const GoState state : states_) request.states[static_cast<std::size_t>(state)] = true;
    request.goroutine_columns = GoroutineColumns::All();
    if (columns_ == Columns::kOfWaits) {
      request.goroutine_columns.end_stack = false;
      request.goroutine_columns.reason = false;
      request.goroutine_columns.place = false;
    }
    return request;
  }

  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) override {
    for (std::size_t i = 0; i < spans.rows; ++i) {
      const auto leaf = [&](StackRef stack) -> std::string_view {
        const auto frames = tables.stacks.GetStack(stack);
        return frames.empty() ? "-"
                              : tables.strings.Get(tables.stacks.GetFrame(frames[0]).function);
      };
      std::string line = fmt::format(
          "{} g={} {}..{} f={} start={}", Name(spans.state), Raw(spans.g[i]), spans.start_ns[i],
          spans.end_ns[i], tables.strings.Get(spans.start_function[i]), leaf(spans.start_stack[i]));
      if (columns_ == Columns::kAll) {
        line += fmt::format(" end={} reason={}", leaf(spans.end_stack[i]),
                            tables.strings.Get(spans.reason[i]));
      }
      line += fmt::format(" cause={} flags={}", static_cast<int>(spans.cause[i]), spans.flags[i]);
      if (columns_ == Columns::kAll) {
        line +=
            fmt::format(" m={} p={} by={}", Raw(spans.m[i]), Raw(spans.p[i]), Raw(spans.by_g[i]));
      }
      lines.push_back(std::move(line));
    }
  }

  void OnLateName(std::uint32_t, StringRef name, const TraceTables& tables) override {
    lines.push_back(fmt::format("late name \"{}\"", tables.strings.Get(name)));
  }

  std::vector<std::string> lines;

 private:
  std::vector<GoState> states_;
  Columns columns_;
};

std::vector<std::string> Build(const std::string& text, std::vector<GoState> states,
                               Columns columns = Columns::kAll) {
  auto traces = gtengine::testing::AssembleTextTraces(text);
  EXPECT_TRUE(traces.ok()) << traces.error().ToString();
  std::vector<std::uint8_t> bytes(traces->front().bytes.begin(), traces->front().bytes.end());
  const std::size_t size = bytes.size();
  bytes.resize(size + kReadableTailBytes);
  const PaddedView view = PaddedView::Promise(bytes.data(), size);
  order::StrictSource source(view, wire::ReadHeader(view.bytes()).value());
  order::EventStream stream(view, source);
  Recorder recorder(std::move(states), columns);
  SpanConsumer* consumers[] = {&recorder};
  SpanBuilder builder(consumers);
  while (true) {
    const auto chunk = stream.Next();
    EXPECT_TRUE(chunk.ok()) << chunk.error().ToString();
    if (!chunk.ok() || chunk->events.empty()) break;
    builder.Add(*chunk);
  }
  builder.Finish();
  return recorder.lines;
}

constexpr const char* kStart = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
)";

TEST(SpanBuilderTest, ANewGoroutineWaitsRunsAndBlocks) {
  EXPECT_THAT(
      Build(std::string(kStart) + R"(  GoStatus g=1 gstatus=running
  GoCreate new_g=2 new_stack=(main.work@w.go:1) stack=(main.spawn@w.go:9 main.main@w.go:1)
  GoBlock reason_string="chan receive" stack=(main.recv@w.go:2 main.main@w.go:1)
  GoStart g=2 g_seq=1
  GoUnblock g=1 g_seq=1 stack=(main.send@w.go:3 main.work@w.go:1)
  GoDestroy
  GoStart g=1 g_seq=2
expect ok 0
)",
            {GoState::kRunnable, GoState::kRunning, GoState::kWaiting}),
      ElementsAre(
          // Rows of one state come together.
          "Runnable g=2 103..105 f=main.work start=main.spawn end=- reason= cause=1 flags=4 m=1 "
          "p=0 "
          "by=1",
          "Runnable g=1 106..108 f=main.main start=main.send end=- reason= cause=2 flags=0 m=1 p=0 "
          "by=2",
          "Running g=1 102..104 f=main.main start=- end=main.recv reason= cause=0 flags=5 m=1 p=0 "
          "by=-1",
          "Running g=2 105..107 f=main.work start=- end=- reason= cause=5 flags=20 m=1 p=0 by=-1",
          "Running g=1 108..109 f=main.main start=- end=- reason= cause=5 flags=2 m=-1 p=-1 by=-1",
          "Waiting g=1 104..106 f=main.main start=main.recv end=main.send reason=chan receive "
          "cause=6 flags=0 m=1 p=0 by=1"));
}

// The first rows of a goroutine that was there before the trace come before anything tells its
// name.
TEST(SpanBuilderTest, ALateNameFollowsItsRows) {
  EXPECT_THAT(Build(std::string(kStart) + R"(  GoStatus g=7 gstatus=runnable
  GoStart g=7 g_seq=1
  GoBlock stack=(main.wait@w.go:1 main.root@w.go:5)
expect ok 0
)",
                    {GoState::kRunnable}),
              ElementsAre("Runnable g=7 102..103 f= start=- end=- reason= cause=0 flags=5 m=1 p=0 "
                          "by=-1",
                          "late name \"main.root\""));
}

TEST(SpanBuilderTest, AGoroutineThatIsNeverNamedGetsTheEmptyName) {
  const std::string begin = std::string(kStart) + R"(  GoStatus g=7 gstatus=runnable
  GoStart g=7 g_seq=1
)";
  const std::string row =
      "Runnable g=7 102..103 f= start=- end=- reason= cause=0 flags=5 m=1 p=0 by=-1";
  EXPECT_THAT(Build(begin + "  GoDestroy\nexpect ok 0\n", {GoState::kRunnable}),
              ElementsAre(row, "late name \"\""));
  EXPECT_THAT(Build(begin + "expect ok 0\n", {GoState::kRunnable}),
              ElementsAre(row, "late name \"\""));
}

TEST(SpanBuilderTest, AWaitAfterASystemCallHasNoStack) {
  EXPECT_THAT(Build(std::string(kStart) + R"(  GoStatus g=1 gstatus=running
  GoSyscallBegin p_seq=1 stack=(main.read@w.go:1 main.main@w.go:1)
  ProcStop
  GoSyscallEndBlocked
  ProcStart p=0 p_seq=2
  GoStart g=1 g_seq=1
expect ok 0
)",
                    {GoState::kRunnable, GoState::kSyscall}),
              ElementsAre("Runnable g=1 105..107 f=main.main start=- end=- reason= cause=4 flags=0 "
                          "m=1 p=0 by=1",
                          "Syscall g=1 103..105 f=main.main start=main.read end=- reason= cause=7 "
                          "flags=0 m=1 p=-1 by=1"));
}

TEST(SpanBuilderTest, ACoroutineSwitchIsAShortWait) {
  EXPECT_THAT(
      Build(std::string(kStart) + R"(  GoStatus g=1 gstatus=running
  GoCreateBlocked new_g=2 new_stack=(iter.f@i.go:1) stack=(main.main@w.go:1)
  GoSwitch g=2 g_seq=1
expect ok 0
)",
            {GoState::kRunnable}),
      ElementsAre("Runnable g=2 104..106 f=iter.f start=- end=- reason= cause=2 flags=4 m=1 "
                  "p=0 by=1"));
}

TEST(SpanBuilderTest, ARestatementIsNothing) {
  EXPECT_THAT(Build(std::string(kStart) + R"(  GoStatus g=1 gstatus=waiting
generation 2
frequency 1000000000
batch m=1 time=200
  ProcStatus p=0 pstatus=running
  GoStatusStack g=1 gstatus=waiting stack=(main.x@w.go:1)
  GoUnblock g=1 g_seq=1
expect ok 0
)",
                    {GoState::kWaiting}),
              ElementsAre("Waiting g=1 102..203 f= start=- end=- reason= cause=0 flags=5 m=1 p=0 "
                          "by=-1",
                          "late name \"\""));
}

TEST(SpanBuilderTest, RefsHoldAcrossGenerations) {
  // The ids of the second generation mean other strings and stacks than the first one's.
  EXPECT_THAT(
      Build(std::string(kStart) + R"(  GoStatus g=1 gstatus=running
  GoBlock reason_string="sleep" stack=(main.a@w.go:1)
generation 2
frequency 1000000000
batch m=1 time=200
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=waiting
  GoUnblock g=1 g_seq=1 stack=(main.b@w.go:2)
  GoStart g=1 g_seq=2
  GoStop reason_string="preempted" stack=(main.c@w.go:3)
expect ok 0
)",
            {GoState::kRunnable, GoState::kWaiting}),
      ElementsAre("Runnable g=1 203..204 f=main.a start=main.b end=- reason= cause=2 flags=0 "
                  "m=1 p=0 by=-1",
                  "Runnable g=1 205..206 f=main.a start=main.c end=- reason=preempted "
                  "cause=3 flags=2 m=-1 p=-1 by=1",
                  "Waiting g=1 103..203 f=main.a start=main.a end=main.b reason=sleep "
                  "cause=6 flags=0 m=1 p=0 by=1"));
}

TEST(SpanBuilderTest, WhatFollowsAWaitForEverIsFlagged) {
  EXPECT_THAT(
      Build(std::string(kStart) + R"(  GoStatus g=1 gstatus=running
  GoBlock reason_string="forever" stack=(main.a@w.go:1)
  GoUnblock g=1 g_seq=1
  GoStart g=1 g_seq=2
expect ok 0
)",
            {GoState::kRunnable}),
      ElementsAre("Runnable g=1 104..105 f=main.a start=- end=- reason= cause=2 flags=8 m=1 "
                  "p=0 by=-1"));
}

// Every step of a goroutine, when waits are all that is wanted: of one that has a name from its
// creation, and of one that gets it while it runs.
TEST(SpanBuilderTest, WaitsAloneAreTheSame) {
  EXPECT_THAT(Build(std::string(kStart) + R"(  GoStatus g=1 gstatus=running
  GoCreate new_g=2 new_stack=(main.work@w.go:1) stack=(main.spawn@w.go:9 main.main@w.go:1)
  GoSyscallBegin p_seq=1 stack=(main.read@w.go:1 main.main@w.go:1)
  GoSyscallEnd
  GoStop reason_string="preempted" stack=(main.spin@w.go:2 main.main@w.go:1)
  GoStart g=2 g_seq=1
  GoStop stack=(main.turn@w.go:5 main.work@w.go:1)
  GoStart g=2 g_seq=2
  GoBlock reason_string="sleep" stack=(main.nap@w.go:6 main.work@w.go:1)
  GoUnblock g=2 g_seq=3
  GoStart g=2 g_seq=4
  GoBlock reason_string="sleep" stack=(main.nap@w.go:6 main.work@w.go:1)
  GoUnblock g=2 g_seq=5 stack=(main.wake@w.go:7)
  GoStart g=2 g_seq=6
  GoBlock reason_string="forever" stack=(main.stuck@w.go:8 main.work@w.go:1)
  GoUnblock g=2 g_seq=7 stack=(main.wake@w.go:7)
  GoStart g=2 g_seq=8
  GoDestroy
  GoStart g=1 g_seq=1
  GoCreate new_g=3 new_stack=(main.more@w.go:1) stack=(main.spawn@w.go:9 main.main@w.go:1)
  GoSyscallBegin p_seq=2 stack=(main.read@w.go:1 main.main@w.go:1)
  ProcStop
  GoSyscallEndBlocked
  ProcStart p=0 p_seq=3
  GoStart g=1 g_seq=2
generation 2
frequency 1000000000
batch m=1 time=200
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  GoStatus g=3 gstatus=runnable
  GoStop stack=(main.spin@w.go:2 main.main@w.go:1)
  GoStart g=3 g_seq=1
expect ok 0
)",
                    {GoState::kRunnable}, Columns::kOfWaits),
              ElementsAre("Runnable g=2 103..107 f=main.work start=main.spawn cause=1 flags=4",
                          "Runnable g=2 108..109 f=main.work start=main.turn cause=3 flags=0",
                          "Runnable g=2 111..112 f=main.work start=- cause=2 flags=0",
                          "Runnable g=2 114..115 f=main.work start=main.wake cause=2 flags=0",
                          "Runnable g=2 117..118 f=main.work start=main.wake cause=2 flags=8",
                          "Runnable g=1 106..120 f=main.main start=main.spin cause=3 flags=0",
                          "Runnable g=1 124..126 f=main.main start=- cause=4 flags=0",
                          "Runnable g=3 121..205 f=main.more start=main.spawn cause=1 flags=4",
                          "Runnable g=1 204..206 f=main.main start=main.spin cause=3 flags=2"));
}

TEST(SpanBuilderTest, ManyRowsComeInChunks) {
  std::string text = std::string(kStart) + "  GoStatus g=1 gstatus=runnable\n";
  constexpr int kRuns = 2500;
  for (int i = 1; i <= kRuns; ++i) {
    text += fmt::format("  GoStart g=1 g_seq={}\n  GoStop stack=(main.main@w.go:1)\n", i);
  }
  text += "expect ok 0\n";
  EXPECT_EQ(Build(text, {GoState::kRunnable}).size(),
            kRuns + 2u);  // and a late name, and a cut row
}

// As legacy traces tell a thread that C code made: it was created, and is in a system call.
TEST(SpanBuilderTest, ARestatementAsIfNothingWereKnownEndsASpan) {
  order::LoadedGeneration generation;
  const auto transition = [](TimeNs time_ns, wire::EventType type, GoState from, GoState to) {
    order::OrderedEvent event;
    event.time_ns = time_ns;
    event.type = type;
    event.args[0] = 5;
    event.g = GoId{5};
    event.from = static_cast<std::uint8_t>(from);
    event.to = static_cast<std::uint8_t>(to);
    event.subject_slot = 1;
    return event;
  };
  using wire::EventType;
  const order::OrderedEvent events[] = {
      transition(10, EventType::kGoCreate, GoState::kNotExist, GoState::kRunnable),
      transition(12, EventType::kGoStatus, GoState::kUndetermined, GoState::kRunnable),
      transition(13, EventType::kGoStatus, GoState::kUndetermined, GoState::kSyscall),
      transition(19, EventType::kGoSyscallEndBlocked, GoState::kSyscall, GoState::kRunnable)};
  Recorder recorder({GoState::kRunnable, GoState::kSyscall});
  SpanConsumer* consumers[] = {&recorder};
  SpanBuilder builder(consumers);
  builder.Add({.events = events, .generation_or_null = &generation, .task_names = nullptr});
  builder.Finish();
  EXPECT_THAT(recorder.lines,
              ElementsAre("Runnable g=5 10..13 f= start=- end=- reason= cause=1 flags=4 m=-1 p=-1 "
                          "by=5",
                          "Runnable g=5 19..19 f= start=- end=- reason= cause=4 flags=6 m=-1 p=-1 "
                          "by=5",
                          "Syscall g=5 13..19 f= start=- end=- reason= cause=0 flags=5 m=-1 p=-1 "
                          "by=5",
                          "late name \"\""));
}

}  // namespace
}  // namespace gtengine::spans
