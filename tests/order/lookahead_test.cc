#include "engine/order/lookahead.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <random>
#include <vector>

#include "engine/wire/encoder.h"
#include "tests/base/padded_bytes.h"

namespace gtengine::order {
namespace {

constexpr TimeNs kEver = std::numeric_limits<TimeNs>::max();

using Move = ThreadCursor::Move;

// A batch of events for each thread, at random times: some equal, some long after the last.
wire::ByteBuffer WriteThreads(int threads, int events, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  wire::ByteBuffer bytes;
  for (int m = 0; m < threads; ++m) {
    wire::BatchEncoder encoder;
    encoder.Begin(wire::BatchKind::kEvents, wire::Version::k26);
    for (int i = 0; i < events; ++i) {
      const Ticks wait = random() % 4 == 0 ? random() % 100 : random() % 3;
      EXPECT_TRUE(encoder.Event(wire::EventType::kHeapAlloc, wait, {{random() % 1000}}).ok());
    }
    encoder.Finish(1, ThreadId{m}, 1, bytes);
  }
  return bytes;
}

// Cursors over all threads, and the frontier that they make.
class Threads {
 public:
  explicit Threads(const wire::ByteBuffer& bytes) : padded_(bytes) {
    for (std::uint64_t at = 0; at < bytes.size(); at = batches_.back().end()) {
      batches_.push_back(**wire::ReadBatch(padded_.view(), at, wire::Version::k26));
    }
    for (const wire::Batch& batch : batches_) {
      ThreadCursor& cursor = cursors_.emplace_back();
      cursor.Reset(padded_.view(), TickUnit(1'000'000'000), batch.m);
      cursor.AddBatch(batch);
      EXPECT_EQ(cursor.Next(), Move::kEvent);
      frontier.Insert(cursor.time_ns(), cursor);
    }
  }

  // Moves the top's cursor on as if there was no look ahead.
  void Step() {
    if (frontier.At(0).Next() == Move::kEvent) {
      frontier.Update(0, frontier.At(0).time_ns());
    } else {
      frontier.Remove(0);
    }
  }

  Frontier<ThreadCursor> frontier;

 private:
  testing::PaddedBytes padded_;
  std::vector<wire::Batch> batches_;
  std::deque<ThreadCursor> cursors_;
};

void ExpectEqual(Threads& threads, Threads& expected) {
  ASSERT_EQ(threads.frontier.size(), expected.frontier.size());
  for (std::size_t i = 0; i < expected.frontier.size(); ++i) {
    const ThreadCursor& cursor = threads.frontier.At(i);
    ASSERT_EQ(threads.frontier.At(i).thread().m, expected.frontier.At(i).thread().m);
    ASSERT_EQ(cursor.time_ns(), expected.frontier.At(i).time_ns());
    ASSERT_EQ(cursor.record().offset, expected.frontier.At(i).record().offset);
  }
}

// Goes through all events, takes back one time in `take_back`, and compares with a frontier that
// never looks ahead.
void Walk(int thread_count, int events, int take_back) {
  const wire::ByteBuffer bytes = WriteThreads(thread_count, events, 7);
  Threads threads(bytes);
  Threads expected(bytes);
  Lookahead lookahead;
  std::mt19937_64 random(8);
  int seen = 0;
  while (!expected.frontier.empty()) {
    if (lookahead.empty()) lookahead.Foresee(threads.frontier, kEver);
    ASSERT_FALSE(lookahead.empty());
    const Lookahead::Event& event = lookahead.front();
    ASSERT_EQ(event.cursor->thread().m, expected.frontier.At(0).thread().m);
    ASSERT_EQ(static_cast<TimeNs>(event.record->time), expected.frontier.top_time_ns());
    ASSERT_EQ(event.record->offset, expected.frontier.At(0).record().offset);
    if (take_back != 0 && random() % static_cast<unsigned>(take_back) == 0) {
      lookahead.TakeBack(threads.frontier);
      ASSERT_TRUE(lookahead.empty());
      ASSERT_NO_FATAL_FAILURE(ExpectEqual(threads, expected));
      threads.Step();
    } else {
      lookahead.Pop();
      if (lookahead.IsThreadToMove()) threads.Step();
    }
    expected.Step();
    ++seen;
    if (lookahead.empty()) {
      ASSERT_NO_FATAL_FAILURE(ExpectEqual(threads, expected));
    }
  }
  EXPECT_EQ(seen, thread_count * events);
  EXPECT_TRUE(threads.frontier.empty());
}

TEST(Lookahead, ForeseesTheOrder) {
  Walk(1, 1000, 0);
  Walk(2, 1000, 0);
  Walk(7, 700, 0);
  Walk(80, 300, 0);
}

TEST(Lookahead, TakesBackWhatDidNotTakePlace) {
  Walk(1, 600, 3);
  Walk(5, 600, 10);
  Walk(80, 300, 1);
  Walk(80, 300, 40);
}

// Events up to a time: that of a sample, which goes after events of the same time.
TEST(Lookahead, StopsBehindTheTime) {
  Threads threads(WriteThreads(9, 200, 3));
  Lookahead lookahead;
  for (TimeNs until = threads.frontier.top_time_ns(); !threads.frontier.empty(); until += 11) {
    while (!threads.frontier.empty() && threads.frontier.top_time_ns() <= until) {
      for (lookahead.Foresee(threads.frontier, until); !lookahead.empty();) {
        ASSERT_LE(static_cast<TimeNs>(lookahead.front().record->time), until);
        lookahead.Pop();
        if (lookahead.IsThreadToMove()) threads.Step();
      }
    }
  }
}

// Where nothing that was foreseen takes place, little is foreseen.
TEST(Lookahead, ForeseesLittleWhereItFails) {
  Threads threads(WriteThreads(3, 200, 4));
  Lookahead lookahead;
  const auto foreseen = [&] {
    int count = 0;
    for (lookahead.Foresee(threads.frontier, kEver); !lookahead.empty(); ++count) lookahead.Pop();
    return count;
  };
  lookahead.Foresee(threads.frontier, kEver);
  lookahead.TakeBack(threads.frontier);
  EXPECT_EQ(foreseen(), 1);
  EXPECT_EQ(foreseen(), 2);
  EXPECT_EQ(foreseen(), 4);
}

}  // namespace
}  // namespace gtengine::order
