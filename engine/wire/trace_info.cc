#include "engine/wire/trace_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "engine/wire/event_spec.h"
#include "engine/wire/generation.h"
#include "engine/wire/header.h"
#include "engine/wire/salvage.h"
#include "engine/wire/v1/event_spec.h"
#include "engine/wire/v1/trace_description.h"
#include "kernels/event_decode.h"

namespace gtengine::wire {
namespace {

constexpr std::size_t kRecordsAtOnce = 512;

void Extend(std::optional<TimeSpan>& span, TimeNs first_ns, TimeNs last_ns) {
  if (!span) span = {.first_ns = first_ns, .last_ns = last_ns};
  span->first_ns = std::min(span->first_ns, first_ns);
  span->last_ns = std::max(span->last_ns, last_ns);
}

// The wall clock at `at_ns`, in Unix ns.
std::optional<std::int64_t> WallAt(TimeNs at_ns, const ClockSnapshot& snapshot, TickUnit unit) {
  constexpr std::int64_t kNsPerSecond = 1'000'000'000;
  const auto seconds = static_cast<std::int64_t>(snapshot.wall_seconds);
  const auto nanoseconds = static_cast<std::int64_t>(snapshot.wall_nanoseconds);
  std::int64_t since_ns = 0;
  std::int64_t wall_ns = 0;
  if (__builtin_mul_overflow(seconds, kNsPerSecond, &wall_ns) ||
      __builtin_add_overflow(wall_ns, nanoseconds, &wall_ns) ||
      __builtin_sub_overflow(unit.ToNs(snapshot.ticks), at_ns, &since_ns) ||
      __builtin_sub_overflow(wall_ns, since_ns, &wall_ns)) {
    return std::nullopt;
  }
  return wall_ns;
}

// Goes through a trace generation by generation and adds up what it meets.
class Describer {
 public:
  Describer(PaddedView trace, Version version) : trace_(trace), records_(kRecordsAtOnce) {
    info_.version = version;
    info_.bytes = trace.size();
  }

  TraceInfo Describe() {
    SalvageReader reader(trace_, info_.version);
    Generation generation;
    std::uint64_t told_end = kHeaderBytes;  // of the bytes that a generation or a loss accounts for
    while (reader.Next(generation)) {
      if (reader.damage()) AddStretch(*reader.damage());
      Add(generation, reader.gap());
      told_end = generation.end;
    }
    if (reader.damage()) {
      AddStretch(*reader.damage());
      told_end = reader.damage()->end;
    }
    AddRemainder(told_end);
    info_.ms = all_ms_.size();
    if (info_.times && snapshot_) {
      info_.wall_start_ns = WallAt(info_.times->first_ns, *snapshot_, snapshot_unit_);
    }
    return std::move(info_);
  }

 private:
  void Add(const Generation& generation, bool after_gap) {
    GenerationInfo counts{.number = generation.number,
                          .offset = generation.begin,
                          .bytes = generation.end - generation.begin,
                          .batches = generation.batches.size(),
                          .after_gap = after_gap};
    const Status loaded = tables_.Load(trace_, generation, info_.version);
    if (loaded.ok()) {
      AddTables(counts);
    } else {
      AddLoss(loaded.error(), LossScope::kTables, TableBytes(generation));
    }
    if (info_.version >= Version::k26) ++info_.batches[Position(BatchKind::kEndOfGeneration)];
    std::unordered_set<std::int64_t> ms;
    for (const Batch& batch : generation.batches) {
      ++info_.batches[Position(batch.kind)];
      if (batch.kind != BatchKind::kEvents) continue;
      if (batch.m != kNoThread) ms.insert(Raw(batch.m));
      CountEvents(batch, loaded.ok(), counts);
    }
    counts.ms = ms.size();
    all_ms_.merge(ms);
    if (counts.times) Extend(info_.times, counts.times->first_ns, counts.times->last_ns);
    info_.generations.push_back(std::move(counts));
  }

  void AddTables(GenerationInfo& counts) {
    counts.strings = tables_.string_count();
    counts.stacks = tables_.stack_count();
    counts.cpu_samples = tables_.cpu_samples().size();
    counts.frequency_hz = tables_.frequency_hz();
    counts.clock_snapshot = tables_.clock_snapshot();
    info_.events[static_cast<std::size_t>(EventType::kCpuSample)] += counts.cpu_samples;
    if (counts.clock_snapshot && !snapshot_) {
      snapshot_ = counts.clock_snapshot;
      snapshot_unit_ = tables_.unit();
    }
  }

  void CountEvents(const Batch& batch, bool has_unit, GenerationInfo& counts) {
    const PaddedView data = trace_.Sub(static_cast<std::size_t>(batch.data_offset), batch.size);
    kernels::EventClock clock = {.ns_per_tick = tables_.unit().ns_per_tick(),
                                 .base_ns = tables_.unit().ToNs(batch.base_ticks),
                                 .now_ns = 0};
    std::size_t done = 0;
    while (true) {
      const kernels::DecodeResult decoded =
          kernels::DecodeEventsAtInstants(data.data(), done, data.size(), kTimedArgCounts, &clock,
                                          records_.data(), records_.size());
      done += decoded.bytes;
      counts.timed_events += decoded.events;
      for (std::size_t i = 0; i < decoded.events; ++i) {
        ++info_.events[records_[i].type];
        const auto time_ns = static_cast<TimeNs>(records_[i].time);
        if (has_unit) Extend(counts.times, time_ns, time_ns);
      }
      if (decoded.stop == kernels::DecodeStop::kFull) continue;
      if (decoded.stop != kernels::DecodeStop::kEnd) {
        AddLoss(BadEvent(batch, done), LossScope::kBatchTail, batch.size - done);
      }
      return;
    }
  }

  Error BadEvent(const Batch& batch, std::size_t offset) const {
    const std::uint64_t place = batch.data_offset + offset;
    const std::uint8_t type = trace_[static_cast<std::size_t>(place)];
    const EventSpec& spec = SpecOf(type);
    return {.code = ErrorCode::kCorrupt,
            .what = spec.event_class == EventClass::kTimed
                        ? fmt::format("{} has a bad number among its arguments", spec.name)
                        : fmt::format("type byte {} where a timed event must stand", type),
            .byte_offset = place,
            .generation = batch.generation,
            .m = Raw(batch.m)};
  }

  void AddStretch(const Damage& damage) {
    AddLoss(damage.error, LossScope::kStretch, damage.end - damage.begin);
  }

  // What the reader passes over without a word: nothing at all where a generation must be, and an
  // end in the tables that begin a generation.
  void AddRemainder(std::uint64_t told_end) {
    const bool lacks_generation = info_.version < Version::k26 && info_.generations.empty();
    if (told_end == info_.bytes && (!lacks_generation || info_.loss_count > 0)) return;
    AddLoss({.code = ErrorCode::kTruncated,
             .what = "the file ends before the first event of a generation",
             .byte_offset = told_end},
            LossScope::kStretch, info_.bytes - told_end);
  }

  void AddLoss(Error error, LossScope scope, std::uint64_t lost_bytes) {
    ++info_.loss_count;
    info_.lost_bytes += lost_bytes;
    if (info_.losses.size() == kMaxLosses) return;
    info_.losses.push_back({.error = std::move(error), .scope = scope, .lost_bytes = lost_bytes});
  }

  static std::size_t Position(BatchKind kind) { return static_cast<std::size_t>(kind); }

  static std::uint64_t TableBytes(const Generation& generation) {
    std::uint64_t bytes = 0;
    for (const Batch& batch : generation.batches) {
      if (batch.kind != BatchKind::kEvents) bytes += batch.size;
    }
    return bytes;
  }

  PaddedView trace_;
  TraceInfo info_;
  GenerationTables tables_;
  std::vector<kernels::EventRecord> records_;
  std::unordered_set<std::int64_t> all_ms_;
  std::optional<ClockSnapshot> snapshot_;
  TickUnit snapshot_unit_;
};

}  // namespace

std::string_view EventName(Version version, std::uint8_t type) {
  return IsLegacy(version) ? v1::SpecOf(static_cast<v1::EventType>(type)).name : SpecOf(type).name;
}

Result<TraceInfo> DescribeTrace(PaddedView trace) {
  auto version = ReadHeader(trace.bytes());
  if (!version.ok()) return std::move(version).error();
  if (IsLegacy(*version)) return v1::DescribeTrace(trace, *version);
  return Describer(trace, *version).Describe();
}

}  // namespace gtengine::wire
