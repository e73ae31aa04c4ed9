#include "engine/wire/timed_batch.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>

#include "engine/wire/event_spec.h"

namespace gtengine::wire {
namespace {

constexpr std::uint64_t kGreatest = std::numeric_limits<std::uint64_t>::max();

// Numbers around each change of a varint's length.
constexpr std::array<std::uint64_t, 12> kNumbers{0,         1,          0x7f,          0x80,
                                                 0x3fff,    0x4000,     0x1fffff,      0x200000,
                                                 0xfffffff, 0x10000000, kGreatest - 1, kGreatest};

// BatchEncoder is the oracle: what it checks is right here.
TEST(TimedBatch, WritesWhatBatchEncoderWrites) {
  TimedBatch batch(kMaxBatchBytes);
  BatchEncoder encoder;
  batch.Begin(77);
  encoder.Begin(BatchKind::kEvents, Version::k26);
  const auto both = [&]<class... Args>(EventType type, Ticks difference, Args... args) {
    batch.Append(type, difference, args...);
    const std::array<std::uint64_t, sizeof...(args)> list{args...};
    ASSERT_TRUE(encoder.Event(type, difference, list).ok());
  };
  for (const std::uint64_t a : kNumbers) {
    both(EventType::kProcStop, a);
    both(EventType::kHeapAlloc, a, a);
    for (const std::uint64_t b : kNumbers) {
      both(EventType::kGoStart, a, b, a);
      both(EventType::kGoUnblock, b, a, b, a);
      both(EventType::kUserLog, a, b, a, b, a);
    }
  }
  EXPECT_EQ(batch.size(), encoder.size());
  ByteBuffer written{1, 2, 3};
  ByteBuffer expected = written;
  batch.Finish(5, ThreadId{4711}, written);
  encoder.Finish(5, ThreadId{4711}, 77, expected);
  EXPECT_EQ(written, expected);
}

TEST(TimedBatch, HasRoomWhileTheLongestEventFits) {
  for (const std::size_t limit : {kMaxTimedEventBytes, 2 * kMaxTimedEventBytes + 1}) {
    TimedBatch batch(limit);
    batch.Begin(0);
    std::size_t events = 0;
    while (batch.HasRoom()) {
      batch.Append(EventType::kUserLog, kGreatest, kGreatest, kGreatest, kGreatest, kGreatest);
      ++events;
      ASSERT_EQ(batch.size(), events * kMaxTimedEventBytes);
    }
    EXPECT_EQ(events, limit / kMaxTimedEventBytes);
    batch.Begin(0);
    EXPECT_EQ(batch.size(), 0u);
    EXPECT_TRUE(batch.HasRoom());
  }
}

TEST(TimedBatch, LongestEventIsTheOneWithMostArguments) {
  std::size_t most = 0;
  for (int type = 0; type < 256; ++type) {
    const EventSpec& spec = SpecOf(static_cast<std::uint8_t>(type));
    if (spec.event_class == EventClass::kTimed && spec.arg_count > most) most = spec.arg_count;
  }
  EXPECT_EQ(kMaxTimedEventBytes, 1 + most * kMaxVarintBytes);
}

TEST(TimedBatch, RefusesOtherSizes) {
  EXPECT_DEATH(TimedBatch(kMaxTimedEventBytes - 1), "internal error");
  EXPECT_DEATH(TimedBatch(kMaxBatchBytes + 1), "internal error");
}

}  // namespace
}  // namespace gtengine::wire
