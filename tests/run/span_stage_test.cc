#include "engine/run/span_stage.h"

#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "engine/run/task_hand_off.h"
#include "tests/base/padded_bytes.h"
#include "tests/order/many_threads.h"

namespace gtengine::run {
namespace {

// Writes down all goroutine spans and tasks that it gets.
class Recorder : public SpanConsumer {
 public:
  SpanRequest Request() const override {
    SpanRequest request;
    for (bool& state : request.states) state = true;
    request.goroutine_columns.g = true;
    request.sets.tasks = true;
    return request;
  }
  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables&) override {
    threads.insert(std::this_thread::get_id());
    for (std::size_t i = 0; i < spans.rows; ++i) {
      rows.push_back({static_cast<std::int64_t>(spans.state), Raw(spans.g[i]), spans.start_ns[i],
                      spans.end_ns[i]});
    }
  }
  void OnLateName(std::uint32_t, StringRef, const TraceTables&) override {}
  void OnTasks(const Tasks& tasks, const TraceTables& tables) override {
    for (std::size_t i = 0; i < tasks.rows; ++i) {
      names += std::string(tables.strings.Get(tasks.name[i])) + ";";
    }
  }

  std::vector<std::vector<std::int64_t>> rows;
  std::string names;
  std::set<std::thread::id> threads;  // that brought rows
};

class SpanStageTest : public ::testing::Test {
 protected:
  // Takes the trace through a stage; `between` comes before each chunk.
  template <class Between>
  Recorder Run(Between between) {
    tbb::task_arena arena(2);
    return arena.execute([&] { return RunInArena(between); });
  }

  template <class Between>
  Recorder RunInArena(Between between) {
    Recorder recorder;
    tbb::task_group tasks;
    SpanConsumer* const consumers[] = {&recorder};
    spans::SpanBuilder builder(consumers);
    order::StrictSource source(bytes_.view(), wire::Version::k26);
    order::EventStream stream(bytes_.view(), source);
    {
      SpanStage stage(stream, memory_, tasks, threads_, span_bytes_);
      while (true) {
        between();
        auto chunk = stage.Next();
        EXPECT_TRUE(chunk.ok());
        if (!chunk.ok() || chunk->events.empty()) break;
        stage.Take(builder, *chunk);
      }
      stage.Finish();
      has_memory_ = stage.has_memory();
    }
    tasks.wait();
    ReceiveFromTasks();
    builder.Finish();
    return recorder;
  }

  testing::PaddedBytes bytes_{
      testing::MakeManyThreads({.threads = 20, .generations = 5, .steps = 50'000})};
  MemoryBudget memory_{std::uint64_t{1} << 30};
  SpareThreads threads_{2};
  tbb::global_control parallelism_{tbb::global_control::max_allowed_parallelism, 2};
  SpanBytes span_bytes_ = [] { return std::uint64_t{1}; };
  bool has_memory_ = false;  // in the end
};

void Nothing() {}

// Gives the other thread time to come.
void Rest() { std::this_thread::sleep_for(std::chrono::microseconds(200)); }

TEST_F(SpanStageTest, IsTheSameAloneAndWithAnotherThread) {
  const Recorder alone = Run(Nothing);
  ASSERT_GT(alone.rows.size(), 1000u);
  threads_.Take();
  threads_.SetAllBegun();
  for (int i = 0; i < 3; ++i) {
    const Recorder helped = Run(i == 0 ? Rest : Nothing);
    EXPECT_EQ(helped.rows, alone.rows);
    EXPECT_EQ(helped.names, alone.names);
    if (i == 0) {
      EXPECT_EQ(helped.threads.size(), 2u) << "no other thread has come";
    }
  }
}

TEST_F(SpanStageTest, GivesBackWhatItTook) {
  threads_.Take();
  threads_.SetAllBegun();
  Run(Rest);
  EXPECT_TRUE(memory_.TryReserve(memory_.total_bytes()));
  EXPECT_TRUE(threads_.TryTake());
  EXPECT_FALSE(threads_.TryTake());
}

TEST_F(SpanStageTest, DoesWithoutAThreadWhenMemoryIsShort) {
  const Recorder alone = Run(Nothing);
  threads_.Take();
  threads_.SetAllBegun();
  ASSERT_TRUE(memory_.TryReserve(memory_.total_bytes() - (1 << 20)));
  EXPECT_EQ(Run(Rest).rows, alone.rows);
  EXPECT_TRUE(threads_.TryTake());
}

TEST(SpareThreads, AreThereOnceAllTracesHaveBegun) {
  SpareThreads threads(3);
  threads.Take();
  EXPECT_FALSE(threads.TryTake());
  threads.SetAllBegun();
  EXPECT_TRUE(threads.TryTake());
  EXPECT_TRUE(threads.TryTake());
  EXPECT_FALSE(threads.TryTake());
  threads.GiveBack();
  EXPECT_TRUE(threads.TryTake());
}

TEST_F(SpanStageTest, WithoutMemoryTheBuilderGetsNothingMore) {
  const Recorder all = Run(Nothing);
  EXPECT_TRUE(has_memory_);
  threads_.SetAllBegun();
  for (int i = 0; i < 2; ++i) {
    int calls = 0;
    span_bytes_ = [&] { return ++calls < 20 ? 1 : memory_.total_bytes() + 1; };
    const Recorder some = Run(i == 0 ? Rest : Nothing);
    EXPECT_FALSE(has_memory_);
    EXPECT_EQ(calls, 20);
    EXPECT_LT(some.rows.size(), all.rows.size());
    EXPECT_TRUE(memory_.TryReserve(memory_.total_bytes())) << "memory was not given back";
    memory_.Release(memory_.total_bytes());
  }
}

}  // namespace
}  // namespace gtengine::run
