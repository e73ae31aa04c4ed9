// Counts the events of a trace and their waits, as a program of somebody else would.
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "engine/io/mapped_file.h"
#include "engine/order/event_stream.h"
#include "engine/reports/registry.h"
#include "engine/run/corpus_scan.h"
#include "engine/wire/header.h"

namespace {

// The events of a trace in their order; -1 after an error.
long CountEvents(const std::string& path) {
  const auto file = gtengine::io::MappedFile::Open(path);
  if (!file.ok()) return -1;
  const auto version = gtengine::wire::ReadHeader(file->view().bytes());
  if (!version.ok()) return -1;
  gtengine::order::StrictSource source(file->view(), *version);
  gtengine::order::EventStream stream(file->view(), source);
  for (long events = 0;;) {
    const auto chunk = stream.Next();
    if (!chunk.ok()) return -1;
    if (chunk->events.empty()) return events;
    events += static_cast<long>(chunk->events.size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::printf("%ld events in order\n", CountEvents(argv[1]));
  const gtengine::run::ScanOptions options{
      .reports = {gtengine::FindReport("sched")},
      .layout = gtengine::io::Layout::Parse(gtengine::io::kDefaultLayout).value(),
      .threads = 2,
      .memory_bytes = std::uint64_t{1} << 30,
      .on_progress = {},
      .is_cancelled = {}};
  const auto result = gtengine::run::ScanCorpus({argv[1]}, options);
  std::printf("%llu events scanned\n", static_cast<unsigned long long>(result.events()));
}
