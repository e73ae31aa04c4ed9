#include "engine/run/trace_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "engine/analysis/row_router.h"
#include "engine/analysis/row_survey.h"
#include "engine/order/event_stream.h"
#include "engine/order/legacy_stream.h"
#include "engine/run/capture_time.h"
#include "engine/run/generation_loader.h"
#include "engine/run/span_stage.h"
#include "engine/run/state_bound.h"
#include "engine/run/state_reservation.h"
#include "engine/spans/span_builder.h"
#include "engine/wire/header.h"
#include "engine/wire/v1/trace_index.h"

namespace gtengine::run {
namespace {

constexpr std::uint64_t kReleaseEveryBytes = std::uint64_t{1} << 20;
// Reservations go in steps of a MiB each.
constexpr std::uint64_t kMeantForSteps = std::uint64_t{8} << 20;

// Whether a trace shares the memory of the scan with others.
enum class Sharing : bool { kNo, kYes };

// What comes between two looks at the memory that state takes, at most.
constexpr Growth kNextEvents = {.goroutines = SpanStage::kEventsBetween,
                                .born = SpanStage::kEventsBetween,
                                .tasks = SpanStage::kEventsBetween,
                                .regions = SpanStage::kEventsBetween};

// Scans one trace, run by run. A run is a contiguous series of whole generations that fit one
// order; no state goes from one to the next.
class TraceScanner {
 public:
  TraceScanner(const io::MappedFile& file, wire::Version version, const TraceFacts& facts,
               const ScanContext& context, Sharing sharing, std::uint64_t& bytes_done)
      : file_(file),
        version_(version),
        context_(context),
        sharing_(sharing),
        bytes_done_(bytes_done) {
    result_.facts = facts;
    if (!IsGrouped()) result_.partials = EmptyPartials();
  }

  Result<TraceResult> Scan();
  Result<TraceResult> ScanLegacy();

 private:
  // How the try of a run ended.
  struct Attempt {
    std::uint64_t generations = 0;  // given to the order
    std::optional<Error> error;     // what was wrong with the last of them
    wire::Damage broken;            // the same, with its bytes
    std::optional<std::uint64_t> next_run;
  };
  enum class Recording : bool { kNo, kYes };

  bool IsGrouped() const {
    const RowChoice* const rows = context_.rows_or_null;
    return rows != nullptr && (rows->by_task || rows->by_goroutine);
  }
  std::vector<std::unique_ptr<ReportPartial>> EmptyPartials() const;
  std::vector<std::unique_ptr<ReportPartial>>& PartialsOf(const std::vector<std::string>& texts);
  void BeginSurvey();
  std::vector<SpanConsumer*> BeginGroup(const std::vector<std::string>& texts,
                                        const TraceIdentity& identity);
  std::optional<Error> SurveyRun(std::uint64_t offset, std::uint64_t limit);
  std::optional<Error> SurveyLegacy(const wire::v1::RecordCounts& counts);
  void EndSurvey();
  void EndRun();

  Attempt TryRun(std::uint64_t offset, std::uint64_t limit, Recording recording);
  std::optional<Error> Feed(order::EventStream& stream, std::uint64_t& events);
  std::uint64_t SpanBytesFor(const Growth& growth);
  Error OutOfMemory(const order::EventStream& stream, std::uint64_t generation);
  std::optional<Error> FeedLegacy(order::LegacyStream& stream, std::uint64_t& events);
  bool Counts(const order::EventChunk& chunk, std::uint64_t& events);
  bool IsCancelled() const { return context_.is_cancelled && context_.is_cancelled(); }
  void ReportProgress(std::uint64_t offset);
  void Begin(TimeNs first_ns);
  void Commit(std::uint64_t events, std::uint64_t generations);
  void AddLoss(const wire::Damage& damage);

  const io::MappedFile& file_;
  wire::Version version_;
  const ScanContext& context_;
  const Sharing sharing_;
  TraceResult result_;
  std::uint64_t& bytes_done_;
  std::optional<TimeNs> start_ns_;  // of the first run that counts: of the trace
  TimeNs run_start_ns_ = 0;
  using Accumulators = std::vector<std::unique_ptr<ReportAccumulator>>;
  std::map<std::vector<std::string>, Accumulators> accumulators_;  // by the texts of groups of rows
  bool is_surveying_ = false;
  std::optional<RowSurvey> survey_;
  std::optional<RowRouter> router_;
  std::vector<SpanConsumer*> consumers_;
  std::optional<spans::SpanBuilder> builder_;
};

Result<TraceResult> TraceScanner::Scan() {
  std::optional<std::uint64_t> offset = wire::kHeaderBytes;
  while (offset) {
    const Attempt attempt = TryRun(*offset, GenerationLoader::kNoLimit, Recording::kYes);
    if (attempt.error && attempt.error->code == ErrorCode::kLimit) return *attempt.error;
    if (attempt.error) {
      // The last generation fits no order. Those before it do: once more without it.
      if (attempt.generations > 1) {
        const Attempt again = TryRun(*offset, attempt.generations - 1, Recording::kNo);
        if (again.error) return *again.error;
      }
      AddLoss(attempt.broken);
      offset = attempt.broken.end;
    } else {
      offset = attempt.next_run;
    }
  }
  ReportProgress(file_.size());
  return std::move(result_);
}

TraceScanner::Attempt TraceScanner::TryRun(std::uint64_t offset, std::uint64_t limit,
                                           Recording recording) {
  Attempt attempt;
  if (context_.rows_or_null != nullptr) {
    attempt.error = SurveyRun(offset, limit);
    if (attempt.error) return attempt;
  }
  GenerationLoader loader(file_, version_, offset, context_.memory, context_.tasks, limit,
                          sharing_ == Sharing::kYes ? GenerationLoader::Reading::kAhead
                                                    : GenerationLoader::Reading::kNoFurther);
  order::EventStream stream(file_.view(), loader);
  std::uint64_t events = 0;
  std::optional<Error> error = Feed(stream, events);
  if (recording == Recording::kYes) {
    for (const wire::Damage& damage : loader.damage()) AddLoss(damage);
  }
  attempt.generations = loader.given();
  attempt.error = std::move(error);
  attempt.next_run = loader.next_run();
  if (attempt.error) {
    attempt.broken = {
        .error = *attempt.error, .begin = loader.last().begin, .end = loader.last().end};
  } else if (loader.given() > 0) {
    Commit(events, loader.given());
  }
  EndRun();
  return attempt;
}

void TraceScanner::EndRun() {
  builder_.reset();
  router_.reset();
  survey_.reset();
  accumulators_.clear();
}

// Reads a run for what must be known of all of it. The only error is that there is no memory: what
// is wrong with the run is found again when it is read for its rows.
std::optional<Error> TraceScanner::SurveyRun(std::uint64_t offset, std::uint64_t limit) {
  GenerationLoader loader(file_, version_, offset, context_.memory, context_.tasks, limit,
                          GenerationLoader::Reading::kNoFurther);
  order::EventStream stream(file_.view(), loader);
  BeginSurvey();
  std::uint64_t events = 0;
  std::optional<Error> error = Feed(stream, events);
  EndSurvey();
  if (error && error->code != ErrorCode::kLimit) error.reset();
  return error;
}

void TraceScanner::BeginSurvey() {
  is_surveying_ = true;
  SpanRequest wanted;
  for (const ReportType* report : context_.reports)
    UniteRouted(wanted, report->begin({})->Request());
  survey_.emplace(*context_.rows_or_null, wanted);
}

void TraceScanner::EndSurvey() {
  if (builder_) builder_->Finish();
  survey_->Finish();
  builder_.reset();
  is_surveying_ = false;
}

std::vector<std::unique_ptr<ReportPartial>> TraceScanner::EmptyPartials() const {
  std::vector<std::unique_ptr<ReportPartial>> partials;
  for (const ReportType* report : context_.reports) partials.push_back(report->empty());
  return partials;
}

// Takes the run's events from the stream to the reports' accumulators.
std::optional<Error> TraceScanner::Feed(order::EventStream& stream, std::uint64_t& events) {
  StateReservation order_state(context_.memory);
  SpanStage stage(stream, context_.memory, context_.tasks, context_.threads,
                  [this] { return SpanBytesFor(kNextEvents); });
  std::uint64_t generation = 0;
  const auto out_of_memory = [&] {
    stage.Finish();
    return OutOfMemory(stream, generation);
  };
  // Before the first chunk the stream may wait for memory, and nobody may do so who holds some.
  for (std::uint64_t chunks = 1;; ++chunks) {
    auto chunk = stage.Next();
    if (!chunk.ok()) return std::move(chunk).error();
    if (chunk->events.empty()) break;
    if (Counts(*chunk, events)) stage.Take(*builder_, *chunk);
    if (IsCancelled()) return std::nullopt;
    if (chunk->generation_or_null != nullptr) {
      generation = chunk->generation_or_null->generation.number;
      ReportProgress(chunk->generation_or_null->generation.begin);
    }
    const bool is_due = chunks % SpanStage::kChunksBetween == 0;
    if (is_due && !order_state.Cover(stream.state_bytes(kNextEvents))) return out_of_memory();
    if (!stage.has_memory()) return out_of_memory();
  }
  stage.Finish();
  if (!stage.has_memory()) return out_of_memory();
  return std::nullopt;
}

// What spans and reports take at most while the state grows by so much.
std::uint64_t TraceScanner::SpanBytesFor(const Growth& growth) {
  std::uint64_t bytes = builder_->state_bytes(growth);
  if (survey_) bytes += survey_->state_bytes(is_surveying_ ? growth : Growth{});
  if (router_) bytes += router_->state_bytes(growth);
  for (const auto& [texts, accumulators] : accumulators_) {
    for (const auto& accumulator : accumulators) bytes += accumulator->state_bytes(growth);
  }
  return bytes;
}

// That there is no memory for the state of the run. A trace that has all memory to itself says how
// much would do.
Error TraceScanner::OutOfMemory(const order::EventStream& stream, std::uint64_t generation) {
  if (sharing_ == Sharing::kYes) return {.code = ErrorCode::kLimit, .what = "no memory is free"};
  const StateBound bound = BoundState(file_.view(), version_, context_.is_cancelled);
  Growth growth = kNextEvents;
  growth.goroutines += bound.goroutines - std::min(bound.goroutines, stream.goroutine_slots() - 1);
  growth.born += bound.goroutines_born;
  growth.tasks += bound.tasks;
  growth.regions += bound.regions;
  const std::uint64_t state = stream.state_bytes(growth) + SpanBytesFor(growth);
  // An eighth for names and reports that are still to come, and what another thread takes.
  const std::uint64_t needed =
      state + state / 8 + 2 * bound.generation_bytes + SpanStage::kBytes + kMeantForSteps;
  Error error = context_.memory.Refusal(
      fmt::format("the trace, with up to {} goroutines at a time,", bound.goroutines), needed);
  error.generation = generation;
  return error;
}

// A trace of the legacy format is one generation: it counts whole or not at all.
Result<TraceResult> TraceScanner::ScanLegacy() {
  auto counts = wire::v1::CountRecords(file_.view(), version_);
  std::optional<Error> error;
  std::uint64_t events = 0;
  if (counts.ok()) {
    const std::uint64_t needed = order::LegacyStream::NeededBytes(*counts);
    const Reservation reservation(context_.memory, needed);
    if (!reservation.ok()) return context_.memory.Refusal("the trace", needed);
    if (context_.rows_or_null != nullptr) error = SurveyLegacy(*counts);
    order::LegacyStream stream(file_.view(), version_, *counts);
    if (!error) error = FeedLegacy(stream, events);
    if (error && error->code == ErrorCode::kLimit) return *std::move(error);
    if (!error && builder_) Commit(events, 1);
  } else {
    error = std::move(counts).error();
  }
  if (error) AddLoss({.error = *error, .begin = wire::kHeaderBytes, .end = file_.size()});
  ReportProgress(file_.size());
  return std::move(result_);
}

std::optional<Error> TraceScanner::SurveyLegacy(const wire::v1::RecordCounts& counts) {
  order::LegacyStream stream(file_.view(), version_, counts);
  BeginSurvey();
  std::uint64_t events = 0;
  std::optional<Error> error = FeedLegacy(stream, events);
  EndSurvey();
  return error;
}

std::optional<Error> TraceScanner::FeedLegacy(order::LegacyStream& stream, std::uint64_t& events) {
  for (bool is_ready = false; !is_ready;) {
    auto prepared = stream.Prepare();
    if (!prepared.ok()) return std::move(prepared).error();
    is_ready = *prepared;
    file_.Release(stream.done_before());
    if (IsCancelled()) return std::nullopt;
  }
  StateReservation span_state(context_.memory);
  std::uint64_t released = 0;
  for (std::uint64_t chunks = 1;; ++chunks) {
    auto chunk = stream.Next();
    if (!chunk.ok()) return std::move(chunk).error();
    if (chunk->events.empty()) return std::nullopt;
    if (Counts(*chunk, events)) builder_->Add(*chunk);
    if (builder_ && chunks % SpanStage::kChunksBetween == 0) {
      const std::uint64_t needed = SpanBytesFor(kNextEvents);
      if (!span_state.Cover(needed)) return context_.memory.Refusal("the trace's state", needed);
    }
    if (IsCancelled()) return std::nullopt;
    if (stream.done_before() - released < kReleaseEveryBytes) continue;
    released = stream.done_before();
    file_.Release(released);
    ReportProgress(released);
  }
}

// The Sync event at the end of a trace without generations belongs to nothing.
bool TraceScanner::Counts(const order::EventChunk& chunk, std::uint64_t& events) {
  if (chunk.generation_or_null == nullptr && !builder_) return false;
  if (!builder_) Begin(chunk.events.front().time_ns);
  events += chunk.events.size();
  return true;
}

// Everything before `offset` is done with. What is tried again counts once.
void TraceScanner::ReportProgress(std::uint64_t offset) {
  if (offset > bytes_done_) context_.bytes_done += offset - std::exchange(bytes_done_, offset);
}

void TraceScanner::Begin(TimeNs first_ns) {
  run_start_ns_ = first_ns;
  const TraceIdentity identity{.path = result_.facts.path,
                               .service = result_.facts.origin.service,
                               .host = result_.facts.origin.host,
                               .start_ns = start_ns_.value_or(first_ns),
                               .has_some_rows = context_.rows_or_null != nullptr};
  if (is_surveying_) {
    consumers_ = {&*survey_};
  } else if (survey_) {
    SpanRequest wanted;
    for (const ReportType* report : context_.reports) {
      UniteRouted(wanted, report->begin(identity)->Request());
    }
    router_.emplace(*context_.rows_or_null, *survey_, wanted,
                    [this, identity](const std::vector<std::string>& texts) {
                      return BeginGroup(texts, identity);
                    });
    consumers_ = {&*router_};
  } else {
    consumers_ = BeginGroup({}, identity);
  }
  builder_.emplace(consumers_);
}

std::vector<SpanConsumer*> TraceScanner::BeginGroup(const std::vector<std::string>& texts,
                                                    const TraceIdentity& identity) {
  std::vector<SpanConsumer*> consumers;
  Accumulators& accumulators = accumulators_[texts];
  for (const ReportType* report : context_.reports) {
    accumulators.push_back(report->begin(identity));
    consumers.push_back(accumulators.back().get());
  }
  return consumers;
}

void TraceScanner::Commit(std::uint64_t events, std::uint64_t generations) {
  if (!start_ns_) start_ns_ = run_start_ns_;
  builder_->Finish();
  for (const auto& [texts, accumulators] : accumulators_) {
    auto& partials = PartialsOf(texts);
    for (std::size_t i = 0; i < accumulators.size(); ++i) {
      partials[i]->Combine(*accumulators[i]->Finish(builder_->tables()));
    }
  }
  result_.facts.events += events;
  result_.facts.generations += generations;
}

std::vector<std::unique_ptr<ReportPartial>>& TraceScanner::PartialsOf(
    const std::vector<std::string>& texts) {
  if (!IsGrouped()) return result_.partials;
  auto& groups = result_.row_groups;
  const auto place = std::ranges::lower_bound(groups, texts, {}, &RowGroup::texts);
  if (place != groups.end() && place->texts == texts) return place->partials;
  return groups.insert(place, {.texts = texts, .partials = EmptyPartials()})->partials;
}

void TraceScanner::AddLoss(const wire::Damage& damage) {
  result_.facts.lost.push_back(
      {.what = damage.error.ToString(), .bytes = damage.end - damage.begin});
}

}  // namespace

Result<TraceResult> ScanTrace(const io::MappedFile& file, TraceFacts facts,
                              const ScanContext& context) {
  const auto version = wire::ReadHeader(file.view().bytes());
  if (!version.ok()) return version.error();
  facts.bytes = file.size();
  facts.format = static_cast<std::uint32_t>(*version);
  facts.wall_seconds = WallClockOf(file.view(), *version);
  std::uint64_t bytes_done = 0;
  const auto scan = [&](const ScanContext& with, Sharing sharing) {
    TraceScanner scanner(file, *version, facts, with, sharing, bytes_done);
    return wire::IsLegacy(*version) ? scanner.ScanLegacy() : scanner.Scan();
  };
  auto result = scan(context, Sharing::kYes);
  if (result.ok() || result.error().code != ErrorCode::kLimit) return result;
  // All over again when nobody else is at work, with all memory and no other thread.
  const Reservation all(context.memory, context.memory.total_bytes());
  MemoryBudget memory(context.memory.total_bytes());
  SpareThreads none(0);
  return scan({.reports = context.reports,
               .memory = memory,
               .tasks = context.tasks,
               .threads = none,
               .bytes_done = context.bytes_done,
               .is_cancelled = context.is_cancelled,
               .rows_or_null = context.rows_or_null},
              Sharing::kNo);
}

}  // namespace gtengine::run
