// One trace through all stages: generations, order, spans, reports.
#pragma once

#include <tbb/task_group.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>

#include "engine/analysis/row_choice.h"
#include "engine/base/byte_view.h"
#include "engine/io/mapped_file.h"
#include "engine/reports/report.h"
#include "engine/run/memory_budget.h"
#include "engine/run/spare_threads.h"
#include "engine/run/trace_result.h"

namespace gtengine::run {

// What the scan of a trace shares with others. Everything is borrowed; safe to share between
// threads.
struct ScanContext {
  std::span<const ReportType* const> reports;
  MemoryBudget& memory;
  // Where work that may be done meanwhile goes; whoever made it waits for it in the end.
  tbb::task_group& tasks;
  SpareThreads& threads;
  // Bytes of traces that are done with, for progress.
  std::atomic<std::uint64_t>& bytes_done;
  // When it says true, scans end early; their results must not be used. May be empty.
  const std::function<bool()>& is_cancelled;
  // What a further thread takes of a large trace is at least so much.
  std::uint64_t least_part_bytes = std::uint64_t{4} << 20;
  // Which rows count, and how they are told apart; null: all together. Otherwise every trace is
  // read twice, first for what must be known of all of it.
  const RowChoice* rows_or_null = nullptr;
};

// Scans the mapped trace whose path and origin `facts` tells. Keeps every generation that is whole
// and whose events fit an order, before and behind damage; what is lost is listed in the result's
// facts. A file that gives nothing at all (no trace, a format that is not read) is an error without
// a path.
//
// All that grows with the trace is counted on the budget: tables, live state, spans and reports.
// When others leave too little for it, the trace is given up and scanned again as soon as nobody
// else is at work. What does not fit then is an error that says how much would do.
//
// Where another thread is free, tables of the generation that follows are read by it meanwhile; and
// where one has no trace left, it makes the spans and reports of a large trace while this one
// orders (engine/run/span_stage.h).
Result<TraceResult> ScanTrace(const io::MappedFile& file, TraceFacts facts,
                              const ScanContext& context);

}  // namespace gtengine::run
