// Speed of the timed-event kernels: the oracle and each vector target, on made-up mixes of events
// and on the batches of real traces. Each decoder's answer is compared with the oracle's before its
// clock starts.
#include <benchmark/benchmark.h>
#include <hwy/targets.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "bench/measure.h"
#include "bench/subject.h"
#include "engine/base/byte_view.h"
#include "engine/wire/event_spec.h"
#include "kernels/event_decode.h"

namespace gtengine::bench {
namespace {

using kernels::DecodeResult;
using kernels::EventRecord;
using wire::kTimedArgCounts;

// Records of one call: they stay in the nearest cache.
constexpr std::size_t kRecords = 512;

struct Input {
  std::string name;
  std::vector<std::uint8_t> bytes;  // with a readable tail; empty: the batches are of a mapped file
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
      for (std::size_t i = 0; i + 1 < kTimedArgCounts[kind->type]; ++i) {
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

Input FromTrace(const Subject& subject) {
  Input input;
  input.name = subject.name;
  for (const wire::Generation& generation : subject.generations) {
    for (const wire::Batch& batch : generation.batches) {
      if (batch.kind != wire::BatchKind::kEvents) continue;
      input.batches.push_back(
          subject.file.view().Sub(static_cast<std::size_t>(batch.data_offset), batch.size));
    }
  }
  return input;
}

using Decoder = decltype(&kernels::DecodeEvents);

// Decodes all batches a call of kRecords at a time; returns the events, or none if a batch is bad.
std::optional<std::size_t> DecodeAll(const Input& input, Decoder decode,
                                     std::vector<EventRecord>* records) {
  std::size_t events = 0;
  for (const PaddedView batch : input.batches) {
    std::size_t begin = 0;
    DecodeResult result;
    do {
      result = decode(batch.data(), begin, batch.size(), kTimedArgCounts, records->data(),
                      records->size());
      begin += result.bytes;
      events += result.events;
    } while (result.stop == kernels::DecodeStop::kFull);
    if (result.stop != kernels::DecodeStop::kEnd) return std::nullopt;
  }
  return events;
}

bool EqualsOracle(const Input& input, Decoder decode) {
  for (const PaddedView batch : input.batches) {
    std::vector<EventRecord> expected(batch.size() / 2 + 1);
    std::vector<EventRecord> actual(expected.size());
    const DecodeResult result = kernels::DecodeEventsScalar(
        batch.data(), 0, batch.size(), kTimedArgCounts, expected.data(), expected.size());
    if (decode(batch.data(), 0, batch.size(), kTimedArgCounts, actual.data(), actual.size()) !=
            result ||
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
  Measure(state, {.bytes = bytes, .events = *events}, [&] {
    benchmark::DoNotOptimize(DecodeAll(input, decode, &records));
    benchmark::ClobberMemory();
  });
}

void Register(const std::shared_ptr<const Input>& input) {
  const auto add = [&input](const char* name, Decoder decode, std::int64_t target) {
    benchmark::RegisterBenchmark(
        (input->name + "/" + name).c_str(),
        [input, decode, target](benchmark::State& state) { Run(state, *input, decode, target); });
  };
  add("oracle", &kernels::DecodeEventsScalar, 0);
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    add(hwy::TargetName(target), &kernels::DecodeEvents, target);
  }
}

}  // namespace
}  // namespace gtengine::bench

int main(int argc, char** argv) {
  using namespace gtengine::bench;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const std::vector<Subject> subjects = LoadSubjects();
  Register(std::make_shared<const Input>(MakeMix("mix", 16)));
  Register(std::make_shared<const Input>(MakeMix("mix_large_ids", 31)));
  for (const Subject& subject : subjects) {
    Register(std::make_shared<const Input>(FromTrace(subject)));
  }
  benchmark::RunSpecifiedBenchmarks();
}
