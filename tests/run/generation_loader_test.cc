#include "engine/run/generation_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/task_group.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/wire/header.h"
#include "tests/io/temp_folder.h"
#include "tests/run/scan_setup.h"
#include "tests/wire/trace_builder.h"

namespace gtengine::run {
namespace {

using ::testing::ElementsAre;
using wire::testing::Bytes;
using wire::testing::TraceBuilder;

class GenerationLoaderTest : public ::testing::Test {
 protected:
  io::MappedFile Map(const TraceBuilder& trace) {
    const ByteView bytes = trace.view();
    return io::MappedFile::Open(
               folder_.Write("t", {reinterpret_cast<const char*>(bytes.data()), bytes.size()}))
        .value();
  }

  // The numbers of the generations that a loader gives.
  std::vector<std::uint64_t> Numbers(GenerationLoader& loader) {
    std::vector<std::uint64_t> numbers;
    while (true) {
      auto next = loader.Next();
      EXPECT_TRUE(next.ok());
      if (!next.ok() || *next == nullptr) return numbers;
      EXPECT_EQ((*next)->tables.frequency_hz(), TraceBuilder::kFrequencyHz);
      numbers.push_back((*next)->generation.number);
    }
  }

  TempFolder folder_;
  MemoryBudget memory_{std::uint64_t{1} << 30};
  // Its destructor may throw, and a fixture's must not.
  const std::unique_ptr<tbb::task_group> task_group_ = std::make_unique<tbb::task_group>();
  tbb::task_group& tasks_ = *task_group_;
};

TEST_F(GenerationLoaderTest, GivesARunAndSaysWhereTheNextBegins) {
  TraceBuilder trace(wire::Version::k26);
  for (const std::uint64_t number : {1, 2, 3}) trace.Generation(number);
  const std::uint64_t second_run = trace.size();
  for (const std::uint64_t number : {7, 8}) trace.Generation(number);
  const io::MappedFile file = Map(trace);
  GenerationLoader first(file, trace.version(), wire::kHeaderBytes, memory_, tasks_);
  EXPECT_THAT(Numbers(first), ElementsAre(1, 2, 3));
  EXPECT_EQ(first.next_run(), second_run);
  GenerationLoader second(file, trace.version(), second_run, memory_, tasks_);
  EXPECT_THAT(Numbers(second), ElementsAre(7, 8));
  EXPECT_EQ(second.next_run(), std::nullopt);
  tasks_.wait();
}

TEST_F(GenerationLoaderTest, StopsAtItsLimit) {
  TraceBuilder trace(wire::Version::k23);
  for (const std::uint64_t number : {1, 2, 3}) trace.Generation(number);
  const io::MappedFile file = Map(trace);
  GenerationLoader loader(file, trace.version(), wire::kHeaderBytes, memory_, tasks_, 2);
  EXPECT_THAT(Numbers(loader), ElementsAre(1, 2));
  tasks_.wait();
}

TEST_F(GenerationLoaderTest, DamageCountsOnlyWhereItIsReached) {
  TraceBuilder trace(wire::Version::k26);
  trace.Generation(1);
  const std::uint64_t bad = trace.size();
  trace.Batch(2, 1, Bytes().Type(wire::EventType::kStrings).String(1, "a").String(1, "b"));
  trace.Generation(2);
  const std::uint64_t third = trace.size();
  trace.Generation(3);
  const io::MappedFile file = Map(trace);
  GenerationLoader loader(file, trace.version(), wire::kHeaderBytes, memory_, tasks_);
  ASSERT_TRUE(loader.Next().ok());
  tasks_.wait();  // the second has been looked at by now
  EXPECT_TRUE(loader.damage().empty());
  EXPECT_THAT(Numbers(loader), ElementsAre());
  ASSERT_EQ(loader.damage().size(), 1u);
  EXPECT_EQ(loader.damage()[0].begin, bad);
  EXPECT_EQ(loader.damage()[0].end, third);
  EXPECT_EQ(loader.next_run(), third);
}

TEST_F(GenerationLoaderTest, GivesItsMemoryBack) {
  TraceBuilder trace(wire::Version::k26);
  for (std::uint64_t number = 1; number <= 20; ++number) trace.Generation(number);
  const io::MappedFile file = Map(trace);
  {
    GenerationLoader loader(file, trace.version(), wire::kHeaderBytes, memory_, tasks_);
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(loader.Next().ok());
  }
  tasks_.wait();
  EXPECT_TRUE(memory_.TryReserve(memory_.total_bytes()));
}

TEST_F(GenerationLoaderTest, WorksOnOneThreadAndWithMemoryForOneGeneration) {
  TraceBuilder trace(wire::Version::k26);
  for (std::uint64_t number = 1; number <= 5; ++number) trace.Generation(number);
  const io::MappedFile file = Map(trace);
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  MemoryBudget little(1200 << 10);
  GenerationLoader loader(file, trace.version(), wire::kHeaderBytes, little, tasks_);
  EXPECT_THAT(Numbers(loader), ElementsAre(1, 2, 3, 4, 5));
  tasks_.wait();
}

}  // namespace
}  // namespace gtengine::run
