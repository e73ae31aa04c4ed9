// Orders and counts the events of traces and does nothing else: what `goref -count` does with Go's
// reader.
#include <cstdint>
#include <cstdio>
#include <string>

#include "engine/io/mapped_file.h"
#include "engine/order/event_stream.h"
#include "engine/wire/header.h"

namespace gtengine {
namespace {

Result<std::uint64_t> CountEvents(const std::string& path) {
  const auto file = io::MappedFile::Open(path);
  if (!file.ok()) return file.error();
  const auto version = wire::ReadHeader(file->view().bytes());
  if (!version.ok()) return version.error();
  order::StrictSource source(file->view(), *version);
  order::EventStream stream(file->view(), source);
  std::uint64_t events = 0;
  while (true) {
    const auto chunk = stream.Next();
    if (!chunk.ok()) return chunk.error();
    if (chunk->events.empty()) return events;
    events += chunk->events.size();
  }
}

}  // namespace
}  // namespace gtengine

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: count_events TRACE...\n", stderr);
    return 2;
  }
  for (int i = 1; i < argc; ++i) {
    const auto events = gtengine::CountEvents(argv[i]);
    if (!events.ok()) {
      std::fprintf(stderr, "count_events: %s: %s\n", argv[i], events.error().ToString().c_str());
      return 1;
    }
    std::printf("%llu\n", static_cast<unsigned long long>(*events));
  }
}
