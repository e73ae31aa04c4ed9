#include "engine/run/trace_scan.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/analysis/row_router.h"
#include "engine/analysis/row_survey.h"
#include "engine/order/legacy_stream.h"
#include "engine/run/capture_time.h"
#include "engine/run/report_feed.h"
#include "engine/run/run_division.h"
#include "engine/run/span_stage.h"
#include "engine/run/state_reservation.h"
#include "engine/run/trace_part.h"
#include "engine/wire/header.h"
#include "engine/wire/v1/trace_index.h"

namespace gtengine::run {
namespace {

constexpr std::uint64_t kReleaseEveryBytes = std::uint64_t{1} << 20;
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
  std::optional<Error> SurveyRun(std::uint64_t offset, std::uint64_t limit);
  std::optional<Error> SurveyLegacy(const wire::v1::RecordCounts& counts);
  void EndSurvey(ReportFeed& feed);
  FeedRows Rows(FeedRows::Pass pass) {
    return {.choice_or_null = context_.rows_or_null,
            .survey_or_null = survey_ ? &*survey_ : nullptr,
            .pass = pass};
  }
  PartSource Source(FeedRows::Pass pass) {
    return {.file = file_,
            .version = version_,
            .context = context_,
            .sharing = sharing_,
            .rows = Rows(pass)};
  }
  void Add(ReportFeed& feed) {
    feed.AddTo([this](const std::vector<std::string>& texts) -> auto& {
      return PartialsOf(texts);
    });
  }

  Attempt TryRun(std::uint64_t offset, std::uint64_t limit, Recording recording);
  std::optional<Error> FeedLegacy(order::LegacyStream& stream, ReportFeed& feed,
                                  std::uint64_t& events);
  bool IsCancelled() const { return context_.is_cancelled && context_.is_cancelled(); }
  void ReportProgress(std::uint64_t offset);
  TraceIdentity Identity(TimeNs start_ns = 0) const;
  void AddLoss(const wire::Damage& damage);

  const io::MappedFile& file_;
  wire::Version version_;
  const ScanContext& context_;
  const Sharing sharing_;
  TraceResult result_;
  std::uint64_t& bytes_done_;
  std::optional<TimeNs> start_ns_;   // of the first run that counts: of the trace
  std::optional<RowSurvey> survey_;  // of the run, where rows are chosen
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
  RunDivision run(Source(FeedRows::Pass::kRows), {.offset = offset, .limit = limit}, Identity(),
                  start_ns_,
                  [this](const wire::Generation& generation) { ReportProgress(generation.begin); });
  attempt.error = run.Read();
  if (recording == Recording::kYes) {
    for (const wire::Damage& damage : run.damage()) AddLoss(damage);
  }
  attempt.generations = run.generations();
  attempt.next_run = run.last_loader().next_run();
  if (attempt.error) {
    const wire::Generation& last = run.last_loader().last();
    attempt.broken = {.error = *attempt.error, .begin = last.begin, .end = last.end};
  } else if (attempt.generations > 0 && !IsCancelled()) {
    if (!start_ns_) start_ns_ = run.first_ns();
    run.Finish();
    for (TracePart* part : run.parts()) Add(part->feed());
    result_.facts.events += run.events();
    result_.facts.generations += attempt.generations;
  }
  return attempt;
}

// Reads a run for what must be known of all of it. The only error is that there is no memory: what
// is wrong with the run is found again when it is read for its rows.
std::optional<Error> TraceScanner::SurveyRun(std::uint64_t offset, std::uint64_t limit) {
  BeginSurvey();
  TracePart part(Source(FeedRows::Pass::kSurvey), {.offset = offset, .limit = limit}, Identity(),
                 start_ns_, [](const wire::Generation&) {});
  std::optional<Error> error = part.Feed({});
  EndSurvey(part.feed());
  if (error && error->code != ErrorCode::kLimit) error.reset();
  return error;
}

void TraceScanner::BeginSurvey() {
  SpanRequest wanted;
  for (const ReportType* report : context_.reports) {
    UniteRouted(wanted, report->begin({})->Request());
  }
  survey_.emplace(*context_.rows_or_null, wanted);
}

void TraceScanner::EndSurvey(ReportFeed& feed) {
  if (feed.has_begun()) feed.builder().Finish();
  survey_->Finish();
}

std::vector<std::unique_ptr<ReportPartial>> TraceScanner::EmptyPartials() const {
  std::vector<std::unique_ptr<ReportPartial>> partials;
  for (const ReportType* report : context_.reports) partials.push_back(report->empty());
  return partials;
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
    ReportFeed feed(context_.reports, Rows(FeedRows::Pass::kRows));
    if (!error) error = FeedLegacy(stream, feed, events);
    if (error && error->code == ErrorCode::kLimit) return *std::move(error);
    if (!error && feed.has_begun()) {
      feed.builder().Finish();
      Add(feed);
      result_.facts.events += events;
      result_.facts.generations += 1;
    }
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
  ReportFeed feed(context_.reports, Rows(FeedRows::Pass::kSurvey));
  std::uint64_t events = 0;
  std::optional<Error> error = FeedLegacy(stream, feed, events);
  EndSurvey(feed);
  return error;
}

std::optional<Error> TraceScanner::FeedLegacy(order::LegacyStream& stream, ReportFeed& feed,
                                              std::uint64_t& events) {
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
    // The Sync event at the end of a trace without generations belongs to nothing.
    if (!feed.has_begun() && chunk->generation_or_null != nullptr) {
      feed.Begin(Identity(chunk->events.front().time_ns), ReportFeed::Beginning::kTrace);
    }
    if (feed.has_begun()) {
      events += chunk->events.size();
      feed.builder().Add(*chunk);
    }
    if (feed.has_begun() && chunks % SpanStage::kChunksBetween == 0) {
      const std::uint64_t needed = feed.state_bytes(kNextEvents);
      if (!span_state.Cover(needed)) return context_.memory.Refusal("the trace's state", needed);
    }
    if (IsCancelled()) return std::nullopt;
    if (stream.done_before() - released < kReleaseEveryBytes) continue;
    released = stream.done_before();
    file_.Release(released);
    ReportProgress(released);
  }
}

// Everything before `offset` is done with. What is tried again counts once.
void TraceScanner::ReportProgress(std::uint64_t offset) {
  if (offset > bytes_done_) context_.bytes_done += offset - std::exchange(bytes_done_, offset);
}

TraceIdentity TraceScanner::Identity(TimeNs start_ns) const {
  return {.path = result_.facts.path,
          .service = result_.facts.origin.service,
          .host = result_.facts.origin.host,
          .start_ns = start_ns,
          .has_some_rows = context_.rows_or_null != nullptr};
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
               .least_part_bytes = context.least_part_bytes,
               .rows_or_null = context.rows_or_null},
              Sharing::kNo);
}

}  // namespace gtengine::run
