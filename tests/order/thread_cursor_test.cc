#include "engine/order/thread_cursor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "engine/wire/encoder.h"
#include "tests/base/padded_bytes.h"

namespace gtengine::order {
namespace {

using ::testing::HasSubstr;
using wire::BatchEncoder;
using wire::EventType;
using Move = ThreadCursor::Move;

// Writes batches of one thread, then reads them by a cursor.
class ThreadCursorTest : public ::testing::Test {
 protected:
  void Begin(Ticks base) {
    encoder_.Begin(wire::BatchKind::kEvents, wire::Version::k26);
    base_ = base;
  }
  void Write(Ticks difference, std::uint64_t value) {
    ASSERT_TRUE(encoder_.Event(EventType::kHeapAlloc, difference, {{value}}).ok());
  }
  void End() { encoder_.Finish(1, ThreadId{5}, base_, bytes_); }

  void Open() {
    padded_.emplace(bytes_);
    batches_.clear();
    for (std::uint64_t at = 0;;) {
      auto batch = wire::ReadBatch(padded_->view(), at, wire::Version::k26);
      ASSERT_TRUE(batch.ok());
      if (!*batch) break;
      at = (*batch)->end();
      batches_.push_back(**batch);
    }
    cursor_.Reset(padded_->view(), unit_, ThreadId{5});
    for (const wire::Batch& batch : batches_) cursor_.AddBatch(batch);
  }
  Move Next() { return cursor_.Next(); }
  OrderedEvent Event() const {
    OrderedEvent event;
    cursor_.Draft(cursor_.record(), event);
    return event;
  }
  // The rest of the times, up to the end.
  std::vector<TimeNs> Times() {
    std::vector<TimeNs> times;
    while (Next() == Move::kEvent) times.push_back(cursor_.time_ns());
    return times;
  }

  BatchEncoder encoder_;
  Ticks base_ = 0;
  wire::ByteBuffer bytes_;
  std::optional<testing::PaddedBytes> padded_;
  std::vector<wire::Batch> batches_;
  ThreadCursor cursor_;
  TickUnit unit_ = TickUnit(1'000'000'000);
};

TEST_F(ThreadCursorTest, HasNoEventsWithoutBatches) {
  Open();
  EXPECT_EQ(Next(), Move::kEnd);
  EXPECT_EQ(Next(), Move::kEnd);
}

TEST_F(ThreadCursorTest, GoesThroughBatchesAndSkipsEmptyOnes) {
  Begin(0);
  End();
  Begin(100);
  Write(1, 0);
  Write(2, 0);
  End();
  Begin(777);
  End();
  Begin(50);
  Write(5, 0);
  End();
  Begin(0);
  End();
  Open();
  EXPECT_EQ(Times(), (std::vector<TimeNs>{101, 103, 55}));
  EXPECT_EQ(Next(), Move::kEnd);
}

TEST_F(ThreadCursorTest, KnowsItsThreadAndWhereAnEventStands) {
  Begin(100);
  Write(1, 7);
  Write(1, 8);
  End();
  Open();
  ASSERT_EQ(Next(), Move::kEvent);
  EXPECT_EQ(cursor_.thread().m, ThreadId{5});
  EXPECT_EQ(Event().type, EventType::kHeapAlloc);
  EXPECT_EQ(Event().args[0], 7u);
  EXPECT_EQ(Event().args[1], 0u);
  EXPECT_EQ(cursor_.byte_offset(), batches_[0].data_offset);
  ASSERT_EQ(Next(), Move::kEvent);
  EXPECT_EQ(cursor_.byte_offset(), batches_[0].data_offset + 3);
}

// More than are decoded at once, of all widths.
TEST_F(ThreadCursorTest, GoesThroughManyEvents) {
  std::uint64_t count = 0;
  for (int batch = 0; batch < 5; ++batch) {
    Begin(1000);
    for (; count < 700u * static_cast<unsigned>(batch + 1); ++count) {
      Write(count % 300, count << count % 55);
    }
    End();
  }
  Open();
  for (std::uint64_t i = 0; i < count; ++i) {
    ASSERT_EQ(Next(), Move::kEvent);
    ASSERT_EQ(Event().args[0], i << i % 55);
  }
  EXPECT_EQ(Next(), Move::kEnd);
}

TEST_F(ThreadCursorTest, ConvertsEachDifferenceForItself) {
  unit_ = TickUnit(3);
  Begin(1);
  Write(1, 0);
  Write(1, 0);
  Write(2, 0);
  End();
  Open();
  EXPECT_EQ(Times(), (std::vector<TimeNs>{666666666, 999999999, 1666666665}));
}

// Go takes a time of 0 for "no event yet", also across what is decoded at once.
TEST_F(ThreadCursorTest, TakesTheBaseAgainAfterATimeOfZero) {
  Begin(0);
  for (int i = 0; i < 300; ++i) Write(0, 0);
  Write(5, 0);
  Write(5, 0);
  End();
  Open();
  const std::vector<TimeNs> times = Times();
  ASSERT_EQ(times.size(), 302u);
  EXPECT_EQ(times[300], 5);
  EXPECT_EQ(times[301], 10);
}

TEST_F(ThreadCursorTest, MeetsABadEventWhenItIsTheNext) {
  Begin(100);
  for (int i = 0; i < 300; ++i) Write(1, 0);
  ASSERT_TRUE(encoder_.Raw(wire::ByteBuffer{0xFF}).ok());
  End();
  Open();
  for (int i = 0; i < 300; ++i) ASSERT_EQ(Next(), Move::kEvent);
  ASSERT_EQ(Next(), Move::kBad);
  EXPECT_EQ(Next(), Move::kBad);
  const Error error = cursor_.BadEvent();
  EXPECT_THAT(error.what, HasSubstr("type byte 255"));
  EXPECT_EQ(error.byte_offset, batches_[0].end() - 1);
  EXPECT_EQ(error.generation, 1u);
  EXPECT_EQ(error.m, 5);
}

TEST_F(ThreadCursorTest, NamesTheEventWithABadNumber) {
  Begin(100);
  ASSERT_TRUE(
      encoder_.Raw(wire::ByteBuffer{static_cast<std::uint8_t>(EventType::kGoStart), 1}).ok());
  End();
  Open();
  ASSERT_EQ(Next(), Move::kBad);
  EXPECT_THAT(cursor_.BadEvent().what, HasSubstr("GoStart has a bad number"));
}

TEST_F(ThreadCursorTest, BeginsAnewAfterAReset) {
  Begin(100);
  Write(1, 0);
  ASSERT_TRUE(encoder_.Raw(wire::ByteBuffer{0xFF}).ok());
  End();
  Open();
  ASSERT_EQ(Next(), Move::kEvent);
  ASSERT_EQ(Next(), Move::kBad);
  bytes_.clear();
  Begin(200);
  Write(1, 0);
  End();
  Open();
  EXPECT_EQ(Times(), (std::vector<TimeNs>{201}));
}

}  // namespace
}  // namespace gtengine::order
