// Takes traces through one stage, as a whole process, and prints what it counted, a line a trace:
//
//   trace_pass read TRACE...    bytes, by read() into one buffer: what no reader can beat
//   trace_pass decode TRACE...  timed events, decoded and thrown away
//   trace_pass order TRACE...   events in Go's order: what `goref -count` does with Go's reader
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/mapped_file.h"
#include "engine/order/event_stream.h"
#include "engine/wire/event_spec.h"
#include "engine/wire/generation.h"
#include "engine/wire/header.h"
#include "kernels/event_decode.h"

namespace gtengine {
namespace {

using Count = Result<std::uint64_t>;

Count ReadBytes(const std::string& path) {
  static std::vector<char> buffer(std::size_t{1} << 20);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Error{.code = ErrorCode::kIo, .what = std::strerror(errno)};
  std::uint64_t bytes = 0;
  ssize_t count = 0;
  while ((count = ::read(file, buffer.data(), buffer.size())) > 0) {
    bytes += static_cast<std::uint64_t>(count);
  }
  ::close(file);
  if (count < 0) return Error{.code = ErrorCode::kIo, .what = std::strerror(errno)};
  return bytes;
}

Count DecodeBatch(PaddedView data) {
  static std::vector<kernels::EventRecord> records(512);
  std::uint64_t events = 0;
  for (std::size_t begin = 0; begin < data.size();) {
    const kernels::DecodeResult decoded = kernels::DecodeEvents(
        data.data(), begin, data.size(), wire::kTimedArgCounts, records.data(), records.size());
    if (decoded.events == 0) return Error{.code = ErrorCode::kCorrupt, .what = "a bad event"};
    begin += decoded.bytes;
    events += decoded.events;
  }
  return events;
}

Count DecodeTrace(PaddedView trace, wire::Version version) {
  wire::GenerationReader reader(trace, version);
  wire::Generation generation;
  std::uint64_t events = 0;
  while (true) {
    const auto is_more = reader.Next(generation);
    if (!is_more.ok()) return is_more.error();
    if (!*is_more) return events;
    for (const wire::Batch& batch : generation.batches) {
      if (batch.kind != wire::BatchKind::kEvents) continue;
      const Count count =
          DecodeBatch(trace.Sub(static_cast<std::size_t>(batch.data_offset), batch.size));
      if (!count.ok()) return count.error();
      events += *count;
    }
  }
}

Count OrderTrace(PaddedView trace, wire::Version version) {
  order::StrictSource source(trace, version);
  order::EventStream stream(trace, source);
  std::uint64_t events = 0;
  while (true) {
    const auto chunk = stream.Next();
    if (!chunk.ok()) return chunk.error();
    if (chunk->events.empty()) return events;
    events += chunk->events.size();
  }
}

template <Count (*Pass)(PaddedView, wire::Version)>
Count Mapped(const std::string& path) {
  const auto file = io::MappedFile::Open(path);
  if (!file.ok()) return file.error();
  const auto version = wire::ReadHeader(file->view().bytes());
  if (!version.ok()) return version.error();
  return Pass(file->view(), *version);
}

using Pass = Count (*)(const std::string& path);

Pass FindPass(std::string_view name) {
  if (name == "read") return ReadBytes;
  if (name == "decode") return Mapped<DecodeTrace>;
  if (name == "order") return Mapped<OrderTrace>;
  return nullptr;
}

}  // namespace
}  // namespace gtengine

int main(int argc, char** argv) {
  const gtengine::Pass pass = argc > 2 ? gtengine::FindPass(argv[1]) : nullptr;
  if (pass == nullptr) {
    std::fputs("usage: trace_pass read|decode|order TRACE...\n", stderr);
    return 2;
  }
  for (int i = 2; i < argc; ++i) {
    const auto count = pass(argv[i]);
    if (!count.ok()) {
      std::fprintf(stderr, "trace_pass: %s: %s\n", argv[i], count.error().ToString().c_str());
      return 1;
    }
    std::printf("%llu\n", static_cast<unsigned long long>(*count));
  }
}
