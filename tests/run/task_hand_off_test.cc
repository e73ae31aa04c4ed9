// Under ThreadSanitizer these fail when the hand-off or tests/tsan.supp does not cover a pattern of
// oneTBB; elsewhere they only check the sums.
#include "engine/run/task_hand_off.h"

#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_group.h>

#include <cstddef>
#include <memory>
#include <numeric>
#include <vector>

namespace gtengine {
namespace {

constexpr std::size_t kCount = 2000;

class TaskHandOffTest : public testing::Test {
 protected:
  TaskHandOffTest() : input_(kCount) { std::iota(input_.begin(), input_.end(), std::size_t{0}); }

  std::vector<std::size_t> input_;
  const std::size_t sum_ = kCount * (kCount - 1) / 2;

 private:
  tbb::global_control threads_{tbb::global_control::max_allowed_parallelism, 2};
};

TEST_F(TaskHandOffTest, ParallelFor) {
  std::vector<std::unique_ptr<std::size_t>> output(kCount);
  const auto body = [&](std::size_t i) {
    TaskScope scope;
    output[i] = std::make_unique<std::size_t>(input_[i]);
  };
  PublishToTasks();
  tbb::parallel_for(std::size_t{0}, kCount, body);
  ReceiveFromTasks();
  std::size_t sum = 0;
  for (const auto& value : output) sum += *value;
  EXPECT_EQ(sum, sum_);
}

TEST_F(TaskHandOffTest, Pipeline) {
  using Value = std::shared_ptr<std::vector<std::size_t>>;
  std::size_t next = 0;
  std::size_t sum = 0;
  const auto read = [&](tbb::flow_control& control) -> Value {
    TaskScope scope;
    if (next == kCount) {
      control.stop();
      return nullptr;
    }
    return std::make_shared<std::vector<std::size_t>>(8, input_[next++]);
  };
  const auto work = [](Value value) {
    TaskScope scope;
    for (std::size_t& number : *value) number *= 2;
    return value;
  };
  const auto write = [&](const Value& value) {
    TaskScope scope;
    sum += value->back();
  };
  PublishToTasks();
  tbb::parallel_pipeline(
      4, tbb::make_filter<void, Value>(tbb::filter_mode::serial_in_order, read) &
             tbb::make_filter<Value, Value>(tbb::filter_mode::parallel, work) &
             tbb::make_filter<Value, void>(tbb::filter_mode::serial_in_order, write));
  ReceiveFromTasks();
  EXPECT_EQ(sum, 2 * sum_);
}

TEST_F(TaskHandOffTest, TaskGroup) {
  std::size_t low = 0;
  std::size_t high = 0;
  const auto add_low = [&] {
    TaskScope scope;
    for (std::size_t i = 0; i < kCount / 2; ++i) low += input_[i];
  };
  const auto add_high = [&] {
    TaskScope scope;
    for (std::size_t i = kCount / 2; i < kCount; ++i) high += input_[i];
  };
  tbb::task_group group;
  PublishToTasks();
  group.run(add_low);
  group.run(add_high);
  group.wait();
  ReceiveFromTasks();
  EXPECT_EQ(low + high, sum_);
}

}  // namespace
}  // namespace gtengine
