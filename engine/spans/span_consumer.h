// What reads columns of spans, and which of them it reads.
#pragma once

#include <cstdint>

#include "engine/columns/allocations.h"
#include "engine/columns/gc_work.h"
#include "engine/columns/generations.h"
#include "engine/columns/goroutine_spans.h"
#include "engine/columns/points.h"
#include "engine/columns/proc_spans.h"
#include "engine/columns/ranges.h"
#include "engine/columns/region_slices.h"
#include "engine/columns/regions.h"
#include "engine/columns/stack_table.h"
#include "engine/columns/syscalls.h"
#include "engine/columns/tasks.h"

namespace gtengine {

// Columns of GoroutineSpans that cost something to write. `goroutine`, `start_ns` and `end_ns` are
// always there.
struct GoroutineColumns {
  bool g = false;
  bool start_function = false;
  bool start_stack = false;
  bool end_stack = false;
  bool reason = false;
  bool cause = false;     // and flags
  bool place = false;     // m, p and by_g
  bool overlaps = false;  // needs every P's transitions, and 40 bytes a live goroutine

  static constexpr GoroutineColumns All() {
    return {.g = true,
            .start_function = true,
            .start_stack = true,
            .end_stack = true,
            .reason = true,
            .cause = true,
            .place = true,
            .overlaps = true};
  }
  void Unite(const GoroutineColumns& other) {
    g |= other.g;
    start_function |= other.start_function;
    start_stack |= other.start_stack;
    end_stack |= other.end_stack;
    reason |= other.reason;
    cause |= other.cause;
    place |= other.place;
    overlaps |= other.overlaps;
  }
};

// The sets besides goroutine spans (engine/columns/ says what their rows are), and the columns of
// them that cost something to make: these hold garbage when no consumer has declared them. All
// other columns of a wanted set are always there.
struct SetRequest {
  bool proc_spans = false;
  bool proc_runnable = false;  // runnable_ns of proc_spans: needs every goroutine's transitions
  bool syscalls = false;
  bool syscall_stacks = false;
  bool allocations = false;
  bool ranges = false;
  bool range_stacks = false;
  bool range_running = false;  // running_ns of ranges: needs every goroutine's transitions
  bool gc_work = false;        // needs every goroutine's transitions
  bool tasks = false;
  bool task_stacks = false;
  bool regions = false;
  bool region_stacks = false;
  bool region_slices = false;
  bool logs = false;
  bool log_stacks = false;
  bool samples = false;
  bool sample_goroutines = false;  // start_function, task and task_name of samples: likewise
  bool metrics = false;
  bool labels = false;
  bool generations = false;

  void Unite(const SetRequest& other) {
    proc_spans |= other.proc_spans;
    proc_runnable |= other.proc_runnable;
    syscalls |= other.syscalls;
    syscall_stacks |= other.syscall_stacks;
    allocations |= other.allocations;
    ranges |= other.ranges;
    range_stacks |= other.range_stacks;
    range_running |= other.range_running;
    gc_work |= other.gc_work;
    tasks |= other.tasks;
    task_stacks |= other.task_stacks;
    regions |= other.regions;
    region_stacks |= other.region_stacks;
    region_slices |= other.region_slices;
    logs |= other.logs;
    log_stacks |= other.log_stacks;
    samples |= other.samples;
    sample_goroutines |= other.sample_goroutines;
    metrics |= other.metrics;
    labels |= other.labels;
    generations |= other.generations;
  }
  friend bool operator==(const SetRequest&, const SetRequest&) = default;
};

// What a consumer wants: goroutine spans of which states, with which columns, and which other sets.
struct SpanRequest {
  bool states[kGoStateCount] = {};
  GoroutineColumns goroutine_columns;
  SetRequest sets;
  // Who gets some of a trace's rows only (engine/analysis/row_router.h) must know of all: running
  // spans are read for which goroutines ran (first ones: `g` and `flags`), and ranges for when the
  // world stood still.
  bool only_first_runs = false;
  bool only_stops = false;

  // Goroutine spans of every state, with every column; no other set.
  static constexpr SpanRequest AllGoroutineSpans() {
    SpanRequest request;
    for (bool& state : request.states) state = true;
    request.goroutine_columns = GoroutineColumns::All();
    return request;
  }
};

// Receives the columns of one trace (one contiguous run of whole generations), from one thread, in
// order. Chunks and tables are borrowed for the length of the call; refs stay good until the
// trace's end. Only what the request names is received.
class SpanConsumer {
 public:
  virtual ~SpanConsumer() = default;

  virtual SpanRequest Request() const = 0;

  // Up to GoroutineSpans::kRows spans of one state. `tables` resolves their refs, which stay good
  // until the trace's end.
  virtual void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) = 0;

  // The goroutine whose earlier rows came without a start function has got one; empty: it ended, or
  // the trace did, and it never will. All its earlier rows have been delivered.
  virtual void OnLateName(std::uint32_t goroutine, StringRef start_function,
                          const TraceTables& tables) = 0;

  // The other sets come in rounds, in the order in which they stand here. A round has every row of
  // them that has ended by then and was in none before: with a task come, before it, all logs,
  // ranges, slices and regions that ended before it did.
  virtual void OnMetrics(const Metrics&, const TraceTables&) {}
  virtual void OnLabels(const Labels&, const TraceTables&) {}
  virtual void OnLogs(const Logs&, const TraceTables&) {}
  virtual void OnSamples(const Samples&, const TraceTables&) {}
  virtual void OnAllocations(const Allocations&, const TraceTables&) {}
  virtual void OnRanges(const Ranges&, const TraceTables&) {}
  virtual void OnGcWork(const GcWork&, const TraceTables&) {}
  virtual void OnProcSpans(const ProcSpans&, const TraceTables&) {}
  virtual void OnSyscalls(const Syscalls&, const TraceTables&) {}
  virtual void OnRegionSlices(const RegionSlices&, const TraceTables&) {}
  virtual void OnRegions(const Regions&, const TraceTables&) {}
  virtual void OnTasks(const Tasks&, const TraceTables&) {}
  virtual void OnGenerations(const Generations&, const TraceTables&) {}

  // A goroutine whose samples came without a start function has got one; all its earlier samples
  // have been delivered. Not called for one that never gets any. Part of `sample_goroutines`.
  virtual void OnLateSampleName(GoId, StringRef /*start_function*/, const TraceTables&) {}
};

}  // namespace gtengine
