#include "tests/order/sample_traces.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "engine/wire/batch.h"
#include "engine/wire/header.h"
#include "engine/wire/varint.h"
#include "tests/base/padded_bytes.h"
#include "tests/order/many_threads.h"
#include "tests/order/text_trace.h"

namespace gtengine::testing {

using wire::ByteBuffer;

std::vector<ByteBuffer> SampleTraces() {
  std::vector<std::filesystem::path> paths;
  const std::filesystem::path folder =
      std::filesystem::path(GTENGINE_SOURCE_DIR) / "tests" / "order" / "data";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().string().ends_with(".trace.txt")) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<ByteBuffer> traces;
  for (const auto& path : paths) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    const auto assembled = AssembleTextTraces(content.str());
    if (!assembled.ok()) continue;  // text_trace_test.cc tells
    for (const TextTrace& trace : *assembled) traces.push_back(trace.bytes);
  }
  for (const wire::Version version : {wire::Version::k22, wire::Version::k26}) {
    traces.push_back(MakeManyThreads(
        {.seed = 7, .threads = 6, .generations = 3, .steps = 100, .version = version}));
  }
  return traces;
}

std::uint64_t TraceMutator::Number() {
  constexpr std::uint64_t kEdges[] = {0,          1,          2,          4,          127,
                                      128,        255,        256,        1024,       4096,
                                      0x7FFFFFFF, 1ull << 31, 1ull << 32, 1ull << 63, ~0ull};
  return Random(2) == 0 ? random_() >> Random(64)
                        : kEdges[Random(std::size(kEdges))] + Random(3) - 1;
}

void TraceMutator::Damage(ByteBuffer& trace) {
  const std::ptrdiff_t at = Place(trace);
  switch (Random(8)) {
    case 0:
      trace[static_cast<std::size_t>(at)] ^= static_cast<std::uint8_t>(1u << Random(8));
      return;
    case 1:
      trace.resize(static_cast<std::size_t>(at));
      return;
    case 2:
      trace.erase(trace.begin() + at);
      return;
    case 3:
      trace.insert(trace.begin() + at, static_cast<std::uint8_t>(Random(64)));
      return;
    case 4:
    case 5:
      return MoveBatches(trace);
    default:
      return DamageNumber(trace);
  }
}

// Writes another number over one that stands in a batch of small numbers, its size and all.
void TraceMutator::DamageNumber(ByteBuffer& trace) {
  const std::vector<Span> batches = Batches(trace);
  if (batches.empty()) return;
  const Span batch = batches[Random(batches.size())];
  const std::ptrdiff_t at =
      batch.begin +
      static_cast<std::ptrdiff_t>(Random(static_cast<std::uint64_t>(batch.end - batch.begin)));
  wire::ByteReader reader(ByteView(trace).first(static_cast<std::size_t>(batch.end)),
                          static_cast<std::size_t>(at));
  const auto before = reader.Uvarint();
  if (!before) return;
  ByteBuffer number;
  wire::AppendUvarint(Random(2) == 0 ? *before + Random(3) - 1 : Number(), number);
  const auto length = static_cast<std::ptrdiff_t>(reader.offset()) - at;
  trace.erase(trace.begin() + at, trace.begin() + at + length);
  trace.insert(trace.begin() + at, number.begin(), number.end());
  // The batch's size, when it has one byte, follows.
  const std::ptrdiff_t growth = static_cast<std::ptrdiff_t>(number.size()) - length;
  wire::ByteReader header(trace, static_cast<std::size_t>(batch.begin) + 1);
  for (int i = 0; i < 3; ++i) header.Uvarint();
  if (static_cast<std::ptrdiff_t>(header.offset()) >= at || header.done()) return;
  std::uint8_t& size = trace[header.offset()];
  if (size < 0x70) size = static_cast<std::uint8_t>(size + growth);
}

void TraceMutator::MoveBatches(ByteBuffer& trace) {
  const std::vector<Span> batches = Batches(trace);
  const ByteBuffer& other = Random(2) == 0 ? trace : Any();
  const std::vector<Span> others = Batches(other);
  if (batches.empty() || others.empty()) return;
  const std::size_t first = Random(others.size());
  const std::size_t last = std::min(others.size() - 1, first + Random(5));
  const ByteBuffer moved(other.begin() + others[first].begin, other.begin() + others[last].end);
  const Span place = batches[Random(batches.size())];
  if (Random(2) == 0) trace.erase(trace.begin() + place.begin, trace.begin() + place.end);
  trace.insert(trace.begin() + place.begin, moved.begin(), moved.end());
}

std::vector<TraceMutator::Span> TraceMutator::Batches(const ByteBuffer& trace) {
  std::vector<Span> batches;
  const auto version = wire::ReadHeader(trace);
  if (!version.ok()) return batches;
  const PaddedBytes padded(trace);
  for (std::uint64_t at = wire::kHeaderBytes;;) {
    const auto batch = wire::ReadBatch(padded.view(), at, *version);
    if (!batch.ok() || !*batch) return batches;
    batches.push_back({.begin = static_cast<std::ptrdiff_t>(at),
                       .end = static_cast<std::ptrdiff_t>((*batch)->end())});
    at = (*batch)->end();
  }
}

}  // namespace gtengine::testing
