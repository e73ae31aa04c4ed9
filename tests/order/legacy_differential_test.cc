// Legacy traces, whole and damaged. Whatever the damage, our reader keeps what it promises; and,
// where Go's reader is at hand, both say the same of each. $GTENGINE_MUTANTS sets how many there
// are, $GTENGINE_MUTANT_SEED which; $GTENGINE_LEGACY_TRACES names a folder with more traces to
// begin with.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "engine/wire/header.h"
#include "engine/wire/v1/record.h"
#include "tests/base/padded_bytes.h"
#include "tests/order/go_reader.h"
#include "tests/order/legacy_world.h"
#include "tests/order/read_trace.h"
#include "tests/order/record_set.h"

namespace gtengine::testing {
namespace {

using wire::ByteBuffer;
using wire::v1::EventType;
using wire::v1::RecordReader;

std::uint64_t FromEnvironment(const char* name, std::uint64_t or_else) {
  const char* text = std::getenv(name);
  return text == nullptr ? or_else : std::strtoull(text, nullptr, 10);
}

std::vector<ByteBuffer> Worlds() {
  std::vector<ByteBuffer> traces;
  const auto add = [&](const LegacyWorld& world) { traces.push_back(MakeLegacyWorld(world)); };
  add({.seed = 1, .procs = 1, .steps = 100, .version = wire::Version::k11});
  add({.seed = 2, .procs = 2, .steps = 300, .coarseness = 1, .version = wire::Version::k19});
  add({.seed = 3, .procs = 3, .steps = 60, .frequency_hz = 15'625'000});
  add({.seed = 4, .procs = 5, .steps = 700, .coarseness = 9, .frequency_hz = 2'793'437'123});
  add({.seed = 5, .procs = 14, .steps = 1500, .coarseness = 30});
  add({.seed = 6, .procs = 40, .steps = 3000, .coarseness = 200, .version = wire::Version::k19});
  return traces;
}

std::vector<ByteBuffer> TracesInEnvironment() {
  std::vector<ByteBuffer> traces;
  const char* folder = std::getenv("GTENGINE_LEGACY_TRACES");
  if (folder == nullptr) return traces;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    traces.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return traces;
}

// Damages traces: bytes, numbers, records and batches.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed), traces_(Worlds()) {
    for (ByteBuffer& trace : TracesInEnvironment()) {
      if (trace.size() < kLargest) traces_.push_back(std::move(trace));
    }
  }

  ByteBuffer Next() {
    ByteBuffer trace = Any();
    do {
      if (trace.size() > wire::kHeaderBytes) Damage(trace);
    } while (Random(4) == 0);
    return trace;
  }

 private:
  static constexpr std::size_t kLargest = 40'000;

  std::uint64_t Random(std::uint64_t limit) { return random_() % limit; }
  const ByteBuffer& Any() { return traces_[Random(traces_.size())]; }
  std::uint64_t Number();
  void Damage(ByteBuffer& trace);
  void DamageNumber(ByteBuffer& trace);
  void MoveRecords(ByteBuffer& trace);
  // Offsets of the records, and the end of the last.
  static std::vector<std::size_t> Records(const ByteBuffer& trace);

  std::mt19937_64 random_;
  std::vector<ByteBuffer> traces_;
};

std::uint64_t Mutator::Number() {
  constexpr std::uint64_t kEdges[] = {0,          1,          2,          4,          127,
                                      128,        255,        256,        1000,       2048,
                                      1'000'000u, 1'000'001u, 1'000'002u, 1'000'003u, 1ull << 31,
                                      1ull << 32, 1ull << 63, ~0ull};
  return Random(2) == 0 ? random_() >> Random(64)
                        : kEdges[Random(std::size(kEdges))] + Random(3) - 1;
}

void Mutator::Damage(ByteBuffer& trace) {
  const std::size_t at = wire::kHeaderBytes + Random(trace.size() - wire::kHeaderBytes);
  const auto place = trace.begin() + static_cast<std::ptrdiff_t>(at);
  switch (Random(10)) {
    case 0:
      trace[at] ^= static_cast<std::uint8_t>(1u << Random(8));
      return;
    case 1:
      trace.resize(at);
      return;
    case 2:
      trace.erase(place);
      return;
    case 3:
      trace.insert(place, static_cast<std::uint8_t>(Random(256)));
      return;
    case 4:
    case 5:
    case 6:
      return MoveRecords(trace);
    default:
      return DamageNumber(trace);
  }
}

// Writes another number, or another type, over one of a record.
void Mutator::DamageNumber(ByteBuffer& trace) {
  const std::vector<std::size_t> records = Records(trace);
  if (records.size() < 2) return;
  const std::size_t i = Random(records.size() - 1);
  if (Random(6) == 0) {
    std::uint8_t& type = trace[records[i]];
    type = static_cast<std::uint8_t>((type & 0xC0) | Random(wire::v1::kEventTypes));
    return;
  }
  const std::size_t at = records[i] + 1 + Random(records[i + 1] - records[i]);
  wire::ByteReader reader(trace, std::min(at, trace.size()));
  const auto before = reader.Uvarint();
  if (!before) return;
  ByteBuffer number;
  wire::AppendUvarint(Random(2) == 0 ? *before + Random(3) - 1 : Number(), number);
  trace.erase(trace.begin() + static_cast<std::ptrdiff_t>(at),
              trace.begin() + static_cast<std::ptrdiff_t>(reader.offset()));
  trace.insert(trace.begin() + static_cast<std::ptrdiff_t>(at), number.begin(), number.end());
}

// Copies some records over others, or between them.
void Mutator::MoveRecords(ByteBuffer& trace) {
  const std::vector<std::size_t> records = Records(trace);
  const ByteBuffer other = Random(3) == 0 ? Any() : trace;
  const std::vector<std::size_t> others = Records(other);
  if (records.size() < 2 || others.size() < 2) return;
  const std::size_t first = Random(others.size() - 1);
  const std::size_t last = std::min(others.size() - 1, first + 1 + Random(4));
  const std::size_t place = Random(records.size() - 1);
  const std::size_t past = Random(2) == 0 ? place : place + 1;
  const auto at = [](std::size_t offset) { return static_cast<std::ptrdiff_t>(offset); };
  const ByteBuffer moved(other.begin() + at(others[first]), other.begin() + at(others[last]));
  trace.erase(trace.begin() + at(records[place]), trace.begin() + at(records[past]));
  if (Random(4) == 0) return;
  trace.insert(trace.begin() + at(records[place]), moved.begin(), moved.end());
}

std::vector<std::size_t> Mutator::Records(const ByteBuffer& trace) {
  std::vector<std::size_t> records;
  const auto version = wire::ReadHeader(trace);
  if (!version.ok() || !wire::IsLegacy(*version)) return records;
  RecordReader reader(trace, *version);
  wire::v1::Record record;
  std::uint64_t offset = wire::kHeaderBytes;
  do {
    records.push_back(static_cast<std::size_t>(offset));
  } while (reader.Read(offset, record) == RecordReader::Move::kRecord);
  return records;
}

TEST(LegacyTraces, OfSmallWorldsAreWhole) {
  for (const ByteBuffer& trace : Worlds()) {
    const TraceReading reading = ReadTrace(PaddedBytes(trace).view());
    EXPECT_FALSE(reading.error) << reading.error->ToString();
    EXPECT_FALSE(reading.print_error) << reading.print_error->ToString();
    EXPECT_GT(reading.events, 50u);
  }
}

// What our reading differs in from one of Go's; empty: nothing.
std::string Difference(const TraceReading& ours, const GoReading& gos) {
  // On a string whose id leaves none for others Go's reader breaks down. Ours refuses it.
  if (gos.crashed) return ours.error ? "" : "Go's reader crashed";
  if (ours.error.has_value() == gos.error.empty()) {
    return ours.error ? "refused: " + ours.error->ToString() : "not refused: " + gos.error;
  }
  if (ours.events != gos.events) return fmt::format("events: {}, {}", ours.events, gos.events);
  if (ours.print_error.has_value() != gos.panicked) return "events that cannot be shown";
  return gos.panicked ? "" : FirstDifference(ours.dump, gos.dump);
}

// Where events have equal times Go's answer is another in each run, and with damage even whether
// there is one. Ours must be one of them.
std::string DifferenceFromGo(const ByteBuffer& trace) {
  const TraceReading ours = ReadTrace(PaddedBytes(trace).view());
  std::string difference;
  for (int i = 0; i < 10; ++i) {
    difference = Difference(ours, ReadByGo(trace));
    if (difference.empty()) break;
  }
  return difference;
}

TEST(LegacyTraces, AgreeWithGo) {
  if (!HasGoReader()) GTEST_SKIP() << "GTENGINE_GOREF is not set: not compared with Go's reader";
  std::vector<ByteBuffer> traces = Worlds();
  for (ByteBuffer& trace : TracesInEnvironment()) traces.push_back(std::move(trace));
  for (std::size_t i = 0; i < traces.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_FALSE(ReadTrace(PaddedBytes(traces[i]).view()).error);
    EXPECT_EQ(DifferenceFromGo(traces[i]), "");
  }
}

TEST(DamagedLegacyTraces, AreReadOrRefused) {
  Mutator mutator(FromEnvironment("GTENGINE_MUTANT_SEED", 1));
  const std::uint64_t count = FromEnvironment("GTENGINE_MUTANTS", 3000);
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    SCOPED_TRACE(i);
    const PaddedBytes bytes(mutator.Next());
    const TraceReading reading = ReadTrace(bytes.view());
    EXPECT_LE(reading.printed_events, reading.events);
    if (!reading.error) continue;
    ++refused;
    EXPECT_FALSE(reading.error->what.empty());
  }
  // Both happen often: about five in six are refused.
  EXPECT_GT(refused, count / 4);
  EXPECT_LT(refused, count);
}

TEST(DamagedLegacyTraces, AgreeWithGo) {
  if (!HasGoReader()) GTEST_SKIP() << "GTENGINE_GOREF is not set: not compared with Go's reader";
  Mutator mutator(FromEnvironment("GTENGINE_MUTANT_SEED", 1));
  const std::uint64_t count = FromEnvironment("GTENGINE_MUTANTS", 200);
  for (std::uint64_t i = 0; i < count; ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(DifferenceFromGo(mutator.Next()), "");
  }
}

}  // namespace
}  // namespace gtengine::testing
