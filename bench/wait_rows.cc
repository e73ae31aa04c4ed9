#include "bench/wait_rows.h"

#include <cmath>
#include <random>
#include <string>

#include "engine/order/event_stream.h"
#include "engine/spans/span_builder.h"

namespace gtengine::bench {
namespace {

constexpr std::size_t kChunks = 256;

StackRef MakeStack(TraceTables& tables, std::size_t number) {
  std::vector<FrameRef> frames;
  for (std::size_t depth = 0; depth < 8; ++depth) {
    const std::string name = std::to_string(number / (depth + 1));
    frames.push_back(
        tables.stacks.InternFrame({tables.strings.Intern("example.com/pkg.F" + name),
                                   tables.strings.Intern("pkg/file.go"), depth + number}));
  }
  return tables.stacks.InternStack(frames);
}

// Keeps a copy of each chunk.
class RowKeeper final : public SpanConsumer {
 public:
  explicit RowKeeper(WaitRows& rows) : rows_(rows) {}

  SpanRequest Request() const override {
    SpanRequest request;
    request.states[static_cast<std::size_t>(GoState::kRunnable)] = true;
    request.goroutine_columns = {
        .g = true, .start_function = true, .start_stack = true, .cause = true};
    return request;
  }
  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables&) override {
    rows_.chunks.push_back(std::make_unique<GoroutineSpans>(spans));
    rows_.rows += spans.rows;
    AddWaits(spans, rows_.waits);
  }
  void OnLateName(std::uint32_t, StringRef, const TraceTables&) override {}

 private:
  WaitRows& rows_;
};

}  // namespace

void AddWaits(const GoroutineSpans& spans, WaitTotals& totals) {
  for (std::size_t row = 0; row < spans.rows; ++row) {
    const TimeNs wait_ns = spans.end_ns[row] - spans.start_ns[row];
    if (wait_ns <= 0 || (spans.flags[row] & kCutAtEnd) != 0) continue;
    ++totals.count;
    totals.time_ns += static_cast<std::uint64_t>(wait_ns);
  }
}

WaitRows MakeWaitRows(std::size_t stacks, std::size_t functions) {
  WaitRows rows;
  std::mt19937_64 random(42);
  std::vector<StackRef> refs;
  for (std::size_t i = 0; i < stacks; ++i) refs.push_back(MakeStack(rows.tables, i));
  std::vector<StringRef> names;
  for (std::size_t i = 0; i < functions; ++i) {
    names.push_back(rows.tables.strings.Intern("example.com/pkg.Goroutine" + std::to_string(i)));
  }
  std::uniform_real_distribution<double> uniform(0, 1);
  std::lognormal_distribution<double> wait_ns(std::log(4000.0), 1.5);
  const auto uneven = [&](std::size_t size) {
    const double x = uniform(random);
    return static_cast<std::size_t>(x * x * x * static_cast<double>(size));
  };
  TimeNs now = 1'000'000;
  for (std::size_t chunk = 0; chunk < kChunks; ++chunk) {
    auto spans = std::make_unique<GoroutineSpans>();
    spans->state = GoState::kRunnable;
    for (std::size_t row = 0; row < GoroutineSpans::kRows; ++row) {
      const auto wait = static_cast<TimeNs>(1 + wait_ns(random));
      const bool has_stack = random() % 10 != 0;
      now += 100;
      spans->g[row] = GoId{static_cast<std::int64_t>(random() % 1000)};
      spans->goroutine[row] = static_cast<std::uint32_t>(spans->g[row]);
      spans->start_function[row] = names[uneven(functions)];
      spans->start_ns[row] = now;
      spans->end_ns[row] = now + wait;
      spans->start_stack[row] = has_stack ? refs[uneven(stacks)] : kNoStack;
      spans->cause[row] = has_stack ? SpanCause::kUnblocked : SpanCause::kSyscallEnded;
      spans->flags[row] = random() % 100 == 0 ? kNeverRanYet : std::uint8_t{0};
    }
    spans->rows = GoroutineSpans::kRows;
    rows.rows += spans->rows;
    AddWaits(*spans, rows.waits);
    rows.chunks.push_back(std::move(spans));
  }
  return rows;
}

WaitRows ReadWaitRows(const Subject& subject) {
  WaitRows rows;
  RowKeeper keeper(rows);
  BuildSpans(subject, keeper, &rows.tables);
  return rows;
}

std::uint64_t BuildSpans(const Subject& subject, SpanConsumer& consumer,
                         TraceTables* tables_or_null) {
  SpanConsumer* const consumers[] = {&consumer};
  order::StrictSource source(subject.file.view(), subject.version);
  order::EventStream stream(subject.file.view(), source);
  spans::SpanBuilder builder(consumers);
  std::uint64_t events = 0;
  while (true) {
    const auto chunk = stream.Next();
    if (!chunk.ok()) Fail(subject.name + ": " + chunk.error().ToString());
    if (chunk->events.empty()) break;
    builder.Add(*chunk);
    events += chunk->events.size();
  }
  builder.Finish();
  if (tables_or_null != nullptr) *tables_or_null = builder.tables();
  return events;
}

}  // namespace gtengine::bench
