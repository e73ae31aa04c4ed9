#include "engine/run/trace_part.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/run/state_bound.h"

namespace gtengine::run {
namespace {

// Reservations go in steps of a MiB each.
constexpr std::uint64_t kMeantForSteps = std::uint64_t{8} << 20;

bool AllTakeParts(std::span<const ReportType* const> reports) {
  return std::ranges::all_of(reports, [](const ReportType* report) { return report->takes_parts; });
}

}  // namespace

TracePart::TracePart(const PartSource& source, const Place& place, TraceIdentity identity,
                     std::optional<TimeNs> start_ns, OnGeneration on_generation)
    : source_(source),
      place_(place),
      identity_(std::move(identity)),
      start_ns_(start_ns),
      on_generation_(std::move(on_generation)),
      takes_parts_(source.rows.choice_or_null == nullptr && AllTakeParts(source.context.reports)),
      loader_(source.file, source.version, place.offset, source.context.memory,
              source.context.tasks, place.limit,
              source.sharing == Sharing::kYes ? GenerationLoader::Reading::kAhead
                                              : GenerationLoader::Reading::kNoFurther,
              place.is_in_middle ? GenerationLoader::Waiting::kNever
                                 : GenerationLoader::Waiting::kAtFirst),
      stream_(source.file.view(), loader_),
      feed_(source.context.reports, source.rows),
      order_state_(source.context.memory),
      boundary_state_(source.context.memory),
      is_warming_up_(place.is_in_middle) {}

std::optional<Error> TracePart::Feed(const std::function<void()>& between_chunks) {
  const ScanContext& context = source_.context;
  SpanStage stage(stream_, context.memory, context.tasks,
                  takes_parts_ ? no_threads_ : context.threads,
                  [this] { return feed_.state_bytes(kNextEvents); });
  const auto out_of_memory = [&] {
    stage.Finish();
    return OutOfMemory();
  };
  // Before the first chunk the stream may wait for memory, and nobody may do so who holds some.
  for (std::uint64_t chunks = 1;; ++chunks) {
    if (stream_.NeedsGeneration() && loader_.given() > 0) {
      if (is_warming_up_ && !EndWarmUp()) return out_of_memory();
      if (loader_.given() == stop_after_) break;
    }
    auto chunk = stage.Next();
    if (!chunk.ok()) return std::move(chunk).error();
    is_at_end_ = chunk->events.empty();
    if (is_at_end_) break;
    if (!is_warming_up_ && Counts(*chunk)) stage.Take(feed_.builder(), *chunk);
    if (context.is_cancelled && context.is_cancelled()) return std::nullopt;
    if (chunk->generation_or_null != nullptr) on_generation_(chunk->generation_or_null->generation);
    const bool is_due = chunks % SpanStage::kChunksBetween == 0;
    if (is_due && !order_state_.Cover(stream_.state_bytes(kNextEvents))) return out_of_memory();
    if (!stage.has_memory()) return out_of_memory();
    if (between_chunks && feed_.has_begun()) between_chunks();
  }
  stage.Finish();
  if (!stage.has_memory()) return out_of_memory();
  return std::nullopt;
}

// The Sync event at the end of a trace without generations belongs to nothing.
bool TracePart::Counts(const order::EventChunk& chunk) {
  if (chunk.generation_or_null == nullptr && !feed_.has_begun()) return false;
  if (!feed_.has_begun()) {
    first_ns_ = chunk.events.front().time_ns;
    identity_.start_ns = start_ns_.value_or(first_ns_);
    feed_.Begin(identity_, ReportFeed::Beginning::kTrace);
  }
  events_ += chunk.events.size();
  return true;
}

// Two states are kept: of the beginning, and of the end.
bool TracePart::EndWarmUp() {
  is_warming_up_ = false;
  const std::uint64_t bytes_each =
      sizeof(order::BoundaryState::Goroutine) * stream_.live_goroutines();
  if (!boundary_state_.Cover(4 * bytes_each)) return false;
  stream_.BeginPart();
  // Now, since nothing but the run's last event may follow.
  identity_.start_ns = start_ns_.value_or(0);
  feed_.Begin(identity_, ReportFeed::Beginning::kMiddle);
  return true;
}

// That there is no memory for the state of the part. A trace that has all memory to itself says how
// much would do.
Error TracePart::OutOfMemory() {
  if (source_.sharing == Sharing::kYes)
    return {.code = ErrorCode::kLimit, .what = "no memory is free"};
  const StateBound bound =
      BoundState(source_.file.view(), source_.version, source_.context.is_cancelled);
  Growth growth = kNextEvents;
  growth.goroutines += bound.goroutines - std::min(bound.goroutines, stream_.goroutine_slots() - 1);
  growth.born += bound.goroutines_born;
  growth.tasks += bound.tasks;
  growth.regions += bound.regions;
  const std::uint64_t state = stream_.state_bytes(growth) + feed_.state_bytes(growth);
  // An eighth for names and reports that are still to come, and what another thread takes.
  const std::uint64_t needed =
      state + state / 8 + 2 * bound.generation_bytes + SpanStage::kBytes + kMeantForSteps;
  Error error = source_.context.memory.Refusal(
      fmt::format("the trace, with up to {} goroutines at a time,", bound.goroutines), needed);
  error.generation = loader_.last().number;
  return error;
}

}  // namespace gtengine::run
