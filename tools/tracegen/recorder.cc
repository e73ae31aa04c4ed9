#include "tools/tracegen/recorder.h"

#include <algorithm>

#include "engine/base/check.h"

namespace gtengine::tracegen {
namespace {

using wire::BatchKind;
using wire::Version;

// How long the simulated machine was up when the trace began.
constexpr TimeNs kStart = 1'390'000'000'000;
// What a wall clock told when it came up.
constexpr std::uint64_t kBootSeconds = 1'795'000'000;
constexpr std::uint64_t kNsOfSecond = 1'000'000'000;

double SpacingNs(const Settings& settings) {
  return 1e9 / (static_cast<double>(settings.events_per_second) * settings.procs);
}

}  // namespace

Recorder::Recorder(const Settings& settings)
    : version_(settings.version),
      clock_(settings.frequency_hz, SpacingNs(settings),
             static_cast<TimeNs>(settings.clock_step_ns), kStart),
      tables_({.strings = settings.strings,
               .stacks = settings.stacks,
               .stack_depth = settings.stack_depth}) {
  wire::ByteBuffer tables;
  tables_.Append(1, 0, version_, tables);
  table_bytes_ = tables.size();
  wire::AppendHeader(version_, out_);
}

void Recorder::BeginGeneration() {
  ++generation_;
  generation_bytes_ = 0;
  tables_.BeginGeneration(generation_);
  samples_.Begin(BatchKind::kCpuSamples, version_);
  sample_count_ = 0;
  if (version_ >= Version::k25) AppendSync();
}

void Recorder::EndGeneration() {
  FlushSamples();
  if (version_ < Version::k25) AppendSync();
  tables_.Append(generation_, clock_.Cover(clock_.now()).ticks, version_, out_);
  if (version_ >= Version::k26) wire::AppendEndOfGeneration(out_);
}

void Recorder::AppendSync() {
  wire::BatchEncoder sync;
  sync.Begin(BatchKind::kSync, version_);
  GTENGINE_CHECK(sync.Frequency(clock_.frequency_hz()).ok());
  const auto now = static_cast<std::uint64_t>(clock_.now());
  if (version_ >= Version::k25) {
    GTENGINE_CHECK(sync.Snapshot(1, now, kBootSeconds + now / kNsOfSecond, now % kNsOfSecond).ok());
  }
  sync.Finish(generation_, kNoThread, clock_.Cover(clock_.now()).ticks, out_);
}

void Recorder::BeginBatch(Stream& stream, TimeNs stamp) {
  const TraceClock::Span base = clock_.Cover(std::max(stamp, stream.time));
  stream.batch.Begin(base.ticks);
  stream.time = base.ns;
}

void Recorder::Flush(Stream& stream) {
  if (stream.batch.size() == 0) return;
  stream.batch.Finish(generation_, stream.m, out_);
  stream.batch.Begin(0);
}

void Recorder::Sample(std::uint64_t m, std::uint64_t p, std::uint64_t g, std::uint64_t stack) {
  const wire::CpuSample sample{.ticks = clock_.Cover(clock_.now()).ticks,
                               .m = static_cast<ThreadId>(m),
                               .p = static_cast<ProcId>(p),
                               .g = static_cast<GoId>(g),
                               .stack = stack};
  if (!samples_.Sample(sample).ok()) {
    FlushSamples();
    GTENGINE_CHECK(samples_.Sample(sample).ok());
  }
  ++sample_count_;
}

void Recorder::FlushSamples() {
  if (sample_count_ == 0) return;
  samples_.Finish(generation_, kNoThread, clock_.Cover(clock_.now()).ticks, out_);
  samples_.Begin(BatchKind::kCpuSamples, version_);
  sample_count_ = 0;
}

}  // namespace gtengine::tracegen
