// Rows of runnable goroutines of the shipped traces: when they are all that is wanted, the builder
// goes a shorter way, and must come to the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/io/mapped_file.h"
#include "engine/spans/span_builder.h"
#include "tests/golden/shipped_trace_test.h"
#include "tests/order/for_each_chunk.h"

namespace gtengine {
namespace {

// Writes down the waits and when which name came.
class Waits : public SpanConsumer {
 public:
  // With `all`, rows of every state are wanted, with all their columns.
  explicit Waits(bool all) : all_(all) {}

  SpanRequest Request() const override {
    if (all_) return SpanRequest::AllGoroutineSpans();
    SpanRequest request;
    request.states[static_cast<std::size_t>(GoState::kRunnable)] = true;
    request.goroutine_columns = {.g = true, .start_function = true, .start_stack = true};
    request.goroutine_columns.cause = true;
    return request;
  }
  // Refs count from the first use, which is another one in the two ways: so names are written down.
  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) override {
    if (spans.state != GoState::kRunnable) return;
    for (std::size_t i = 0; i < spans.rows; ++i) {
      std::string row = fmt::format("g={} slot={} {}..{} cause={} flags={} {}:", Raw(spans.g[i]),
                                    spans.goroutine[i], spans.start_ns[i], spans.end_ns[i],
                                    static_cast<int>(spans.cause[i]), spans.flags[i],
                                    tables.strings.Get(spans.start_function[i]));
      for (const FrameRef ref : tables.stacks.GetStack(spans.start_stack[i])) {
        const Frame& frame = tables.stacks.GetFrame(ref);
        row += fmt::format(" {}:{}", tables.strings.Get(frame.function), frame.line);
      }
      rows.push_back(std::move(row));
    }
  }
  void OnLateName(std::uint32_t slot, StringRef name, const TraceTables& tables) override {
    names.push_back(fmt::format("slot={} {}", slot, tables.strings.Get(name)));
  }

  std::vector<std::string> rows;
  std::vector<std::string> names;

 private:
  bool all_;
};

void Read(const std::string& path, Waits& waits) {
  auto file = io::MappedFile::Open(path);
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  SpanConsumer* consumers[] = {&waits};
  spans::SpanBuilder builder(consumers);
  const Status read = gtengine::testing::ForEachChunk(
      file->view(), [&](const order::EventChunk& chunk) { builder.Add(chunk); });
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  builder.Finish();
}

class WaitRowsGoldenTest : public ShippedTraceTest {};

TEST_P(WaitRowsGoldenTest, WaitsAreTheSameWhateverElseIsWanted) {
  Waits alone(false);
  Waits among_all(true);
  ASSERT_NO_FATAL_FAILURE(Read(GetParam().trace_path, alone));
  ASSERT_NO_FATAL_FAILURE(Read(GetParam().trace_path, among_all));
  EXPECT_EQ(alone.rows, among_all.rows);
  // Names are told to all of a goroutine's rows at once, of whatever state: so there are more of
  // them, for goroutines without a wait.
  std::size_t next = 0;
  for (const std::string& name : alone.names) {
    while (next < among_all.names.size() && among_all.names[next] != name) ++next;
    ASSERT_LT(next, among_all.names.size()) << name;
    ++next;
  }
}

GTENGINE_TEST_SHIPPED_TRACES(WaitRowsGoldenTest);

}  // namespace
}  // namespace gtengine
