// The stream as an interface. What it says of traces is the business of text_trace_test.cc.
#include "engine/order/event_stream.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "tests/base/padded_bytes.h"
#include "tests/order/many_threads.h"
#include "tests/order/text_trace.h"

namespace gtengine::order {
namespace {

using ::testing::HasSubstr;
using testing::PaddedBytes;

constexpr std::string_view kPrelude = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=10
  ProcStatus p=0 pstatus=running
  GoStatus g=4 gstatus=running
)";

// `text` goes behind the prelude.
PaddedBytes Trace(const std::string& text) {
  auto traces = testing::AssembleTextTraces(std::string(kPrelude) + text + "expect ok 0\n");
  EXPECT_TRUE(traces.ok()) << traces.error().what;
  return PaddedBytes(traces->front().bytes);
}

TEST(EventStream, GivesAGenerationWithItsEvents) {
  const PaddedBytes bytes = Trace("generation 7\nfrequency 1\nbatch m=1 time=20\n  GoBlock\n");
  StrictSource source(bytes.view(), wire::Version::k26);
  EventStream stream(bytes.view(), source);
  std::vector<std::uint64_t> generations;
  while (true) {
    const auto chunk = stream.Next();
    ASSERT_TRUE(chunk.ok());
    if (chunk->events.empty()) break;
    for (std::size_t i = 0; i < chunk->events.size(); ++i) {
      generations.push_back(
          chunk->generation_or_null == nullptr ? 0 : chunk->generation_or_null->generation.number);
    }
  }
  EXPECT_EQ(generations, (std::vector<std::uint64_t>{1, 1, 1, 7, 7, 0}));
}

TEST(EventStream, StaysAtItsEnd) {
  const PaddedBytes bytes = Trace("");
  StrictSource source(bytes.view(), wire::Version::k26);
  EventStream stream(bytes.view(), source);
  while (!stream.Next()->events.empty()) {
  }
  EXPECT_TRUE(stream.Next()->events.empty());
  EXPECT_TRUE(stream.Next()->events.empty());
}

TEST(EventStream, StaysAtItsError) {
  const PaddedBytes bytes = Trace("  GoBlock\n  GoBlock\n");
  StrictSource source(bytes.view(), wire::Version::k26);
  EventStream stream(bytes.view(), source);
  std::size_t events = 0;
  while (true) {
    const auto chunk = stream.Next();
    if (!chunk.ok()) break;
    ASSERT_FALSE(chunk->events.empty());
    events += chunk->events.size();
  }
  EXPECT_EQ(events, 4u);
  const auto again = stream.Next();
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, ErrorCode::kBrokenOrder);
  EXPECT_EQ(again.error().generation, 1u);
  EXPECT_EQ(again.error().m, 1);
  ASSERT_TRUE(again.error().byte_offset.has_value());
  EXPECT_EQ(bytes.view()[*again.error().byte_offset],
            static_cast<std::uint8_t>(wire::EventType::kGoBlock));
}

// However many they are, in one order and with rising times.
TEST(EventStream, GivesManyEventsInChunks) {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += fmt::format("  HeapAlloc dt={} heapalloc_value={}\n", i % 2, i);
  const PaddedBytes bytes = Trace(text);
  StrictSource source(bytes.view(), wire::Version::k26);
  EventStream stream(bytes.view(), source);
  std::uint64_t values = 0;
  std::size_t chunks = 0;
  TimeNs last = 0;
  while (true) {
    const auto chunk = stream.Next();
    ASSERT_TRUE(chunk.ok());
    if (chunk->events.empty()) break;
    ++chunks;
    for (const OrderedEvent& event : chunk->events) {
      EXPECT_GT(event.time_ns, last);
      last = event.time_ns;
      if (event.type == wire::EventType::kHeapAlloc) {
        EXPECT_EQ(event.args[0], values++);
      }
    }
  }
  EXPECT_EQ(values, 3000u);
  EXPECT_GT(chunks, 5u);
}

TEST(EventStream, NumbersGoroutinesDensely) {
  const PaddedBytes bytes = Trace(R"(  GoCreate new_g=1000000
  GoDestroy
  GoStart g=1000000 g_seq=1
  GoCreate new_g=2000000
  GoLabel label_string="x"
)");
  StrictSource source(bytes.view(), wire::Version::k26);
  EventStream stream(bytes.view(), source);
  std::vector<std::uint32_t> subjects;
  std::uint32_t label_slot = kNoSlot;
  while (true) {
    const auto chunk = stream.Next();
    ASSERT_TRUE(chunk.ok());
    if (chunk->events.empty()) break;
    for (const OrderedEvent& event : chunk->events) {
      if (IsGoroutineTransition(event.type)) subjects.push_back(event.subject_slot);
      if (event.type == wire::EventType::kGoLabel) label_slot = event.g_slot;
    }
  }
  EXPECT_EQ(subjects, (std::vector<std::uint32_t>{1, 2, 1, 2, 1})) << "slot 1 is used again";
  EXPECT_EQ(label_slot, 2u);
  EXPECT_EQ(stream.goroutine_slots(), 3u);
  EXPECT_EQ(stream.live_goroutines(), 2u);
}

TEST(EventStream, KnowsTheNamesOfEndedTasks) {
  const PaddedBytes bytes = Trace(R"(  UserTaskBegin task=1 parent_task=0 name_string="first"
generation 2
frequency 1
batch m=1 time=1
  UserTaskEnd task=1
)");
  StrictSource source(bytes.view(), wire::Version::k26);
  EventStream stream(bytes.view(), source);
  std::string name;
  while (true) {
    const auto chunk = stream.Next();
    ASSERT_TRUE(chunk.ok());
    if (chunk->events.empty()) break;
    for (const OrderedEvent& event : chunk->events) {
      if (event.type != wire::EventType::kUserTaskEnd) continue;
      EXPECT_EQ(event.args[2], Raw(kNoTask));
      name = chunk->task_names->Get(static_cast<StringRef>(event.args[3]));
    }
  }
  EXPECT_EQ(name, "first");
}

// Names are dropped between generations when there are many, but not those that are still open.
TEST(EventStream, KeepsTheNamesOfOpenTasksAndRegionsAmongMany) {
  std::string text = "  UserRegionBegin task=9 name_string=\"region\"\n";
  for (int i = 0; i < 5000; ++i) {
    text += fmt::format("  UserTaskBegin task={} parent_task=0 name_string=\"t{}\"\n", i, i);
    if (i % 1000 != 0) text += fmt::format("  UserTaskEnd task={}\n", i);
  }
  text += R"(generation 2
frequency 1
batch m=1 time=1
  UserTaskEnd task=1000
  UserRegionEnd task=9 name_string="region"
  UserTaskBegin task=5000 parent_task=0 name_string="t5000"
generation 3
frequency 1
batch m=1 time=1
  UserTaskEnd task=4000
  UserTaskEnd task=5000
)";
  const PaddedBytes bytes = Trace(text);
  StrictSource source(bytes.view(), wire::Version::k26);
  EventStream stream(bytes.view(), source);
  std::vector<std::string> late_names;
  while (true) {
    const auto chunk = stream.Next();
    ASSERT_TRUE(chunk.ok()) << chunk.error().ToString();
    if (chunk->events.empty()) break;
    for (const OrderedEvent& event : chunk->events) {
      if (event.type != wire::EventType::kUserTaskEnd) continue;
      if (chunk->generation_or_null->generation.number == 1) continue;
      late_names.emplace_back(chunk->task_names->Get(static_cast<StringRef>(event.args[3])));
    }
  }
  EXPECT_EQ(late_names, (std::vector<std::string>{"t1000", "t4000", "t5000"}));
}

// A source whose second answer is an error.
class FailingSource : public GenerationSource {
 public:
  explicit FailingSource(PaddedView trace) : source_(trace, wire::Version::k26) {}
  Result<const LoadedGeneration*> Next() override {
    if (++calls_ == 1) return source_.Next();
    return Error{.code = ErrorCode::kLimit, .what = "no more memory"};
  }
  int calls() const { return calls_; }

 private:
  StrictSource source_;
  int calls_ = 0;
};

TEST(EventStream, ClosesWithASyncBeforeTheSourcesErrorAndAsksNoMore) {
  const PaddedBytes bytes = Trace("");
  FailingSource source(bytes.view());
  EventStream stream(bytes.view(), source);
  std::vector<wire::EventType> types;
  auto chunk = stream.Next();
  for (; chunk.ok(); chunk = stream.Next()) {
    for (const OrderedEvent& event : chunk->events) types.push_back(event.type);
  }
  ASSERT_EQ(types.size(), 4u);
  EXPECT_EQ(types.back(), kSyncEvent);
  EXPECT_EQ(chunk.error().code, ErrorCode::kLimit);
  EXPECT_FALSE(stream.Next().ok());
  EXPECT_EQ(source.calls(), 2);
}

// All events, as `next` gives them from a stream of the bytes.
template <class Prepare, class Next>
std::vector<OrderedEvent> ReadAll(const PaddedBytes& bytes, Prepare prepare, Next next) {
  StrictSource source(bytes.view(), wire::Version::k26);
  EventStream stream(bytes.view(), source);
  prepare(stream);
  std::vector<OrderedEvent> events;
  while (true) {
    const auto chunk = next(stream);
    EXPECT_TRUE(chunk.ok());
    if (!chunk.ok() || chunk->events.empty()) return events;
    events.insert(events.end(), chunk->events.begin(), chunk->events.end());
  }
}

void ExpectSame(const std::vector<OrderedEvent>& events, const std::vector<OrderedEvent>& others) {
  ASSERT_EQ(events.size(), others.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    ASSERT_EQ(events[i].time_ns, others[i].time_ns) << i;
    ASSERT_EQ(events[i].type, others[i].type) << i;
    ASSERT_EQ(events[i].m, others[i].m) << i;
    ASSERT_EQ(events[i].subject_slot, others[i].subject_slot) << i;
  }
}

TEST(EventStream, GivesTheSameWhoeverDecodes) {
  const PaddedBytes bytes(
      testing::MakeManyThreads({.threads = 30, .generations = 3, .steps = 10'000}));
  const auto next = [](EventStream& stream) { return stream.Next(); };
  const auto alone = ReadAll(
      bytes, [](EventStream&) {}, next);
  std::thread helper;
  std::atomic<bool> is_over = false;
  const auto prepare = [&](EventStream& stream) {
    stream.OfferDecoding();
    helper = std::thread([&] {
      while (!is_over) {
        if (!stream.DecodeAhead()) std::this_thread::yield();
      }
    });
  };
  const auto join_at_end = [&](EventStream& stream) {
    auto chunk = stream.Next();
    if (!chunk.ok() || chunk->events.empty()) {
      is_over = true;
      helper.join();
    }
    return chunk;
  };
  ExpectSame(ReadAll(bytes, prepare, join_at_end), alone);
}

TEST(EventStream, KeepsAChunkInItsBuffer) {
  std::string text;
  for (int i = 0; i < 600; ++i) {
    text += fmt::format("  UserTaskBegin dt=1 task={} parent_task=0 name_string=\"task {}\"\n",
                        i + 1, i % 9);
    text += fmt::format("  UserTaskEnd dt=1 task={}\n", i + 1);
  }
  const PaddedBytes bytes = Trace(text);
  StrictSource source(bytes.view(), wire::Version::k26);
  EventStream stream(bytes.view(), source);
  std::deque<EventBuffer> buffers;
  std::vector<EventChunk> chunks;
  while (true) {
    const auto chunk = stream.Next(buffers.emplace_back());
    ASSERT_TRUE(chunk.ok());
    if (chunk->events.empty()) break;
    chunks.push_back(*chunk);
  }
  ASSERT_GT(chunks.size(), 2u);
  int tasks = 0;
  for (const EventChunk& chunk : chunks) {
    for (const OrderedEvent& event : chunk.events) {
      if (event.type != wire::EventType::kUserTaskEnd) continue;
      EXPECT_EQ(event.args[0], static_cast<std::uint64_t>(tasks + 1));
      EXPECT_EQ(chunk.task_names->Get(static_cast<StringRef>(event.args[3])),
                fmt::format("task {}", tasks % 9));
      ++tasks;
    }
  }
  EXPECT_EQ(tasks, 600);
}

}  // namespace
}  // namespace gtengine::order
