#include "bench/subject.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>

#include "engine/wire/header.h"
#include "engine/wire/trace_info.h"

namespace gtengine::bench {
namespace {

namespace fs = std::filesystem;

// One event on the wire each gives one event of the ordered stream, but a switch from coroutine to
// coroutine gives three. CPU samples are events, and a Sync stands before each generation and at
// the end.
std::uint64_t OrderedEvents(const wire::TraceInfo& info) {
  std::uint64_t events = info.generations.size() + 1;
  for (const std::uint64_t count : info.events) events += count;
  const auto of = [&](wire::EventType type) { return info.events[static_cast<std::size_t>(type)]; };
  return events + 2 * (of(wire::EventType::kGoSwitch) + of(wire::EventType::kGoSwitchDestroy));
}

void ReadWire(Subject& subject) {
  const auto version = wire::ReadHeader(subject.file.view().bytes());
  if (!version.ok()) Fail(subject.name + ": " + version.error().ToString());
  subject.version = *version;
  const auto info = wire::DescribeTrace(subject.file.view());
  if (!info.ok()) Fail(subject.name + ": " + info.error().ToString());
  if (info->loss_count != 0) Fail(subject.name + ": the trace is damaged");
  subject.events = OrderedEvents(*info);
  for (const auto& generation : info->generations) subject.timed_events += generation.timed_events;
  wire::GenerationReader reader(subject.file.view(), subject.version);
  for (wire::Generation generation; reader.Next(generation).value();) {
    subject.generations.push_back(generation);
  }
  if (subject.generations.size() != info->generations.size()) {
    Fail(subject.name + ": wrong number of generations");
  }
}

// `expected`: what goref printed.
void Compare(Subject& subject, const fs::path& expected) {
  simdjson::dom::parser parser;
  simdjson::dom::element account;
  if (parser.load(expected.string()).get(account) != simdjson::SUCCESS) {
    Fail(expected.string() + " is no JSON");
  }
  const auto number = [&](const char* pointer) {
    std::uint64_t value = 0;
    if (account.at_pointer(pointer).get(value) != simdjson::SUCCESS) {
      Fail(expected.string() + ": no number at " + pointer);
    }
    return value;
  };
  if (number("/events") != subject.events) Fail(subject.name + ": wrong number of events");
  if (number("/syncs") != subject.generations.size() + 1) {
    Fail(subject.name + ": wrong number of generations");
  }
  subject.waits = WaitTotals{.count = number("/profiles/sched/count"),
                             .time_ns = number("/profiles/sched/time_ns")};
}

Subject Load(std::string name, const fs::path& trace, const fs::path& expected) {
  auto file = io::MappedFile::Open(trace.string());
  if (!file.ok()) Fail(file.error().ToString());
  Subject subject;
  subject.name = std::move(name);
  subject.file = std::move(file).value();
  ReadWire(subject);
  if (fs::exists(expected)) Compare(subject, expected);
  return subject;
}

// Legacy traces go through stages of their own, which are not timed here.
bool IsLegacyTrace(const fs::path& path) {
  const auto file = io::MappedFile::Open(path.string());
  if (!file.ok()) Fail(file.error().ToString());
  const auto version = wire::ReadHeader(file->view().bytes());
  return version.ok() && wire::IsLegacy(*version);
}

void LoadCorpus(std::vector<Subject>& subjects) {
  const fs::path corpus = fs::path(GTENGINE_SOURCE_DIR) / "corpus";
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(corpus)) {
    if (entry.path().extension() != ".trace" || IsLegacyTrace(entry.path())) continue;
    names.push_back(entry.path().lexically_relative(corpus).replace_extension().string());
  }
  std::ranges::sort(names);
  for (const std::string& name : names) {
    const fs::path expected = corpus / "expected" / (name + ".json");
    if (!fs::exists(expected)) Fail(expected.string() + " is missing");
    subjects.push_back(Load(name, corpus / (name + ".trace"), expected));
  }
}

void LoadFurther(std::string_view paths, std::vector<Subject>& subjects) {
  while (!paths.empty()) {
    const std::size_t colon = std::min(paths.find(':'), paths.size());
    const fs::path trace(paths.substr(0, colon));
    paths.remove_prefix(std::min(colon + 1, paths.size()));
    if (trace.empty()) continue;
    const fs::path stem = fs::path(trace).replace_extension();
    subjects.push_back(Load(stem.string(), trace, fs::path(stem).concat(".json")));
  }
}

}  // namespace

std::vector<Subject> LoadSubjects() {
  std::vector<Subject> subjects;
  LoadCorpus(subjects);
  if (const char* paths = std::getenv("GTENGINE_BENCH_TRACES")) LoadFurther(paths, subjects);
  if (subjects.empty()) Fail("no traces");
  return subjects;
}

void Fail(const std::string& what) {
  std::fprintf(stderr, "bench: %s\n", what.c_str());
  std::exit(1);
}

}  // namespace gtengine::bench
