#include "engine/run/help_trial.h"

#include <gtest/gtest.h>

namespace gtengine::run {
namespace {

// A clock that goes only when it is told to.
HelpTrial::Clock::time_point g_now;

class HelpTrialTest : public ::testing::Test {
 protected:
  static constexpr int kWindow = 64;

  // Windows of chunks that take so long each.
  void Run(bool is_helped, int windows, int microseconds_a_chunk) {
    for (int i = 0; i < windows * kWindow; ++i) {
      trial_.Count(is_helped);
      g_now += std::chrono::microseconds(microseconds_a_chunk);
    }
  }
  // Counts until help is due, at most so many windows; gives how many it took.
  int WindowsUntilDue(int most) {
    int windows = 0;
    while (windows < most && !trial_.IsDue()) {
      Run(false, 1, 10);
      ++windows;
    }
    return windows;
  }

  HelpTrial trial_{[] { return g_now; }};
};

TEST_F(HelpTrialTest, LooksForHelpOnceItKnowsWhatChunksTakeAlone) {
  EXPECT_FALSE(trial_.IsDue());
  Run(false, 5, 10);
  EXPECT_TRUE(trial_.IsDue());
}

TEST_F(HelpTrialTest, KeepsHelpThatIsFaster) {
  Run(false, 5, 10);
  Run(true, 100, 7);
  EXPECT_FALSE(trial_.HasFailed());
}

TEST_F(HelpTrialTest, EndsHelpThatIsNotFaster) {
  Run(false, 5, 10);
  Run(true, 20, 10);
  EXPECT_TRUE(trial_.HasFailed());
}

TEST_F(HelpTrialTest, EndsHelpThatIsMuchSlowerAtOnce) {
  Run(false, 5, 10);
  Run(true, 3, 40);
  EXPECT_TRUE(trial_.HasFailed());
}

TEST_F(HelpTrialTest, ForgivesASlowWindow) {
  Run(false, 5, 10);
  for (int i = 0; i < 10; ++i) {
    Run(true, 5, 7);
    Run(true, 2, 11);
  }
  EXPECT_FALSE(trial_.HasFailed());
}

TEST_F(HelpTrialTest, WaitsLongerAfterEachFailure) {
  Run(false, 5, 10);
  Run(true, 3, 40);
  const int first = WindowsUntilDue(10'000);
  Run(true, 3, 40);
  const int second = WindowsUntilDue(10'000);
  EXPECT_GT(first, 16);
  EXPECT_GT(second, first + first / 2);
  for (int i = 0; i < 20; ++i) {
    Run(true, 3, 40);
    EXPECT_LT(WindowsUntilDue(10'000), 1100) << "but not for ever";
  }
}

}  // namespace
}  // namespace gtengine::run
