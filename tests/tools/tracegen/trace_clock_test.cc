#include "tools/tracegen/trace_clock.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace gtengine::tracegen {
namespace {

constexpr TimeNs kStart = 1'390'000'000'000;
constexpr std::uint64_t kFrequencies[] = {1000,          1'000'003,     15'625'000,
                                          24'000'001,    999'999'937,   1'000'000'000,
                                          2'399'999'999, 10'000'000'000};

TEST(TraceClock, CoversWithTheFewestTicks) {
  for (const std::uint64_t frequency : kFrequencies) {
    SCOPED_TRACE(frequency);
    const TraceClock clock(frequency, 100, 0, kStart);
    const TickUnit unit(frequency);
    Random random(frequency);
    for (int i = 0; i < 20000; ++i) {
      const auto ns = static_cast<TimeNs>(1 + random.Below(i % 2 == 0 ? 5000 : kStart));
      const TraceClock::Span span = clock.Cover(ns);
      ASSERT_EQ(span.ns, unit.ToNs(span.ticks)) << ns;
      ASSERT_GE(span.ns, ns);
      ASSERT_LT(unit.ToNs(span.ticks - 1), ns);
    }
  }
}

TEST(TraceClock, PausesHaveTheMeanThatWasAskedFor) {
  TraceClock clock(15'625'000, 500, 0, kStart);
  for (int i = 0; i < 10240; ++i) clock.Advance(0);
  EXPECT_NEAR(static_cast<double>(clock.now() - kStart) / 10240, 500, 5);
}

TEST(TraceClock, GoesOnFromTheLastEvent) {
  TraceClock clock(15'625'000, 1, 0, kStart);
  clock.Advance(kStart + 64);
  EXPECT_EQ(clock.now(), kStart + 65);
  EXPECT_EQ(clock.Stamp(), clock.now());
  EXPECT_FALSE(clock.is_stepped());
}

TEST(TraceClock, StepsStamps) {
  TraceClock clock(1'000'000'000, 10, 1000, kStart + 1234);
  EXPECT_TRUE(clock.is_stepped());
  EXPECT_EQ(clock.Stamp(), kStart + 1000);
  clock.Await(kStart + 999);
  EXPECT_EQ(clock.Stamp(), kStart + 1000);
  clock.Await(kStart + 1000);
  EXPECT_EQ(clock.Stamp(), kStart + 2000);
  clock.Await(kStart + 5500);
  EXPECT_EQ(clock.Stamp(), kStart + 6000);
}

TEST(TraceClock, SkipsMoreThanATick) {
  for (const std::uint64_t frequency : kFrequencies) {
    for (const TimeNs step : {0, 1, 64, 5000}) {
      TraceClock clock(frequency, 100, step, kStart);
      const TimeNs before = clock.Stamp();
      clock.Skip();
      EXPECT_GT(clock.Stamp(), before + clock.tick());
    }
  }
}

}  // namespace
}  // namespace gtengine::tracegen
