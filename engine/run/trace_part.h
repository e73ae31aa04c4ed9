// Some generations of a trace on their way through order, spans and reports.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/io/mapped_file.h"
#include "engine/order/event_stream.h"
#include "engine/run/generation_loader.h"
#include "engine/run/report_feed.h"
#include "engine/run/span_stage.h"
#include "engine/run/state_reservation.h"
#include "engine/run/trace_scan.h"
#include "engine/wire/generation.h"

namespace gtengine::run {

// What comes between two looks at the memory that state takes, at most.
inline constexpr Growth kNextEvents = {.goroutines = SpanStage::kEventsBetween,
                                       .born = SpanStage::kEventsBetween,
                                       .tasks = SpanStage::kEventsBetween,
                                       .regions = SpanStage::kEventsBetween};

// Whether a trace shares the memory of the scan with others.
enum class Sharing : bool { kNo, kYes };

// A trace as its parts see it. Everything is borrowed.
struct PartSource {
  const io::MappedFile& file;
  wire::Version version;
  const ScanContext& context;
  Sharing sharing;
  FeedRows rows = {};
};

// Reads generations from an offset on, until it is told to stop or the run ends. A part that begins
// in the middle of a run takes its first generation for warm-up: nothing of that counts. One thread
// at a time.
class TracePart {
 public:
  struct Place {
    std::uint64_t offset = 0;  // of the first generation, warm-up included
    std::uint64_t limit = GenerationLoader::kNoLimit;
    bool is_in_middle = false;
  };
  // Called when a generation begins.
  using OnGeneration = std::function<void(const wire::Generation&)>;

  // `identity` has no start: that of the first event is taken, unless `start_ns` tells one.
  TracePart(const PartSource& source, const Place& place, TraceIdentity identity,
            std::optional<TimeNs> start_ns, OnGeneration on_generation);
  TracePart(const TracePart&) = delete;
  TracePart& operator=(const TracePart&) = delete;

  // Goes on up to where it is to stop, or the run's end, or an error; calls `between_chunks`, which
  // may be empty, again and again. Ends early when the scan is cancelled.
  std::optional<Error> Feed(const std::function<void()>& between_chunks);
  // Stops behind so many generations, warm-up included.
  void StopAfter(std::uint64_t generations) { stop_after_ = generations; }
  // Whether the run's end has been reached.
  bool is_at_end() const { return is_at_end_; }

  // Whether the reports can be fed with parts of a trace at all.
  bool takes_parts() const { return takes_parts_; }
  const TraceIdentity& identity() const { return identity_; }  // with its start, once it has begun
  const GenerationLoader& loader() const { return loader_; }
  const order::EventStream& stream() const { return stream_; }
  ReportFeed& feed() { return feed_; }
  std::uint64_t events() const { return events_; }
  std::uint64_t generations() const { return loader_.given() - (place_.is_in_middle ? 1 : 0); }
  TimeNs first_ns() const { return first_ns_; }  // of the first event that counts

 private:
  bool Counts(const order::EventChunk& chunk);
  bool EndWarmUp();
  Error OutOfMemory();

  const PartSource source_;
  const Place place_;
  TraceIdentity identity_;
  std::optional<TimeNs> start_ns_;
  OnGeneration on_generation_;
  bool takes_parts_;
  SpareThreads no_threads_{0};
  GenerationLoader loader_;
  order::EventStream stream_;
  ReportFeed feed_;
  StateReservation order_state_;
  StateReservation boundary_state_;
  std::uint64_t stop_after_ = GenerationLoader::kNoLimit;
  bool is_warming_up_;
  bool is_at_end_ = false;
  std::uint64_t events_ = 0;
  TimeNs first_ns_ = 0;
};

}  // namespace gtengine::run
