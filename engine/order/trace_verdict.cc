#include "engine/order/trace_verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/order/legacy_stream.h"
#include "engine/wire/batch.h"
#include "engine/wire/header.h"
#include "engine/wire/v1/trace_index.h"

namespace gtengine::order {
namespace {

// What can still be read of the batches in a gap: those from its beginning on.
struct Remains {
  std::uint64_t first_number = 0;  // of a generation; 0: none
  std::uint64_t last_number = 0;
  std::optional<Ticks> first_ticks;
  std::optional<Ticks> last_ticks;

  std::uint64_t generations() const {
    return first_number == 0 ? 0 : last_number - first_number + 1;
  }
};

Remains SurveyGap(PaddedView trace, wire::Version version, std::uint64_t begin, std::uint64_t end) {
  Remains remains;
  for (std::uint64_t at = begin; at < end;) {
    const auto batch = wire::ReadBatch(trace, at, version);
    if (!batch.ok() || !*batch) break;
    at = (*batch)->end();
    if ((*batch)->kind == wire::BatchKind::kEndOfGeneration) continue;
    const std::uint64_t number = (*batch)->generation;
    const bool is_next = number == remains.last_number || number == remains.last_number + 1;
    if (number == 0 || (remains.last_number != 0 && !is_next)) break;
    if (remains.first_number == 0) remains.first_number = number;
    remains.last_number = number;
    if ((*batch)->kind != wire::BatchKind::kEvents) continue;
    const Ticks ticks = (*batch)->base_ticks;
    remains.first_ticks = std::min(remains.first_ticks.value_or(ticks), ticks);
    remains.last_ticks = std::max(remains.last_ticks.value_or(ticks), ticks);
  }
  return remains;
}

// A length that makes sense.
std::optional<TimeNs> Between(TimeNs from_ns, TimeNs to_ns) {
  TimeNs length_ns = 0;
  if (__builtin_sub_overflow(to_ns, from_ns, &length_ns) || length_ns < 0) return std::nullopt;
  return length_ns;
}

class Judge {
 public:
  Judge(PaddedView trace, wire::Version version, const WalkHooks& hooks)
      : trace_(trace), hooks_(hooks) {
    verdict_.version = version;
    verdict_.bytes = trace.size();
  }

  TraceVerdict JudgeRuns();
  TraceVerdict JudgeLegacy();

 private:
  std::optional<Error> ReadLegacy(GenerationRun& run);
  void AddGap(const GenerationRun* before, const GenerationRun* behind);
  void Count(const GenerationRun* before, const GenerationRun* behind, TraceGap& gap) const;
  void AddError(Error error, TraceGap& gap);

  PaddedView trace_;
  const WalkHooks& hooks_;
  TraceVerdict verdict_;
  std::vector<wire::Damage> damage_;  // met since the last run
};

TraceVerdict Judge::JudgeRuns() {
  std::optional<std::uint64_t> offset = wire::kHeaderBytes;
  std::optional<GenerationRun> before;
  while (offset) {
    RunReading reading = ReadRun(trace_, verdict_.version, *offset, hooks_);
    if (reading.is_cancelled) {
      verdict_.is_cancelled = true;
      return std::move(verdict_);
    }
    const bool has_run = reading.run.generations > 0;
    for (wire::Damage& damage : reading.damage) {
      if (!has_run || damage.begin < reading.run.begin) damage_.push_back(std::move(damage));
    }
    if (has_run) {
      AddGap(before ? &*before : nullptr, &reading.run);
      before = reading.run;
      verdict_.runs.push_back(reading.run);
      for (wire::Damage& damage : reading.damage) {
        if (damage.begin >= reading.run.end) damage_.push_back(std::move(damage));
      }
    }
    offset = reading.next;
  }
  AddGap(before ? &*before : nullptr, nullptr);
  return std::move(verdict_);
}

// What is lost between two runs, or at the trace's start or end (null).
void Judge::AddGap(const GenerationRun* before, const GenerationRun* behind) {
  TraceGap gap{.begin = before == nullptr ? wire::kHeaderBytes : before->end,
               .end = behind == nullptr ? trace_.size() : behind->begin,
               .generations = 0,
               .length_ns = {},
               .errors = {}};
  const bool is_between = before != nullptr && behind != nullptr;
  const bool is_all = before == nullptr && behind == nullptr;
  // Before format 26 a trace without a generation is none for Go's reader.
  const bool is_gap = is_between || gap.begin < gap.end || !damage_.empty() ||
                      (is_all && verdict_.version < wire::Version::k26);
  if (!is_gap) return;
  for (wire::Damage& damage : damage_) AddError(std::move(damage.error), gap);
  if (damage_.empty() && is_between) {
    AddError({.what = fmt::format("generation {} follows generation {}", behind->first_number,
                                  before->last_number),
              .byte_offset = behind->begin,
              .generation = behind->first_number},
             gap);
  } else if (damage_.empty()) {
    AddError({.code = ErrorCode::kTruncated,
              .what = "the file ends before the first event of a generation",
              .byte_offset = gap.begin},
             gap);
  }
  damage_.clear();
  Count(before, behind, gap);
  verdict_.gaps.push_back(std::move(gap));
}

void Judge::Count(const GenerationRun* before, const GenerationRun* behind, TraceGap& gap) const {
  if (before != nullptr && behind != nullptr) {
    if (behind->first_number > before->last_number) {
      gap.generations = behind->first_number - before->last_number - 1;
      gap.length_ns = Between(before->last_ns, behind->first_ns);
    } else {
      // Another trace begins here, and tells nothing of this one.
      gap.generations = gap.begin < gap.end ? 1 : 0;
    }
    return;
  }
  const Remains remains = SurveyGap(trace_, verdict_.version, gap.begin, gap.end);
  gap.generations = remains.generations();
  if (before != nullptr) {
    const bool goes_on = remains.first_number == before->last_number ||
                         remains.first_number == before->last_number + 1;
    if (goes_on && remains.last_number > before->last_number) {
      gap.generations = remains.last_number - before->last_number;
    }
    if (remains.last_ticks) {
      gap.length_ns = Between(before->last_ns, before->last_unit.ToNs(*remains.last_ticks));
    }
  }
  if (behind != nullptr) {
    if (remains.first_number != 0 && remains.first_number < behind->first_number) {
      gap.generations = behind->first_number - remains.first_number;
    }
    if (remains.first_ticks) {
      gap.length_ns = Between(behind->first_unit.ToNs(*remains.first_ticks), behind->first_ns);
    }
  }
  if (gap.begin < gap.end) gap.generations = std::max<std::uint64_t>(gap.generations, 1);
}

void Judge::AddError(Error error, TraceGap& gap) {
  if (++verdict_.errors <= TraceVerdict::kMaxErrors) gap.errors.push_back(std::move(error));
}

TraceVerdict Judge::JudgeLegacy() {
  GenerationRun run{.begin = wire::kHeaderBytes,
                    .end = trace_.size(),
                    .first_number = 1,
                    .last_number = 1,
                    .generations = 1};
  std::optional<Error> error = ReadLegacy(run);
  if (!error) {
    verdict_.runs.push_back(run);
  } else {
    TraceGap gap{
        .begin = run.begin, .end = run.end, .generations = 1, .length_ns = {}, .errors = {}};
    AddError(std::move(*error), gap);
    verdict_.gaps.push_back(std::move(gap));
  }
  return std::move(verdict_);
}

std::optional<Error> Judge::ReadLegacy(GenerationRun& run) {
  const auto is_cancelled = [this] {
    verdict_.is_cancelled = hooks_.is_cancelled && hooks_.is_cancelled();
    return verdict_.is_cancelled;
  };
  auto counts = wire::v1::CountRecords(trace_, verdict_.version);
  if (!counts.ok()) return std::move(counts).error();
  LegacyStream stream(trace_, verdict_.version, *counts);
  for (bool is_ready = false; !is_ready;) {
    if (is_cancelled()) return std::nullopt;
    auto prepared = stream.Prepare();
    if (!prepared.ok()) return std::move(prepared).error();
    is_ready = *prepared;
  }
  while (!is_cancelled()) {
    auto chunk = stream.Next();
    if (!chunk.ok()) return std::move(chunk).error();
    if (chunk->events.empty()) break;
    if (run.events == 0) run.first_ns = chunk->events.front().time_ns;
    run.events += chunk->events.size();
    run.last_ns = chunk->events.back().time_ns;
    if (hooks_.on_done_before) hooks_.on_done_before(stream.done_before());
  }
  return std::nullopt;
}

}  // namespace

std::uint64_t TraceVerdict::kept_generations() const {
  std::uint64_t sum = 0;
  for (const GenerationRun& run : runs) sum += run.generations;
  return sum;
}

std::uint64_t TraceVerdict::kept_events() const {
  std::uint64_t sum = 0;
  for (const GenerationRun& run : runs) sum += run.events;
  return sum;
}

std::uint64_t TraceVerdict::lost_bytes() const {
  std::uint64_t sum = 0;
  for (const TraceGap& gap : gaps) sum += gap.end - gap.begin;
  return sum;
}

std::uint64_t TraceVerdict::lost_generations() const {
  std::uint64_t sum = 0;
  for (const TraceGap& gap : gaps) {
    if (__builtin_add_overflow(sum, gap.generations, &sum)) return ~std::uint64_t{0};
  }
  return sum;
}

std::optional<TimeNs> TraceVerdict::lost_ns() const {
  TimeNs sum = 0;
  for (const TraceGap& gap : gaps) {
    if (!gap.length_ns || __builtin_add_overflow(sum, *gap.length_ns, &sum)) return std::nullopt;
  }
  return sum;
}

Result<TraceVerdict> JudgeTrace(PaddedView trace, const WalkHooks& hooks) {
  const auto version = wire::ReadHeader(trace.bytes());
  if (!version.ok()) return version.error();
  Judge judge(trace, *version, hooks);
  return wire::IsLegacy(*version) ? judge.JudgeLegacy() : judge.JudgeRuns();
}

}  // namespace gtengine::order
