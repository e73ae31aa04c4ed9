// How fast the stages are on the shipped traces, on one thread: decoding of timed events, the
// ordered stream, and the whole scan with the sched report. Each answer is checked before the clock
// starts: against the number of events that Go's reader counted, and the profile that its events
// give.
#include <benchmark/benchmark.h>
#include <simdjson.h>
#include <tbb/global_control.h>
#include <tbb/task_group.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/io/mapped_file.h"
#include "engine/order/event_stream.h"
#include "engine/reports/registry.h"
#include "engine/reports/sched_profile.h"
#include "engine/run/memory_budget.h"
#include "engine/run/trace_scan.h"
#include "engine/wire/event_spec.h"
#include "engine/wire/generation.h"
#include "engine/wire/header.h"

namespace gtengine {
namespace {

namespace fs = std::filesystem;

// A trace that stays in memory, and what Go's reader says of it.
struct Subject {
  std::string name;
  io::MappedFile file;
  wire::Version version;
  std::uint64_t events = 0;
  std::uint64_t waits = 0;
  std::uint64_t wait_ns = 0;
};

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "stages_bench: %s\n", what.c_str());
  std::exit(1);
}

void Expect(bool condition, const Subject& subject, const char* what) {
  if (!condition) Fail(subject.name + ": wrong " + what);
}

Subject Load(const fs::path& corpus, const std::string& name) {
  auto file = io::MappedFile::Open((corpus / (name + ".trace")).string());
  if (!file.ok()) Fail(file.error().ToString());
  const auto version = wire::ReadHeader(file->view().bytes());
  if (!version.ok()) Fail(name + ": " + version.error().ToString());
  simdjson::dom::parser parser;
  const simdjson::dom::element expected =
      parser.load((corpus / "expected" / (name + ".json")).string());
  const simdjson::dom::element profile = expected["profiles"]["sched"];
  return {.name = name,
          .file = std::move(file).value(),
          .version = *version,
          .events = std::uint64_t{expected["events"]},
          .waits = std::uint64_t{profile["count"]},
          .wait_ns = std::uint64_t{profile["time_ns"]}};
}

std::vector<wire::Generation> Generations(const Subject& subject) {
  std::vector<wire::Generation> generations;
  wire::GenerationReader reader(subject.file.view(), subject.version);
  for (wire::Generation generation; reader.Next(generation).value();) {
    generations.push_back(generation);
  }
  return generations;
}

// Decodes all timed events into one small buffer, again and again; their number.
std::uint64_t DecodeAll(const Subject& subject, const std::vector<wire::Generation>& generations,
                        std::vector<kernels::EventRecord>& records) {
  std::uint64_t events = 0;
  for (const wire::Generation& generation : generations) {
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
    auto chunk = stream.Next();
    if (!chunk.ok()) Fail(chunk.error().ToString());
    if (chunk->events.empty()) return events;
    events += chunk->events.size();
    benchmark::DoNotOptimize(chunk->events.data());
  }
}

run::TraceResult ScanAll(const Subject& subject) {
  static const ReportType* const kReports[] = {FindReport("sched")};
  run::MemoryBudget memory(std::uint64_t{1} << 30);
  tbb::task_group tasks;
  std::atomic<std::uint64_t> bytes_done = 0;
  const std::function<bool()> never;
  auto result = run::ScanTrace(subject.file, {},
                               {.reports = kReports,
                                .memory = memory,
                                .tasks = tasks,
                                .bytes_done = bytes_done,
                                .is_cancelled = never});
  tasks.wait();
  if (!result.ok()) Fail(result.error().ToString());
  return std::move(result).value();
}

void Report(benchmark::State& state, const Subject& subject, std::uint64_t events) {
  state.SetBytesProcessed(static_cast<std::int64_t>(subject.file.size() * state.iterations()));
  state.counters["events"] = benchmark::Counter(static_cast<double>(events * state.iterations()),
                                                benchmark::Counter::kIsRate);
}

void BM_Decode(benchmark::State& state, const Subject& subject) {
  const std::vector<wire::Generation> generations = Generations(subject);
  std::vector<kernels::EventRecord> records(256);
  const std::uint64_t events = DecodeAll(subject, generations, records);
  // Sync events stand in no batch, a coroutine switch counts thrice and CPU samples are apart: the
  // number itself is checked by the ordered stream.
  Expect(events > 0, subject, "number of decoded events");
  for (auto _ : state) benchmark::DoNotOptimize(DecodeAll(subject, generations, records));
  Report(state, subject, events);
}

void BM_Order(benchmark::State& state, const Subject& subject) {
  Expect(OrderAll(subject) == subject.events, subject, "number of ordered events");
  for (auto _ : state) benchmark::DoNotOptimize(OrderAll(subject));
  Report(state, subject, subject.events);
}

void BM_ScanSched(benchmark::State& state, const Subject& subject) {
  const run::TraceResult result = ScanAll(subject);
  const SchedProfile profile =
      SummarizeSched(dynamic_cast<const SchedPartial&>(*result.partials[0]), false);
  Expect(result.facts.events == subject.events, subject, "number of scanned events");
  Expect(profile.count == subject.waits, subject, "number of waits");
  Expect(profile.time_ns == subject.wait_ns, subject, "time of waits");
  for (auto _ : state) benchmark::DoNotOptimize(ScanAll(subject));
  Report(state, subject, subject.events);
}

}  // namespace
}  // namespace gtengine

int main(int argc, char** argv) {
  using gtengine::Subject;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const tbb::global_control one_thread(tbb::global_control::max_allowed_parallelism, 1);
  const std::filesystem::path corpus = std::filesystem::path(GTENGINE_SOURCE_DIR) / "corpus";
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
    if (entry.path().extension() != ".trace") continue;
    names.push_back(entry.path().lexically_relative(corpus).replace_extension().string());
  }
  std::sort(names.begin(), names.end());
  if (names.empty()) gtengine::Fail("no traces below " + corpus.string());
  std::vector<Subject> subjects;
  for (const std::string& name : names) subjects.push_back(gtengine::Load(corpus, name));
  for (const Subject& subject : subjects) {
    const auto add = [&](const char* stage, void (*run)(benchmark::State&, const Subject&)) {
      benchmark::RegisterBenchmark(
          (std::string(stage) + "/" + subject.name).c_str(),
          [&subject, run](benchmark::State& state) { run(state, subject); })
          ->Unit(benchmark::kMillisecond);
    };
    add("decode", gtengine::BM_Decode);
    add("order", gtengine::BM_Order);
    add("scan_sched", gtengine::BM_ScanSched);
  }
  benchmark::RunSpecifiedBenchmarks();
}
