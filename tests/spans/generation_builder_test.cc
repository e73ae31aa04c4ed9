#include "engine/spans/generation_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/spans/column_recorder.h"

namespace gtengine::spans {
namespace {

using gtengine::testing::RecordSets;
using ::testing::ElementsAre;

constexpr SetRequest kGenerations{.generations = true};

TEST(GenerationBuilderTest, EachGenerationIsARow) {
  EXPECT_THAT(RecordSets(R"(version 26
generation 4
sync
  Frequency freq=500000000
  ClockSnapshot dt=10 mono=77 sec=1795427284 nsec=222981344
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  GoBlock reason_string="sleep" stack=(main.main@m.go:1)
samples
  CPUSample time=150 m=1 p=0 g=1
generation 5
frequency 1000000000
batch m=1 time=400
  ProcStatus p=0 pstatus=running
expect ok 0
)",
                         kGenerations),
              // Two ns a tick; the Sync event and the sample count.
              ElementsAre("generation 4 batches=5 strings=3 stacks=1 events=5 200..300 "
                          "hz=500000000 clock=20 mono=77 wall=1795427284.222981344",
                          "generation 5 batches=2 strings=0 stacks=0 events=2 301..401 "
                          "hz=1000000000 clock=100 mono=0 wall=0.000000000"));
}

TEST(GenerationBuilderTest, EarlierFormatsHaveNoClockSnapshot) {
  EXPECT_THAT(RecordSets(R"(version 22
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
expect ok 0
)",
                         kGenerations),
              ElementsAre("generation 1 batches=2 strings=0 stacks=0 events=2 100..101 "
                          "hz=1000000000"));
}

TEST(GenerationBuilderTest, MoreGenerationsThanAChunkHolds) {
  std::string text = "version 26\n";
  for (std::size_t i = 1; i <= Generations::kRows + 2; ++i) {
    text += "generation " + std::to_string(i) +
            "\nfrequency 1000000000\nbatch m=1 time=" + std::to_string(i * 100) +
            "\n  ProcStatus p=0 pstatus=running\n";
  }
  EXPECT_EQ(RecordSets(text + "expect ok 0\n", kGenerations).size(), Generations::kRows + 2);
}

}  // namespace
}  // namespace gtengine::spans
