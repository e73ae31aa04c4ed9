// DecodeEventsAtInstants: the records of DecodeEvents, and the instants of EventClock, which are
// those of engine/base/clock.h.
#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include "engine/base/clock.h"
#include "kernels/event_decode.h"
#include "tests/kernels/decode_comparison.h"

namespace gtengine::kernels {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

// Frequencies that give a round unit, an odd one, a huge or a tiny one, and one of no number.
constexpr std::uint64_t kFrequencies[] = {
    15625000, 1000000000, 999999937, 24000000, 3, 1, 0, std::numeric_limits<std::uint64_t>::max()};

EventClock MakeClock(std::uint64_t frequency_hz, std::int64_t base_ns) {
  return {TickUnit(frequency_hz).ns_per_tick(), base_ns, 0};
}

// Decodes `bytes` with each target, `capacity` events a call, and expects what the oracle's records
// and the clock give.
void Compare(std::vector<std::uint8_t> bytes, const EventClock& start, std::size_t capacity) {
  const std::size_t size = bytes.size();
  bytes.resize(size + kReadableTailBytes);
  std::vector<EventRecord> expected(size);
  const DecodeResult oracle =
      DecodeEventsScalar(bytes.data(), 0, size, kGoArgCounts, expected.data(), size);
  EventClock expected_clock = start;
  for (std::size_t i = 0; i < oracle.events; ++i) {
    expected[i].time = static_cast<std::uint64_t>(expected_clock.Advance(expected[i].time));
  }
  for (const std::int64_t target : Targets()) {
    const UseTarget use(target);
    std::vector<EventRecord> actual(size + capacity);
    EventClock clock = start;
    DecodeResult sum = {0, 0, DecodeStop::kFull};
    while (sum.stop == DecodeStop::kFull) {
      const DecodeResult result =
          DecodeEventsAtInstants(bytes.data(), sum.bytes, size, kGoArgCounts, &clock,
                                 actual.data() + sum.events, capacity);
      sum = {sum.events + result.events, sum.bytes + result.bytes, result.stop};
    }
    ASSERT_EQ(sum, oracle) << hwy::TargetName(target);
    EXPECT_EQ(clock.now_ns, expected_clock.now_ns) << hwy::TargetName(target);
    for (std::size_t i = 0; i < sum.events; ++i) {
      ASSERT_EQ(std::memcmp(&actual[i], &expected[i], sizeof(EventRecord)), 0)
          << hwy::TargetName(target) << ", event " << i << ": at "
          << static_cast<std::int64_t>(actual[i].time) << ", not "
          << static_cast<std::int64_t>(expected[i].time) << "; ns per tick " << start.ns_per_tick
          << ", base " << start.base_ns;
    }
  }
}

TEST(EventInstantsTest, ClockGoesAsThatOfTheEngine) {
  Random random(41);
  for (const std::uint64_t frequency : kFrequencies) {
    const TickUnit unit(frequency);
    for (int bits = 0; bits <= 64; ++bits) {
      for (int i = 0; i < 50; ++i) {
        const std::uint64_t ticks = bits == 0 ? 0 : random() >> (64 - bits);
        const auto base = static_cast<std::int64_t>(random());
        EventClock clock = MakeClock(frequency, base);
        EXPECT_EQ(clock.Advance(ticks), WrappingAdd(base, unit.ToNs(ticks)));
        const std::int64_t last = clock.Last();
        EXPECT_EQ(clock.Advance(ticks), WrappingAdd(last, unit.ToNs(ticks)));
      }
    }
  }
}

TEST(EventInstantsTest, TakesAnInstantOfZeroForNone) {
  // ns and ticks are the same.
  EventClock clock = MakeClock(1000000000, -5);
  EXPECT_EQ(clock.Advance(5), 0);
  EXPECT_EQ(clock.Advance(7), 2);
  for (const std::uint8_t first : {std::uint8_t{5}, std::uint8_t{4}}) {
    std::vector<std::uint8_t> bytes = {11, first, 11, 7, 17, 0};
    for (int i = 0; i < 300; ++i) bytes.insert(bytes.end(), {11, 2, 17, 3});
    // Comes by 0 again and again: -5, 0, and from -5 on.
    for (int i = 0; i < 300; ++i) bytes.insert(bytes.end(), {11, 5});
    for (const std::int64_t base : {-5, 0, -1500, -3000}) {
      for (const std::size_t capacity : {1, 2, 3, 256, 2000}) {
        Compare(bytes, MakeClock(1000000000, base), capacity);
      }
    }
  }
}

TEST(EventInstantsTest, AgreesOnLifelikeEvents) {
  Random random(42);
  for (const std::uint64_t frequency : kFrequencies) {
    for (const std::int64_t base :
         {std::int64_t{0}, std::int64_t{1}, kMin, kMax, std::int64_t{1700000000000000000}}) {
      Compare(LifelikeEvents(5000, &random), MakeClock(frequency, base), 256);
      ASSERT_FALSE(HasFailure());
    }
  }
}

// Time differences of every length, few and many of them long.
TEST(EventInstantsTest, AgreesOnAnyTimeDifference) {
  Random random(43);
  for (const std::uint64_t frequency : kFrequencies) {
    for (const std::size_t one_in : {1, 2, 20, 200}) {
      std::vector<std::uint8_t> bytes;
      while (bytes.size() < 4000) {
        const std::size_t count = 1 + Below(&random, 3);
        bytes.push_back(kTypeWith[count]);
        const int bits = Below(&random, one_in) == 0 ? static_cast<int>(1 + Below(&random, 64))
                                                     : static_cast<int>(1 + Below(&random, 28));
        AppendUvarint(random() >> (64 - bits), &bytes);
        for (std::size_t i = 1; i < count; ++i) AppendUvarint(Below(&random, 200), &bytes);
      }
      // Just below and above the values that have five bytes, 32 bits or a sign.
      for (const int bits : {28, 31, 32, 35, 52, 63}) {
        for (const std::uint64_t ticks :
             {(std::uint64_t{1} << bits) - 1, std::uint64_t{1} << bits}) {
          bytes.push_back(11);
          AppendUvarint(ticks, &bytes);
        }
      }
      Compare(bytes, MakeClock(frequency, 12345), 300);
      ASSERT_FALSE(HasFailure());
    }
  }
}

TEST(EventInstantsTest, AgreesUpToABadEvent) {
  Random random(44);
  const std::vector<std::uint8_t> usual = LifelikeEvents(1000, &random);
  for (std::size_t round = 0; round < 200; ++round) {
    std::vector<std::uint8_t> bytes = usual;
    const std::size_t at = Below(&random, bytes.size());
    const std::size_t count = std::min<std::size_t>(bytes.size() - at, 1 + Below(&random, 80));
    for (std::size_t i = 0; i < count; ++i) bytes[at + i] |= 0x80;
    Compare(bytes, MakeClock(15625000, 77), 256);
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace gtengine::kernels
