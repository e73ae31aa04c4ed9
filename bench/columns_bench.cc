// How fast ordered events become columns, on one thread, by what consumers ask for: the spans that
// the sched report reads, each other set alone, and everything at once. The consumer only counts
// rows; counts are checked against Go's reader before the clock starts.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/io/mapped_file.h"
#include "engine/order/event_stream.h"
#include "engine/spans/span_builder.h"
#include "engine/wire/header.h"

namespace gtengine {
namespace {

namespace fs = std::filesystem;

// Those with the most annotations and the most system calls.
constexpr const char* kTraces[] = {"shop/web-26/20261123/094804", "batch/etl-27/20261123/094813"};

struct Ask {
  const char* name;
  SpanRequest request;
};

std::vector<Ask> Asks() {
  SpanRequest sched;
  sched.states[static_cast<std::size_t>(GoState::kRunnable)] = true;
  sched.goroutine_columns = {.g = true, .start_function = true, .start_stack = true, .cause = true};
  std::vector<Ask> asks = {{"nothing", {}}, {"sched", sched}};
  const auto add = [&](const char* name, const SetRequest& sets) {
    SpanRequest request;
    request.sets = sets;
    asks.push_back({name, request});
  };
  add("procs", {.proc_spans = true, .proc_runnable = true});
  add("syscalls", {.syscalls = true, .syscall_stacks = true});
  add("ranges", {.ranges = true});
  add("tasks", {.tasks = true});
  add("regions", {.regions = true, .region_stacks = true, .region_slices = true});
  add("logs", {.logs = true});
  add("samples", {.samples = true, .sample_goroutines = true});
  add("metrics", {.metrics = true});
  SpanRequest all = SpanRequest::AllGoroutineSpans();
  for (const Ask& ask : asks) all.sets.Unite(ask.request.sets);
  all.sets.range_stacks = all.sets.task_stacks = all.sets.log_stacks = true;
  all.sets.labels = all.sets.generations = true;
  asks.push_back({"everything", all});
  return asks;
}

class RowCounter final : public SpanConsumer {
 public:
  explicit RowCounter(const SpanRequest& request) : request_(request) {}

  SpanRequest Request() const override { return request_; }
  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables&) override {
    rows += spans.rows;
  }
  void OnLateName(std::uint32_t, StringRef, const TraceTables&) override {}
  void OnMetrics(const Metrics& set, const TraceTables&) override { metrics += set.rows; }
  void OnLogs(const Logs& set, const TraceTables&) override { logs += set.rows; }
  void OnTasks(const Tasks& set, const TraceTables&) override { tasks += set.rows; }
  void OnProcSpans(const ProcSpans& set, const TraceTables&) override { rows += set.rows; }
  void OnSyscalls(const Syscalls& set, const TraceTables&) override { rows += set.rows; }
  void OnRegionSlices(const RegionSlices& set, const TraceTables&) override { rows += set.rows; }
  void OnRegions(const Regions& set, const TraceTables&) override { rows += set.rows; }

  std::uint64_t metrics = 0;
  std::uint64_t logs = 0;
  std::uint64_t tasks = 0;
  std::uint64_t rows = 0;  // of the other sets

 private:
  SpanRequest request_;
};

struct Subject {
  std::string name;
  io::MappedFile file;
  wire::Version version;
  std::uint64_t events = 0;
  std::uint64_t metrics = 0;
  std::uint64_t logs = 0;
  std::uint64_t tasks = 0;
};

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "columns_bench: %s\n", what.c_str());
  std::exit(1);
}

Subject Load(const std::string& name) {
  const fs::path corpus = fs::path(GTENGINE_SOURCE_DIR) / "corpus";
  auto file = io::MappedFile::Open((corpus / (name + ".trace")).string());
  if (!file.ok()) Fail(file.error().ToString());
  const auto version = wire::ReadHeader(file->view().bytes());
  if (!version.ok()) Fail(version.error().ToString());
  simdjson::dom::parser parser;
  const simdjson::dom::element expected =
      parser.load((corpus / "expected" / (name + ".json")).string());
  Subject subject{.name = name, .file = std::move(file).value(), .version = *version};
  subject.events = std::uint64_t{expected["events"]};
  subject.metrics = std::uint64_t{expected["kinds"]["Metric"]};
  std::uint64_t logs = 0;
  if (expected["logs"].get(logs) == simdjson::SUCCESS) subject.logs = logs;
  for (const simdjson::dom::element task : expected["tasks"].get_array()) {
    subject.tasks += std::uint64_t{task["count"]};
  }
  return subject;
}

RowCounter Build(const Subject& subject, const SpanRequest& request) {
  RowCounter counter(request);
  SpanConsumer* consumers[] = {&counter};
  order::StrictSource source(subject.file.view(), subject.version);
  order::EventStream stream(subject.file.view(), source);
  spans::SpanBuilder builder(consumers);
  while (true) {
    auto chunk = stream.Next();
    if (!chunk.ok()) Fail(chunk.error().ToString());
    if (chunk->events.empty()) break;
    builder.Add(*chunk);
  }
  builder.Finish();
  return counter;
}

void BM_Columns(benchmark::State& state, const Subject& subject, const SpanRequest& request) {
  const RowCounter counter = Build(subject, request);
  if (counter.metrics != (request.sets.metrics ? subject.metrics : 0) ||
      counter.logs != (request.sets.logs ? subject.logs : 0) ||
      counter.tasks != (request.sets.tasks ? subject.tasks : 0)) {
    return state.SkipWithError("wrong number of rows");
  }
  for (auto _ : state) benchmark::DoNotOptimize(Build(subject, request).rows);
  state.counters["rows"] =
      static_cast<double>(counter.rows + counter.metrics + counter.logs + counter.tasks);
  state.counters["events"] = benchmark::Counter(
      static_cast<double>(subject.events) * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
}

}  // namespace
}  // namespace gtengine

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  std::vector<gtengine::Subject> subjects;
  for (const char* name : gtengine::kTraces) subjects.push_back(gtengine::Load(name));
  const std::vector<gtengine::Ask> asks = gtengine::Asks();
  for (const gtengine::Subject& subject : subjects) {
    for (const gtengine::Ask& ask : asks) {
      benchmark::RegisterBenchmark((std::string(ask.name) + "/" + subject.name).c_str(),
                                   [&subject, &ask](benchmark::State& state) {
                                     gtengine::BM_Columns(state, subject, ask.request);
                                   })
          ->Unit(benchmark::kMillisecond);
    }
  }
  benchmark::RunSpecifiedBenchmarks();
}
