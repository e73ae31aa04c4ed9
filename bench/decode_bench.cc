// Speed of the timed-event kernels: the oracle and each vector target, on a made-up mix of events
// and on the batches of real traces. Each decoder's answer is compared with the oracle's before its
// clock starts.
//
// Real traces: the file that GTENGINE_BENCH_TRACE names, else corpus/shop/*/*/*.trace in the source
// folder, if there are any.
#include <benchmark/benchmark.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "engine/base/byte_view.h"
#include "kernels/event_decode.h"

namespace gtengine::kernels {
namespace {

constexpr ArgCounts MakeArgCounts() {
  ArgCounts counts{};
  constexpr std::uint8_t kFrom9[] = {3, 3, 1, 4, 3, 4, 2, 3, 1, 1, 3, 3, 4, 3, 1, 1, 4, 3, 1, 2,
                                     3, 2, 2, 2, 3, 2, 2, 1, 2, 2, 2, 5, 3, 4, 4, 5, 3, 3, 4, 5};
  for (std::size_t i = 0; i < std::size(kFrom9); ++i) counts[9 + i] = kFrom9[i];
  counts[51] = 4;
  constexpr std::uint8_t kFrom128[] = {4, 4, 2, 3, 3, 2, 3, 3, 2};
  for (std::size_t i = 0; i < std::size(kFrom128); ++i) counts[128 + i] = kFrom128[i];
  return counts;
}
constexpr ArgCounts kArgCounts = MakeArgCounts();

// Records of one call: they stay in the nearest cache.
constexpr std::size_t kRecords = 512;

struct Input {
  std::string name;
  std::vector<std::uint8_t> bytes;  // with a readable tail
  std::vector<PaddedView> batches;
};

void AppendUvarint(std::uint64_t value, std::vector<std::uint8_t>* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<std::uint8_t>(value | 0x80));
  out->push_back(static_cast<std::uint8_t>(value));
}

// Batches of 64 KiB of the types that a busy service writes most, with values of as many bits as
// there; `goroutine_bits` is 31 for a process that has made billions of goroutines.
Input MakeMix(std::string name, int goroutine_bits) {
  struct Kind {
    int share;
    std::uint8_t type;
    int bits[4];
  };
  const int g = goroutine_bits;
  const Kind kinds[] = {
      {30, 16, {g, 7}},        // GoStart: g, seq
      {20, 19, {7, 10}},       // GoStop: reason, stack
      {12, 20, {3, 10}},       // GoBlock: reason, stack
      {12, 21, {g, 7, 9}},     // GoUnblock: g, seq, stack
      {6, 22, {7, 9}},         // GoSyscallBegin: p seq, stack
      {6, 23, {}},             // GoSyscallEnd
      {4, 37, {26}},           // HeapAlloc: bytes
      {3, 14, {g, 8, 8}},      // GoCreate: g, stack, stack
      {3, 17, {}},             // GoDestroy
      {2, 44, {11, 9, 5, 9}},  // UserLog: task, key, value, stack
      {2, 42, {11, 9, 9}},     // UserRegionBegin: task, name, stack
  };
  std::mt19937_64 random(7);
  Input input;
  input.name = std::move(name);
  std::vector<std::size_t> ends;
  for (int batch = 0; batch < 24; ++batch) {
    const std::size_t limit = input.bytes.size() + 65000;
    while (input.bytes.size() < limit) {
      int pick = static_cast<int>(random() % 100);
      const Kind* kind = kinds;
      while (pick >= kind->share) pick -= (kind++)->share;
      input.bytes.push_back(kind->type);
      AppendUvarint(random() % 10 == 0 ? random() % 4096 : random() % 128, &input.bytes);
      for (std::size_t i = 0; i + 1 < kArgCounts[kind->type]; ++i) {
        AppendUvarint(random() >> (64 - kind->bits[i]), &input.bytes);
      }
    }
    ends.push_back(input.bytes.size());
  }
  input.bytes.resize(input.bytes.size() + kReadableTailBytes);
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    input.batches.push_back(PaddedView::Promise(input.bytes.data() + begin, end - begin));
    begin = end;
  }
  return input;
}

// Finds the timed batches of a whole trace: just enough of the format for a bench.
class TimedBatches {
 public:
  explicit TimedBatches(PaddedView trace) : trace_(trace) {}

  // None when there is something unexpected.
  std::optional<std::vector<PaddedView>> Find() {
    constexpr std::uint8_t kBatch = 1, kExperimentalBatch = 49, kEndOfGeneration = 52;
    constexpr std::uint8_t kTables[] = {2, 4, 6, 8, 50};
    if (trace_.size() < 16 || std::memcmp(trace_.data(), "go 1.2", 6) != 0 || trace_[6] < '2') {
      return std::nullopt;
    }
    at_ = 16;
    std::vector<PaddedView> batches;
    while (at_ < trace_.size()) {
      const std::uint8_t kind = trace_[at_++];
      if (kind == kEndOfGeneration) continue;
      if (kind != kBatch && kind != kExperimentalBatch) return std::nullopt;
      if (kind == kExperimentalBatch) ++at_;
      for (int i = 0; i < 3; ++i) Uvarint();  // generation, M, time
      const std::uint64_t size = Uvarint();
      if (at_ > trace_.size() || size > trace_.size() - at_) return std::nullopt;
      const PaddedView batch = trace_.Sub(at_, size);
      at_ += size;
      if (kind == kExperimentalBatch || batch.empty()) continue;
      if (std::ranges::find(kTables, batch[0]) == std::end(kTables)) batches.push_back(batch);
    }
    return batches;
  }

 private:
  std::uint64_t Uvarint() {
    std::uint64_t value = 0;
    for (int shift = 0; at_ < trace_.size() && shift < 64; shift += 7) {
      const std::uint8_t byte = trace_[at_++];
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) break;
    }
    return value;
  }

  PaddedView trace_;
  std::size_t at_ = 0;
};

std::optional<Input> ReadTrace(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  Input input;
  input.name = path.parent_path().parent_path().filename().string() + "/" + path.stem().string();
  input.bytes.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  const std::size_t size = input.bytes.size();
  input.bytes.resize(size + kReadableTailBytes);
  auto batches = TimedBatches(PaddedView::Promise(input.bytes.data(), size)).Find();
  if (!batches || batches->empty()) return std::nullopt;
  input.batches = *std::move(batches);
  return input;
}

std::vector<std::filesystem::path> TracePaths() {
  std::vector<std::filesystem::path> paths;
  if (const char* path = std::getenv("GTENGINE_BENCH_TRACE")) {
    paths.emplace_back(path);
    return paths;
  }
#ifdef GTENGINE_SOURCE_DIR
  std::error_code missing;
  const std::filesystem::path service =
      std::filesystem::path(GTENGINE_SOURCE_DIR) / "corpus" / "shop";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(service, missing)) {
    if (entry.path().extension() == ".trace") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
#endif
  return paths;
}

using Decoder = decltype(&DecodeEvents);

// Decodes all batches a call of kRecords at a time; returns the events, or none if a batch is bad.
std::optional<std::size_t> DecodeAll(const Input& input, Decoder decode,
                                     std::vector<EventRecord>* records) {
  std::size_t events = 0;
  for (const PaddedView batch : input.batches) {
    std::size_t begin = 0;
    DecodeResult result;
    do {
      result =
          decode(batch.data(), begin, batch.size(), kArgCounts, records->data(), records->size());
      begin += result.bytes;
      events += result.events;
    } while (result.stop == DecodeStop::kFull);
    if (result.stop != DecodeStop::kEnd) return std::nullopt;
  }
  return events;
}

bool EqualsOracle(const Input& input, Decoder decode) {
  for (const PaddedView batch : input.batches) {
    std::vector<EventRecord> expected(batch.size() / 2 + 1);
    std::vector<EventRecord> actual(expected.size());
    const DecodeResult result = DecodeEventsScalar(batch.data(), 0, batch.size(), kArgCounts,
                                                   expected.data(), expected.size());
    if (decode(batch.data(), 0, batch.size(), kArgCounts, actual.data(), actual.size()) != result ||
        std::memcmp(expected.data(), actual.data(), result.events * sizeof(EventRecord)) != 0) {
      return false;
    }
  }
  return true;
}

// `target` is of no meaning to the scalar decoder.
void Run(benchmark::State& state, const Input& input, Decoder decode, std::int64_t target) {
  hwy::SetSupportedTargetsForTest(target);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  std::vector<EventRecord> records(kRecords);
  const std::optional<std::size_t> events = DecodeAll(input, decode, &records);
  if (!EqualsOracle(input, decode) || !events) {
    state.SkipWithError("not what the oracle says");
    return;
  }
  std::size_t bytes = 0;
  for (const PaddedView batch : input.batches) bytes += batch.size();
  for (auto _ : state) {
    benchmark::DoNotOptimize(DecodeAll(input, decode, &records));
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(*events));
}

void Register(const Input& input) {
  const auto add = [&input](const char* name, Decoder decode, std::int64_t target) {
    benchmark::RegisterBenchmark(
        (input.name + "/" + name).c_str(),
        [&input, decode, target](benchmark::State& state) { Run(state, input, decode, target); });
  };
  add("oracle", &DecodeEventsScalar, 0);
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    add(hwy::TargetName(target), &DecodeEvents, target);
  }
}

const bool kRegistered = [] {
  static std::vector<Input> inputs;
  inputs.push_back(MakeMix("mix", 16));
  inputs.push_back(MakeMix("mix_large_ids", 31));
  for (const auto& path : TracePaths()) {
    if (auto input = ReadTrace(path)) inputs.push_back(*std::move(input));
  }
  for (const Input& input : inputs) Register(input);
  return true;
}();

}  // namespace
}  // namespace gtengine::kernels
