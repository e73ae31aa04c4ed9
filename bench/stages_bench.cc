// How fast the stages are on real and generated traces, on one thread. Each answer is checked
// before the clock starts: against what the wire, and where it is known Go's reader, says of the
// trace. Bytes are those that the stage reads; events are those of the whole trace in every stage,
// so that costs an event compare: `order` contains `tables` and the decoding; `spans` (every
// column), `wait_spans` (what the sched report wants) and `scan_sched` contain `order`.
#include <benchmark/benchmark.h>
#include <tbb/global_control.h>
#include <tbb/task_group.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "bench/measure.h"
#include "bench/subject.h"
#include "bench/wait_rows.h"
#include "engine/order/event_stream.h"
#include "engine/reports/registry.h"
#include "engine/reports/sched_profile.h"
#include "engine/run/memory_budget.h"
#include "engine/run/trace_scan.h"
#include "engine/wire/event_spec.h"
#include "engine/wire/generation.h"
#include "engine/wire/generation_tables.h"

namespace gtengine::bench {
namespace {

// Reads the tables of all generations; how many strings, stacks and samples they hold.
std::uint64_t LoadTables(const Subject& subject, wire::GenerationTables& tables) {
  std::uint64_t entries = 0;
  for (const wire::Generation& generation : subject.generations) {
    if (!tables.Load(subject.file.view(), generation, subject.version).ok()) {
      Fail(subject.name + ": bad tables");
    }
    entries += tables.string_count() + tables.stack_count() + tables.cpu_samples().size();
  }
  return entries;
}

// Decodes all timed events into one small buffer, again and again; their number.
std::uint64_t DecodeAll(const Subject& subject, std::vector<kernels::EventRecord>& records) {
  std::uint64_t events = 0;
  for (const wire::Generation& generation : subject.generations) {
    for (const wire::Batch& batch : generation.batches) {
      if (batch.kind != wire::BatchKind::kEvents) continue;
      const PaddedView data =
          subject.file.view().Sub(static_cast<std::size_t>(batch.data_offset), batch.size);
      for (std::size_t begin = 0; begin < data.size();) {
        const kernels::DecodeResult decoded = kernels::DecodeEvents(
            data.data(), begin, data.size(), wire::kTimedArgCounts, records.data(), records.size());
        begin += decoded.bytes;
        events += decoded.events;
        if (decoded.events == 0) Fail(subject.name + ": a batch cannot be decoded");
      }
    }
  }
  return events;
}

std::uint64_t OrderAll(const Subject& subject) {
  order::StrictSource source(subject.file.view(), subject.version);
  order::EventStream stream(subject.file.view(), source);
  std::uint64_t events = 0;
  while (true) {
    const auto chunk = stream.Next();
    if (!chunk.ok()) Fail(subject.name + ": " + chunk.error().ToString());
    if (chunk->events.empty()) return events;
    events += chunk->events.size();
    benchmark::DoNotOptimize(chunk->events.data());
  }
}

// What the sched report wants.
SpanRequest SchedColumns() { return FindReport("sched")->begin({})->Request(); }

// Adds the waits.
class Columns final : public SpanConsumer {
 public:
  explicit Columns(const SpanRequest& request) : request_(request) {}

  SpanRequest Request() const override { return request_; }
  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables&) override {
    if (spans.state == GoState::kRunnable) AddWaits(spans, waits_);
    benchmark::DoNotOptimize(&spans);
    benchmark::ClobberMemory();
  }
  void OnLateName(std::uint32_t, StringRef, const TraceTables&) override {}

  const WaitTotals& waits() const { return waits_; }

 private:
  SpanRequest request_;
  WaitTotals waits_;
};

run::TraceResult ScanAll(const Subject& subject) {
  static const ReportType* const kReports[] = {FindReport("sched")};
  run::MemoryBudget memory(std::uint64_t{1} << 30);
  run::SpareThreads threads(1);  // never any
  tbb::task_group tasks;
  std::atomic<std::uint64_t> bytes_done = 0;
  const std::function<bool()> never;
  auto result = run::ScanTrace(subject.file, {},
                               {.reports = kReports,
                                .memory = memory,
                                .tasks = tasks,
                                .threads = threads,
                                .bytes_done = bytes_done,
                                .is_cancelled = never});
  tasks.wait();
  if (!result.ok()) Fail(subject.name + ": " + result.error().ToString());
  return std::move(result).value();
}

// Bytes of a trace's batches, of timed events or of tables.
std::uint64_t BatchBytes(const Subject& subject, bool timed) {
  std::uint64_t bytes = 0;
  for (const wire::Generation& generation : subject.generations) {
    for (const wire::Batch& batch : generation.batches) {
      if ((batch.kind == wire::BatchKind::kEvents) == timed) bytes += batch.size;
    }
  }
  return bytes;
}

Amount WholeTrace(const Subject& subject) {
  return {.bytes = subject.file.size(), .events = subject.events};
}

// Whether the waits are those that Go's reader gives, where that is known.
bool AreKnown(const Subject& subject, const WaitTotals& waits) {
  return !subject.waits || *subject.waits == waits;
}

void BM_Tables(benchmark::State& state, const Subject& subject) {
  wire::GenerationTables fresh;
  wire::GenerationTables used;
  if (LoadTables(subject, fresh) != LoadTables(subject, used) ||
      LoadTables(subject, used) != LoadTables(subject, fresh)) {
    state.SkipWithError("tables change with their memory");
    return;
  }
  Measure(state, {.bytes = BatchBytes(subject, false), .events = subject.events},
          [&] { benchmark::DoNotOptimize(LoadTables(subject, used)); });
}

void BM_Decode(benchmark::State& state, const Subject& subject) {
  std::vector<kernels::EventRecord> records(256);
  if (DecodeAll(subject, records) != subject.timed_events) {
    state.SkipWithError("wrong number of decoded events");
    return;
  }
  Measure(state, {.bytes = BatchBytes(subject, true), .events = subject.events},
          [&] { benchmark::DoNotOptimize(DecodeAll(subject, records)); });
}

void BM_Order(benchmark::State& state, const Subject& subject) {
  if (OrderAll(subject) != subject.events) {
    state.SkipWithError("wrong number of ordered events");
    return;
  }
  Measure(state, WholeTrace(subject), [&] { benchmark::DoNotOptimize(OrderAll(subject)); });
}

void RunSpans(benchmark::State& state, const Subject& subject, const SpanRequest& request) {
  Columns columns(request);
  if (BuildSpans(subject, columns) != subject.events || !AreKnown(subject, columns.waits())) {
    state.SkipWithError("wrong spans");
    return;
  }
  Measure(state, WholeTrace(subject), [&] {
    Columns measured(request);
    benchmark::DoNotOptimize(BuildSpans(subject, measured));
  });
}

void BM_Spans(benchmark::State& state, const Subject& subject) {
  RunSpans(state, subject, SpanRequest::AllGoroutineSpans());
}

void BM_WaitSpans(benchmark::State& state, const Subject& subject) {
  RunSpans(state, subject, SchedColumns());
}

void BM_ScanSched(benchmark::State& state, const Subject& subject) {
  const run::TraceResult result = ScanAll(subject);
  const SchedProfile profile =
      SummarizeSched(dynamic_cast<const SchedPartial&>(*result.partials[0]), false);
  Columns columns(SpanRequest::AllGoroutineSpans());
  BuildSpans(subject, columns);
  const WaitTotals waits{profile.count, profile.time_ns};
  if (result.facts.events != subject.events || waits != columns.waits() ||
      !AreKnown(subject, waits)) {
    state.SkipWithError("wrong report");
    return;
  }
  Measure(state, WholeTrace(subject), [&] { benchmark::DoNotOptimize(ScanAll(subject)); });
}

}  // namespace
}  // namespace gtengine::bench

int main(int argc, char** argv) {
  using namespace gtengine::bench;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const tbb::global_control one_thread(tbb::global_control::max_allowed_parallelism, 1);
  const std::vector<Subject> subjects = LoadSubjects();
  for (const Subject& subject : subjects) {
    const auto add = [&](const char* stage, void (*run)(benchmark::State&, const Subject&)) {
      benchmark::RegisterBenchmark(
          (std::string(stage) + "/" + subject.name).c_str(),
          [&subject, run](benchmark::State& state) { run(state, subject); })
          ->Unit(benchmark::kMillisecond);
    };
    add("tables", BM_Tables);
    add("decode", BM_Decode);
    add("order", BM_Order);
    add("spans", BM_Spans);
    add("wait_spans", BM_WaitSpans);
    add("scan_sched", BM_ScanSched);
  }
  benchmark::RunSpecifiedBenchmarks();
}
