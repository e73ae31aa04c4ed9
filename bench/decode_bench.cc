// Speed of the timed-event kernels: the oracle and each vector target, one batch after the other,
// four in lockstep and with instants, on made-up mixes of events and on the batches of real traces.
// Each decoder's answer is compared with the oracle's before its clock starts.
//
// `vs_oracle` says how many times as fast as the oracle each is: the ratio of medians of rounds in
// which the two take turns.
#include <benchmark/benchmark.h>
#include <hwy/targets.h>
#include <time.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bench/measure.h"
#include "bench/subject.h"
#include "engine/base/byte_view.h"
#include "engine/wire/event_spec.h"
#include "kernels/event_decode.h"
#include "kernels/event_lockstep.h"

namespace gtengine::bench {
namespace {

using kernels::DecodeResult;
using kernels::EventRecord;
using wire::kTimedArgCounts;

// Records of one call: as many as the ordered stream asks for.
constexpr std::size_t kRecords = 256;
// Batches that are decoded side by side in lockstep.
constexpr std::size_t kJobs = 4;

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
// there; `goroutine_bits` is 31 for a process that has made billions of goroutines, `heap_bits` 34
// for one with gigabytes of memory.
Input MakeMix(std::string name, int goroutine_bits, int heap_bits) {
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
      {4, 37, {heap_bits}},    // HeapAlloc: bytes
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

using Records = std::vector<EventRecord>;

constexpr kernels::EventClock kClock = {.ns_per_tick = 64, .base_ns = 1, .now_ns = 0};

// The ways to decode all batches, kRecords events of each at a time, into the same records again
// and again. Each gives `take` the number of a batch and the records of a call; false when a batch
// is bad.
template <class Take, class Decode>
bool OneByOne(const Input& input, Records* records, const Take& take, const Decode& decode) {
  for (std::size_t i = 0; i < input.batches.size(); ++i) {
    kernels::EventClock clock = kClock;
    std::size_t begin = 0;
    DecodeResult result;
    do {
      result = decode(input.batches[i], begin, std::span(*records).first(kRecords), &clock);
      begin += result.bytes;
      take(i, std::span<const EventRecord>(*records).first(result.events));
    } while (result.stop == kernels::DecodeStop::kFull);
    if (result.stop != kernels::DecodeStop::kEnd) return false;
  }
  return true;
}

template <class Take>
bool ByOracle(const Input& input, Records* records, const Take& take) {
  return OneByOne(input, records, take,
                  [](PaddedView batch, std::size_t begin, std::span<EventRecord> out, auto*) {
                    return kernels::DecodeEventsScalar(batch.data(), begin, batch.size(),
                                                       kTimedArgCounts, out.data(), out.size());
                  });
}

template <class Take>
bool ByOracleWithInstants(const Input& input, Records* records, const Take& take) {
  return OneByOne(input, records, take,
                  [](PaddedView batch, std::size_t begin, std::span<EventRecord> out, auto* clock) {
                    const DecodeResult result = kernels::DecodeEventsScalar(
                        batch.data(), begin, batch.size(), kTimedArgCounts, out.data(), out.size());
                    for (EventRecord& record : out.first(result.events)) {
                      record.time = static_cast<std::uint64_t>(clock->Advance(record.time));
                    }
                    return result;
                  });
}

template <class Take>
bool Single(const Input& input, Records* records, const Take& take) {
  return OneByOne(input, records, take,
                  [](PaddedView batch, std::size_t begin, std::span<EventRecord> out, auto*) {
                    return kernels::DecodeEvents(batch.data(), begin, batch.size(), kTimedArgCounts,
                                                 out.data(), out.size());
                  });
}

template <class Take>
bool WithInstants(const Input& input, Records* records, const Take& take) {
  return OneByOne(input, records, take,
                  [](PaddedView batch, std::size_t begin, std::span<EventRecord> out, auto* clock) {
                    return kernels::DecodeEventsAtInstants(batch.data(), begin, batch.size(),
                                                           kTimedArgCounts, clock, out.data(),
                                                           out.size());
                  });
}

template <class Take>
bool InLockstep(const Input& input, Records* records, const Take& take) {
  std::vector<kernels::DecodeJob> jobs;
  std::vector<std::size_t> batch_of;
  std::size_t begun = 0;
  const auto begin_next = [&](std::size_t i) {
    const PaddedView batch = input.batches[begun];
    batch_of[i] = begun++;
    jobs[i].data = batch.data();
    jobs[i].begin = 0;
    jobs[i].size = batch.size();
  };
  while (jobs.size() < kJobs && begun < input.batches.size()) {
    jobs.push_back({.data = nullptr,
                    .begin = 0,
                    .size = 0,
                    .out = records->data() + jobs.size() * kRecords,
                    .capacity = kRecords,
                    .result = {}});
    batch_of.push_back(0);
    begin_next(jobs.size() - 1);
  }
  while (!jobs.empty()) {
    kernels::DecodeEventsLockstep(jobs, kTimedArgCounts);
    for (std::size_t i = jobs.size(); i-- > 0;) {
      const DecodeResult& result = jobs[i].result;
      take(batch_of[i], std::span<const EventRecord>(jobs[i].out, result.events));
      jobs[i].begin += result.bytes;
      if (result.stop == kernels::DecodeStop::kFull) continue;
      if (result.stop != kernels::DecodeStop::kEnd) return false;
      if (begun < input.batches.size()) {
        begin_next(i);
        continue;
      }
      jobs[i] = jobs.back();
      batch_of[i] = batch_of.back();
      jobs.pop_back();
      batch_of.pop_back();
    }
  }
  return true;
}

// What a run of a way gives: the records of each batch.
using AllRecords = std::vector<Records>;

std::optional<AllRecords> Collect(const Input& input, auto way) {
  Records records(kJobs * kRecords);
  AllRecords all(input.batches.size());
  const auto take = [&all](std::size_t batch, std::span<const EventRecord> some) {
    all[batch].insert(all[batch].end(), some.begin(), some.end());
  };
  if (!way(input, &records, take)) return std::nullopt;
  return all;
}

bool SameRecords(const AllRecords& a, const AllRecords& b) {
  return std::ranges::equal(a, b, [](const Records& left, const Records& right) {
    return left.size() == right.size() &&
           std::memcmp(left.data(), right.data(), left.size() * sizeof(EventRecord)) == 0;
  });
}

double MedianSeconds(std::vector<double> seconds) {
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return *middle;
}

double ThreadSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// How many times as long as `way` the oracle takes.
double RatioToOracle(const auto& way, const auto& oracle) {
  constexpr int kRounds = 3;
  std::vector<double> way_seconds;
  std::vector<double> oracle_seconds;
  for (int round = 0; round < kRounds; ++round) {
    const double begin = ThreadSeconds();
    way();
    const double middle = ThreadSeconds();
    oracle();
    way_seconds.push_back(middle - begin);
    oracle_seconds.push_back(ThreadSeconds() - middle);
  }
  return MedianSeconds(oracle_seconds) / MedianSeconds(way_seconds);
}

// `target` is of no meaning to an oracle.
void Run(benchmark::State& state, const Input& input, std::int64_t target, auto way, auto oracle) {
  hwy::SetSupportedTargetsForTest(target);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  const std::optional<AllRecords> expected = Collect(input, oracle);
  const std::optional<AllRecords> actual = Collect(input, way);
  if (!expected || !actual || !SameRecords(*expected, *actual)) {
    state.SkipWithError("not what the oracle says");
    return;
  }
  Amount amount;
  for (const PaddedView batch : input.batches) amount.bytes += batch.size();
  for (const Records& records : *expected) amount.events += records.size();
  Records records(kJobs * kRecords);
  const auto run = [&](const auto& one) {
    one(input, &records, [](std::size_t, std::span<const EventRecord> some) {
      benchmark::DoNotOptimize(some.data());
    });
    benchmark::ClobberMemory();
  };
  state.counters["vs_oracle"] = RatioToOracle([&] { run(way); }, [&] { run(oracle); });
  Measure(state, amount, [&] { run(way); });
}

void Register(const std::shared_ptr<const Input>& input) {
  const auto add = [&input](const std::string& name, std::int64_t target, auto way, auto oracle) {
    benchmark::RegisterBenchmark((input->name + "/" + name).c_str(),
                                 [input, target, way, oracle](benchmark::State& state) {
                                   Run(state, *input, target, way, oracle);
                                 });
  };
  // The ways are templates: a function object of each.
  const auto oracle = [](auto&&... args) { return ByOracle(args...); };
  const auto oracle_instants = [](auto&&... args) { return ByOracleWithInstants(args...); };
  const auto single = [](auto&&... args) { return Single(args...); };
  const auto lockstep = [](auto&&... args) { return InLockstep(args...); };
  const auto instants = [](auto&&... args) { return WithInstants(args...); };
  // Each group with its oracle: the suite takes their ratio.
  const auto add_group = [&add](const std::string& group, auto way, auto its_oracle) {
    add(group + "oracle", 0, its_oracle, its_oracle);
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
      // Plain code, and vectors that no machine of today is left with, are told once.
      const bool is_old = target == HWY_SCALAR || target == HWY_SSSE3;
      if (!group.empty() && is_old) continue;
      add(group + hwy::TargetName(target), target, way, its_oracle);
    }
  };
  add_group("", single, oracle);
  add_group("lockstep/", lockstep, oracle);
  add_group("instants/", instants, oracle_instants);
}

}  // namespace
}  // namespace gtengine::bench

int main(int argc, char** argv) {
  using namespace gtengine::bench;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const std::vector<Subject> subjects = LoadSubjects();
  Register(std::make_shared<const Input>(MakeMix("mix", 16, 26)));
  Register(std::make_shared<const Input>(MakeMix("mix_large_ids", 31, 26)));
  Register(std::make_shared<const Input>(MakeMix("mix_large_heap", 16, 34)));
  for (const Subject& subject : subjects) {
    Register(std::make_shared<const Input>(FromTrace(subject)));
  }
  benchmark::RunSpecifiedBenchmarks();
}
