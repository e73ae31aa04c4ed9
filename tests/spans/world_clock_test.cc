#include "engine/spans/world_clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "engine/io/mapped_file.h"
#include "engine/spans/span_builder.h"
#include "tests/golden/shipped_trace_test.h"
#include "tests/order/for_each_chunk.h"

namespace gtengine::spans {
namespace {

using order::OrderedEvent;
using wire::EventType;

OrderedEvent Event(EventType type, TimeNs time_ns, std::uint64_t value = 0) {
  OrderedEvent event;
  event.type = type;
  event.time_ns = time_ns;
  event.args[0] = value;
  return event;
}

OrderedEvent Proc(TimeNs time_ns, ProcState from, ProcState to) {
  OrderedEvent event = Event(EventType::kProcStart, time_ns);
  event.from = static_cast<std::uint8_t>(from);
  event.to = static_cast<std::uint8_t>(to);
  return event;
}

TEST(WorldClockTest, TellsWhatWasDone) {
  WorldClock clock;
  const Overlaps start = clock.At(100);
  clock.Add(Proc(110, ProcState::kUndetermined, ProcState::kRunning));
  clock.Add(Event(EventType::kProcsChange, 120, 2));
  clock.Add(Proc(150, ProcState::kIdle, ProcState::kRunning));
  clock.Add(Event(EventType::kGcBegin, 155));
  clock.Add(Event(EventType::kStwBegin, 160));
  clock.Add(Proc(165, ProcState::kRunning, ProcState::kIdle));
  clock.Add(Event(EventType::kStwEnd, 170));
  clock.Add(Event(EventType::kGcEnd, 180));
  const Overlaps all = clock.At(200).Minus(start);
  EXPECT_EQ(all.ns[static_cast<std::size_t>(World::kUnknown)], 20u);
  EXPECT_EQ(all.ns[static_cast<std::size_t>(World::kIdle)], 30u + 30u);
  EXPECT_EQ(all.ns[static_cast<std::size_t>(World::kBusy)], 10u);
  EXPECT_EQ(all.ns[static_cast<std::size_t>(World::kStopped)], 10u);
  EXPECT_EQ(all.marking_ns, 25u);
}

// Ends without beginnings, and many of each.
TEST(WorldClockTest, AnyEventsAreSafe) {
  WorldClock clock;
  clock.Add(Event(EventType::kStwEnd, 10));
  clock.Add(Proc(20, ProcState::kRunning, ProcState::kIdle));
  clock.Add(Event(EventType::kProcsChange, 30, ~std::uint64_t{0}));
  clock.Add(Event(EventType::kGcEnd, 40));
  EXPECT_EQ(clock.At(50).ns[static_cast<std::size_t>(World::kIdle)], 20u);
}

// The world's state from each change on, told in another way: all that is looked at is kept.
struct Stretch {
  TimeNs start_ns;
  World world;
  bool is_marking;
};

class History {
 public:
  void Add(const OrderedEvent& event) {
    const order::EventKind kind = order::KindOf(event.type);
    if (event.type == EventType::kStwBegin) ++stops_;
    if (event.type == EventType::kStwEnd) --stops_;
    if (event.type == EventType::kGcBegin || event.type == EventType::kGcActive) marks_ = true;
    if (event.type == EventType::kGcEnd) marks_ = false;
    if (event.type == EventType::kProcsChange) procs_ = event.args[0];
    if (kind == order::EventKind::kStateTransition && !order::IsGoroutineTransition(event.type)) {
      const auto p = static_cast<std::size_t>(Raw(order::SubjectProc(event)));
      if (p >= runs_.size()) runs_.resize(p + 1);
      runs_[p] = static_cast<ProcState>(event.to) == ProcState::kRunning;
    }
    const auto running = static_cast<std::uint64_t>(std::count(runs_.begin(), runs_.end(), true));
    const World world = stops_ > 0          ? World::kStopped
                        : procs_ == 0       ? World::kUnknown
                        : running >= procs_ ? World::kBusy
                                            : World::kIdle;
    if (!stretches_.empty() && stretches_.back().world == world &&
        stretches_.back().is_marking == marks_) {
      return;
    }
    stretches_.push_back({event.time_ns, world, marks_});
  }

  // Walks from the start to the end of a span.
  Overlaps Of(TimeNs start_ns, TimeNs end_ns) const {
    Overlaps sums;
    auto at = std::upper_bound(
        stretches_.begin(), stretches_.end(), start_ns,
        [](TimeNs time_ns, const Stretch& stretch) { return time_ns < stretch.start_ns; });
    if (at != stretches_.begin()) --at;
    for (; at != stretches_.end() && at->start_ns < end_ns; ++at) {
      const TimeNs next_ns = at + 1 == stretches_.end() ? end_ns : (at + 1)->start_ns;
      const auto length_ns =
          static_cast<std::uint64_t>(std::min(next_ns, end_ns) - std::max(at->start_ns, start_ns));
      sums.ns[static_cast<std::size_t>(at->world)] += length_ns;
      if (at->is_marking) sums.marking_ns += length_ns;
    }
    return sums;
  }

 private:
  std::vector<Stretch> stretches_;
  std::vector<bool> runs_;
  std::uint64_t procs_ = 0;
  std::int64_t stops_ = 0;
  bool marks_ = false;
};

// Compares rows with the history, which has come at least as far when they do.
class Comparison : public SpanConsumer {
 public:
  explicit Comparison(const History& history) : history_(history) {}

  SpanRequest Request() const override {
    SpanRequest request;
    request.states[static_cast<std::size_t>(GoState::kRunnable)] = true;
    request.goroutine_columns.overlaps = true;
    return request;
  }
  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables&) override {
    for (std::size_t i = 0; i < spans.rows; ++i) {
      if (rows++ % 16 != 0) continue;
      const Overlaps expected = history_.Of(spans.start_ns[i], spans.end_ns[i]);
      ASSERT_EQ(spans.overlaps[i].ns, expected.ns) << spans.start_ns[i];
      ASSERT_EQ(spans.overlaps[i].marking_ns, expected.marking_ns) << spans.start_ns[i];
    }
  }
  void OnLateName(std::uint32_t, StringRef, const TraceTables&) override {}

  std::uint64_t rows = 0;

 private:
  const History& history_;
};

class OverlapsGoldenTest : public ShippedTraceTest {};

TEST_P(OverlapsGoldenTest, AreThoseOfTheWholeHistory) {
  auto file = io::MappedFile::Open(GetParam().trace_path);
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  History history;
  Comparison comparison(history);
  SpanConsumer* consumers[] = {&comparison};
  SpanBuilder builder(consumers);
  const Status read =
      gtengine::testing::ForEachChunk(file->view(), [&](const order::EventChunk& chunk) {
        for (const OrderedEvent& event : chunk.events) history.Add(event);
        builder.Add(chunk);
      });
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  builder.Finish();
  EXPECT_GT(comparison.rows, 0u);
}

GTENGINE_TEST_SHIPPED_TRACES(OverlapsGoldenTest);

}  // namespace
}  // namespace gtengine::spans
