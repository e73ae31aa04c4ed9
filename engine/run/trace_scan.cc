#include "engine/run/trace_scan.h"

#include <optional>
#include <utility>

#include "engine/order/legacy_stream.h"
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
    for (const ReportType* report : context.reports) result_.partials.push_back(report->empty());
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
  std::optional<TimeNs> start_ns_;  // of the first run that counts: of the trace
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
  RunDivision run({.file = file_, .version = version_, .context = context_, .sharing = sharing_},
                  {.offset = offset, .limit = limit}, Identity(), start_ns_,
                  [this](const wire::Generation& generation) { ReportProgress(generation.begin); });
  Attempt attempt;
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
    run.AddTo(result_.partials);
    result_.facts.events += run.events();
    result_.facts.generations += attempt.generations;
  }
  return attempt;
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
    order::LegacyStream stream(file_.view(), version_, *counts);
    ReportFeed feed(context_.reports);
    error = FeedLegacy(stream, feed, events);
    if (error && error->code == ErrorCode::kLimit) return *std::move(error);
    if (!error && feed.has_begun()) {
      feed.builder().Finish();
      feed.AddTo(result_.partials);
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
          .start_ns = start_ns};
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
               .least_part_bytes = context.least_part_bytes},
              Sharing::kNo);
}

}  // namespace gtengine::run
