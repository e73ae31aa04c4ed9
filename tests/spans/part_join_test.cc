#include "engine/spans/part_join.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/order/boundary_state.h"
#include "tests/spans/column_recorder.h"
#include "tests/spans/trace_parts.h"

namespace gtengine::spans {
namespace {

// Four generations on one thread. Each begins with the statuses of goroutine 1, which runs, and of
// another one, then has lines of its own, and ends with 1 running.
struct Generation {
  std::string other;  // "g=2 gstatus=waiting"
  std::string lines;
};

std::string TextOf(const std::vector<Generation>& generations) {
  std::string text = "version 26\n";
  int number = 0;
  for (const Generation& generation : generations) {
    ++number;
    text += fmt::format(
        "generation {0}\nfrequency 1000000000\nbatch m=1 time={0}000\n"
        "  ProcStatus p=0 pstatus=running\n  GoStatus g=1 gstatus=running\n"
        "  GoStatus {1}\n{2}",
        number, generation.other, generation.lines);
  }
  return text + "expect ok 0\n";
}

// Goroutine 1 makes way for another one, and runs again.
constexpr std::string_view kStop1 = "  GoStop dt=2 stack=(main.one@m.go:1)\n";
constexpr std::string_view kStart1 = "  GoStart dt=3 g=1 g_seq=1\n";

std::string Between(std::string_view lines) {
  return fmt::format("{}{}{}", kStop1, lines, kStart1);
}

class Story {
 public:
  explicit Story(const std::vector<Generation>& generations)
      : bytes_(testing::PaddedTrace(TextOf(generations))),
        view_(PaddedView::Promise(bytes_.data(), bytes_.size() - kReadableTailBytes)) {}

  testing::PartRuns Run(const std::vector<std::size_t>& firsts) const {
    return testing::RunParts(view_, wire::Version::k26, firsts);
  }
  // Whether all parts go together and give what the whole gives.
  void ExpectPartsAreTheWhole() const {
    const std::string whole = testing::Join(Run({0}));
    for (const auto& firsts : std::vector<std::vector<std::size_t>>{{0, 2}, {0, 1}, {0, 1, 2, 3}}) {
      const testing::PartRuns parts = Run(firsts);
      std::optional<order::BoundaryState> truth = parts[0]->stream.Boundary();
      for (std::size_t i = 1; i < parts.size(); ++i) {
        truth = Continue(*truth, parts[i]->stream.EndPart());
        ASSERT_TRUE(truth);
      }
      ASSERT_TRUE(GoTogether(testing::Joinable(parts)));
      EXPECT_TRUE(testing::Join(parts) == whole) << firsts.size() << " parts";
    }
  }
  void ExpectSecondHalfDoesNotFit() const {
    EXPECT_FALSE(GoTogether(testing::Joinable(Run({0, 2}))));
  }

 private:
  std::vector<std::uint8_t> bytes_;
  PaddedView view_;
};

const std::string kBlocks2 = "  GoBlock dt=1 reason_string=\"sync\" stack=(main.two@m.go:3)\n";

TEST(PartJoinTest, AWaitBeginsInOnePartAndEndsInAnotherThatKnowsTheName) {
  Story({{"g=2 gstatus=waiting",
          "  GoUnblock dt=5 g=2 g_seq=1 stack=(main.wake@m.go:7)\n" + Between("")},
         {"g=2 gstatus=runnable", Between("")},
         {"g=2 gstatus=runnable", Between("  GoStart dt=4 g=2 g_seq=1\n" + kBlocks2)},
         {"g=2 gstatus=waiting", Between("")}})
      .ExpectPartsAreTheWhole();
}

TEST(PartJoinTest, WhatRanNowhereBeforeIsAFirstRun) {
  Story({{"g=2 gstatus=waiting", Between("")},
         {"g=2 gstatus=waiting", Between("")},
         {"g=2 gstatus=waiting", "  GoUnblock dt=5 g=2 g_seq=1 stack=(main.wake@m.go:7)\n" +
                                     Between("  GoStart dt=4 g=2 g_seq=2\n" + kBlocks2)},
         {"g=2 gstatus=waiting", Between("")}})
      .ExpectPartsAreTheWhole();
}

// It ends without a stack of its own, and another one has its slot.
TEST(PartJoinTest, RowsOfAnEndedGoroutineGetTheNameThatAnEarlierPartKnows) {
  const std::string ends =
      "  GoUnblock dt=5 g=2 g_seq=1\n" +
      Between(
          "  GoStart dt=4 g=2 g_seq=2\n  GoStop dt=6\n  GoStart dt=9 g=2 g_seq=3\n"
          "  GoDestroy dt=1\n") +
      "  GoCreate dt=2 new_g=3 new_stack=(main.three@m.go:9)\n"
      "  GoStop dt=2\n  GoStart dt=11 g=3 g_seq=1\n"
      "  GoBlock dt=1 reason_string=\"sync\"\n  GoStart dt=5 g=1 g_seq=2\n";
  Story({{"g=2 gstatus=runnable", Between("  GoStart dt=4 g=2 g_seq=1\n" + kBlocks2)},
         {"g=2 gstatus=waiting", Between("")},
         {"g=2 gstatus=waiting", ends},
         {"g=3 gstatus=waiting", Between("")}})
      .ExpectPartsAreTheWhole();
}

TEST(PartJoinTest, ANameIsToldToAllPartsBefore) {
  const std::string runs =
      "  GoUnblock dt=5 g=2 g_seq=1\n" +
      Between("  GoStart dt=4 g=2 g_seq=2\n  GoBlock reason_string=\"sync\"\n");
  Story({{"g=2 gstatus=waiting", runs},
         {"g=2 gstatus=waiting", runs},
         {"g=2 gstatus=waiting", runs},
         {"g=2 gstatus=waiting",
          "  GoUnblock dt=5 g=2 g_seq=1\n" + Between("  GoStart dt=4 g=2 g_seq=2\n" + kBlocks2)}})
      .ExpectPartsAreTheWhole();
}

TEST(PartJoinTest, AnotherNameDoesNotFit) {
  const std::string runs_as_other =
      "  GoUnblock dt=5 g=2 g_seq=1\n" +
      Between(
          "  GoStart dt=4 g=2 g_seq=2\n"
          "  GoBlock reason_string=\"sync\" stack=(main.other@m.go:3)\n");
  Story({{"g=2 gstatus=runnable", Between("  GoStart dt=4 g=2 g_seq=1\n" + kBlocks2)},
         {"g=2 gstatus=waiting", Between("")},
         {"g=2 gstatus=waiting", runs_as_other},
         {"g=2 gstatus=waiting", Between("")}})
      .ExpectSecondHalfDoesNotFit();
}

TEST(PartJoinTest, WhoeverWaitedForeverDoesNotFitWhenItRuns) {
  Story({{"g=2 gstatus=runnable",
          Between("  GoStart dt=4 g=2 g_seq=1\n  GoBlock reason_string=\"forever\"\n")},
         {"g=2 gstatus=waiting", Between("")},
         {"g=2 gstatus=waiting",
          "  GoUnblock dt=5 g=2 g_seq=1\n" + Between("  GoStart dt=4 g=2 g_seq=2\n" + kBlocks2)},
         {"g=2 gstatus=waiting", Between("")}})
      .ExpectSecondHalfDoesNotFit();
}

}  // namespace
}  // namespace gtengine::spans
