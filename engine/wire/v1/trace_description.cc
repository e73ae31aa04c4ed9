#include "engine/wire/v1/trace_description.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include "engine/wire/v1/clock.h"
#include "engine/wire/v1/event_spec.h"
#include "engine/wire/v1/record.h"
#include "engine/wire/v1/tables.h"

namespace gtengine::wire::v1 {
namespace {

// Goes through a trace record by record and adds up what it meets, up to the first damage.
class Describer {
 public:
  Describer(PaddedView trace, Version version) : trace_(trace), reader_(trace.bytes(), version) {
    info_.version = version;
    info_.bytes = trace.size();
  }

  TraceInfo Describe() {
    GenerationInfo& counts = info_.generations.emplace_back();
    counts.number = 1;
    counts.offset = kHeaderBytes;
    std::uint64_t offset = kHeaderBytes;
    while (!error_) {
      const std::uint64_t begin = offset;
      const RecordReader::Move move = reader_.Read(offset, record_);
      if (move == RecordReader::Move::kEnd) break;
      if (move == RecordReader::Move::kBad) {
        error_ = reader_.error();
      } else {
        Add(counts);
      }
      if (error_) offset = begin;
    }
    counts.bytes = offset - kHeaderBytes;
    if (error_) Lose(*error_, LossScope::kStretch, trace_.size() - offset);
    AddTables(counts);
    info_.times = counts.times;
    info_.ms = counts.ms;
    return std::move(info_);
  }

 private:
  void Add(GenerationInfo& counts) {
    if (record_.type == EventType::kBatch) {
      ++counts.batches;
      ++info_.batches[static_cast<std::size_t>(BatchKind::kEvents)];
      ticks_ = static_cast<std::int64_t>(record_.numbers[1]);
      return;
    }
    // As in Go, a string before the first batch is passed over.
    if (counts.batches == 0) {
      if (record_.type != EventType::kString) Refuse("it stands before the first batch");
      return;
    }
    const EventSpec& spec = SpecOf(record_.type);
    if (HasEntry(record_.type)) {
      if (Status added = tables_.Add(record_); !added.ok()) error_ = std::move(added).error();
    }
    if (spec.record_class == RecordClass::kTimed && !error_) AddEvent(spec, counts);
  }

  void AddEvent(const EventSpec& spec, GenerationInfo& counts) {
    if (record_.numbers.size() != spec.number_count()) {
      return Refuse(fmt::format("it has {} numbers instead of {}", record_.numbers.size(),
                                spec.number_count()));
    }
    ++info_.events[static_cast<std::size_t>(record_.type)];
    if (record_.type == EventType::kCpuSample) {
      ++counts.cpu_samples;
      return;
    }
    ++counts.timed_events;
    ticks_ = WrappingAdd(ticks_, static_cast<std::int64_t>(record_.numbers[0]));
    first_ticks_ = counts.timed_events == 1 ? ticks_ : std::min(first_ticks_, ticks_);
    last_ticks_ = counts.timed_events == 1 ? ticks_ : std::max(last_ticks_, ticks_);
    if (record_.type == EventType::kProcStart) ms_.insert(record_.numbers[1]);
  }

  void AddTables(GenerationInfo& counts) {
    counts.ms = ms_.size();
    counts.strings = tables_.string_count();
    counts.stacks = tables_.stack_count();
    counts.frequency_hz = static_cast<std::uint64_t>(tables_.frequency_hz());
    if (tables_.frequency_hz() == 0) {
      if (!error_) {
        Lose({.what = "the trace does not tell its clock's frequency"}, LossScope::kTables, 0);
      }
    } else if (counts.timed_events > 0) {
      const Clock clock(first_ticks_, tables_.frequency_hz());
      counts.times = {.first_ns = 0, .last_ns = clock.ToNs(last_ticks_)};
    }
  }

  void Refuse(const std::string& what) {
    error_ = Error{.code = ErrorCode::kCorrupt,
                   .what = fmt::format("{}: {}", SpecOf(record_.type).name, what),
                   .byte_offset = record_.offset};
  }

  void Lose(Error error, LossScope scope, std::uint64_t bytes) {
    ++info_.loss_count;
    info_.lost_bytes += bytes;
    info_.losses.push_back({.error = std::move(error), .scope = scope, .lost_bytes = bytes});
  }

  PaddedView trace_;
  TraceInfo info_;
  RecordReader reader_;
  Record record_;
  Tables tables_;
  std::optional<Error> error_;
  std::int64_t ticks_ = 0;  // of the last event, or of the batch
  std::int64_t first_ticks_ = 0;
  std::int64_t last_ticks_ = 0;
  std::unordered_set<std::uint64_t> ms_;
};

}  // namespace

TraceInfo DescribeTrace(PaddedView trace, Version version) {
  return Describer(trace, version).Describe();
}

}  // namespace gtengine::wire::v1
