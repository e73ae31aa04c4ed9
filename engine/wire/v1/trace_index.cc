#include "engine/wire/v1/trace_index.h"

#include <fmt/format.h>
#include <tsl/robin_map.h>

#include <string>
#include <utility>

#include "engine/base/go_sort.h"
#include "engine/wire/v1/event_spec.h"
#include "engine/wire/v1/record.h"

namespace gtengine::wire::v1 {
namespace {

Error BadAt(const Record& record, std::string what) {
  return {.code = ErrorCode::kCorrupt, .what = std::move(what), .byte_offset = record.offset};
}

// Shows every record of the trace to `see`, which may refuse it.
template <class See>
Status ForEachRecord(PaddedView trace, Version version, See see) {
  RecordReader reader(trace.bytes(), version);
  Record record;
  std::uint64_t offset = kHeaderBytes;
  bool in_batch = false;
  while (true) {
    switch (reader.Skim(offset, record)) {
      case RecordReader::Move::kEnd:
        return {};
      case RecordReader::Move::kBad:
        return reader.error();
      case RecordReader::Move::kRecord:
        break;
    }
    in_batch = in_batch || record.type == EventType::kBatch;
    if (!in_batch && record.type != EventType::kString) {
      return BadAt(record,
                   fmt::format("{} stands before the first batch", SpecOf(record.type).name));
    }
    if (Status seen = see(record, offset); !seen.ok()) return seen;
  }
}

Status CheckCpuSample(const Record& record) {
  const std::size_t want = SpecOf(EventType::kCpuSample).number_count();
  if (record.numbers.size() == want) return {};
  return BadAt(record,
               fmt::format("CPUSample has {} numbers instead of {}", record.numbers.size(), want));
}

CpuSample SampleOf(const Record& record) {
  return {.ticks = static_cast<std::int64_t>(record.numbers[1]),
          .g = record.numbers[3],
          .offset = record.offset,
          .stack = static_cast<std::uint32_t>(record.numbers[4]),
          .p = static_cast<std::int32_t>(record.numbers[2])};
}

}  // namespace

Result<RecordCounts> CountRecords(PaddedView trace, Version version) {
  RecordCounts counts;
  Status walked =
      ForEachRecord(trace, version, [&](const Record& record, std::uint64_t end) -> Status {
        ++counts.records[static_cast<std::size_t>(record.type)];
        if (record.type == EventType::kStack) counts.stack_bytes += end - record.offset;
        if (record.type == EventType::kCpuSample) return CheckCpuSample(record);
        return {};
      });
  if (!walked.ok()) return std::move(walked).error();
  return counts;
}

Result<TraceIndex> TraceIndex::Build(PaddedView trace, Version version,
                                     const RecordCounts& counts) {
  TraceIndex index;
  index.batches_.reserve(static_cast<std::size_t>(counts.Of(EventType::kBatch)));
  index.cpu_samples_.reserve(static_cast<std::size_t>(counts.Of(EventType::kCpuSample)));
  struct KnownProc {
    std::size_t position;
    std::size_t last_batch;
  };
  tsl::robin_map<std::int32_t, KnownProc> known;
  Status walked = ForEachRecord(trace, version, [&](const Record& record, std::uint64_t) -> Status {
    if (record.type == EventType::kBatch) {
      const auto p = static_cast<std::int32_t>(record.numbers[0]);
      if (p == kProfilerProc) return BadAt(record, fmt::format("Batch of P {}", p));
      const std::size_t batch = index.batches_.size();
      if (batch > 0) index.batches_.back().end = record.offset;
      index.batches_.push_back({.offset = record.offset, .end = trace.size()});
      const auto [entry, is_new] = known.try_emplace(p, KnownProc{index.procs_.size(), batch});
      if (is_new) {
        index.procs_.push_back({.p = p, .first_batch = batch});
      } else {
        index.batches_[entry->second.last_batch].next = batch;
        entry.value().last_batch = batch;
      }
    } else if (record.type == EventType::kCpuSample) {
      index.cpu_samples_.push_back(SampleOf(record));
    } else if (HasEntry(record.type) && !index.batches_.empty()) {
      index.batches_.back().has_entries = true;
    }
    return {};
  });
  if (!walked.ok()) return std::move(walked).error();
  GoSort(std::span(index.cpu_samples_),
         [](const CpuSample& a, const CpuSample& b) { return a.ticks < b.ticks; });
  return index;
}

}  // namespace gtengine::wire::v1
