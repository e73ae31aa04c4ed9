#include "engine/order/decode_queue.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "engine/order/thread_cursor.h"
#include "engine/wire/encoder.h"
#include "tests/base/padded_bytes.h"

namespace gtengine::order {
namespace {

using Move = ThreadCursor::Move;

constexpr std::uint64_t kEvents = 1000;  // a few runs of decoded events

// A batch of heap sizes 0, 1, 2 and so on, each a tick after the other.
class DecodeQueueTest : public ::testing::Test {
 protected:
  DecodeQueueTest() : bytes_(Encode()), batch_(**wire::ReadBatch(bytes_.view(), 0, kVersion)) {}

  void Open(ThreadCursor& cursor) {
    cursor.Reset(bytes_.view(), TickUnit(1'000'000'000), ThreadId{5});
    cursor.AddBatch(batch_);
    cursor.OfferTo(queue_);
  }
  // Goes through the cursor; `before_each` comes before each of its events.
  template <class BeforeEach>
  static void ExpectAllEvents(ThreadCursor& cursor, BeforeEach before_each) {
    for (std::uint64_t i = 0; i < kEvents; ++i) {
      before_each();
      ASSERT_EQ(cursor.Next(), Move::kEvent);
      OrderedEvent event;
      cursor.Draft(cursor.record(), event);
      ASSERT_EQ(event.args[0], i);
      ASSERT_EQ(event.time_ns, static_cast<TimeNs>(101 + i));
    }
    EXPECT_EQ(cursor.Next(), Move::kEnd);
  }

  DecodeQueue queue_;

 private:
  static constexpr wire::Version kVersion = wire::Version::k26;

  static wire::ByteBuffer Encode() {
    wire::BatchEncoder encoder;
    encoder.Begin(wire::BatchKind::kEvents, kVersion);
    for (std::uint64_t i = 0; i < kEvents; ++i) {
      EXPECT_TRUE(encoder.Event(wire::EventType::kHeapAlloc, 1, {{i}}).ok());
    }
    wire::ByteBuffer bytes;
    encoder.Finish(1, ThreadId{5}, 100, bytes);
    return bytes;
  }

  testing::PaddedBytes bytes_;
  wire::Batch batch_;
};

TEST_F(DecodeQueueTest, HasNothingToDoWithoutOffers) { EXPECT_FALSE(queue_.DecodeOne()); }

TEST_F(DecodeQueueTest, DecodesARunOnce) {
  ThreadCursor cursor;
  Open(cursor);
  EXPECT_FALSE(queue_.DecodeOne()) << "the first run is the cursor's own";
  ASSERT_EQ(cursor.Next(), Move::kEvent);
  EXPECT_TRUE(queue_.DecodeOne());
  EXPECT_FALSE(queue_.DecodeOne());
}

TEST_F(DecodeQueueTest, GivesTheSameEventsWhenItDecodesAll) {
  ThreadCursor cursor;
  Open(cursor);
  int decoded = 0;
  ExpectAllEvents(cursor, [&] { decoded += queue_.DecodeOne() ? 1 : 0; });
  EXPECT_GE(decoded, 3);
}

TEST_F(DecodeQueueTest, GivesTheSameEventsWhenItDecodesNone) {
  ThreadCursor cursor;
  Open(cursor);
  ExpectAllEvents(cursor, [] {});
  EXPECT_FALSE(queue_.DecodeOne()) << "the offers have been seen to";
}

// An offer without room is not kept, and its cursor decodes for itself.
TEST_F(DecodeQueueTest, TakesMoreOffersThanItHasRoomFor) {
  constexpr std::size_t kCursors = 1100;
  std::vector<ThreadCursor> cursors(kCursors);
  for (ThreadCursor& cursor : cursors) {
    Open(cursor);
    ASSERT_EQ(cursor.Next(), Move::kEvent);
  }
  std::size_t decoded = 0;
  while (queue_.DecodeOne()) ++decoded;
  EXPECT_EQ(decoded, 1024u);
  for (ThreadCursor& cursor : cursors) {
    for (std::uint64_t i = 1; i < kEvents; ++i) ASSERT_EQ(cursor.Next(), Move::kEvent);
    EXPECT_EQ(cursor.Next(), Move::kEnd);
  }
}

}  // namespace
}  // namespace gtengine::order
