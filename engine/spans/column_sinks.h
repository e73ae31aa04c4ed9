// Where the builders of the sets write their rows, and how these go to the consumers.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/columns/allocations.h"
#include "engine/columns/gc_work.h"
#include "engine/columns/generations.h"
#include "engine/columns/points.h"
#include "engine/columns/proc_spans.h"
#include "engine/columns/ranges.h"
#include "engine/columns/region_slices.h"
#include "engine/columns/regions.h"
#include "engine/columns/stack_table.h"
#include "engine/columns/syscalls.h"
#include "engine/columns/tasks.h"
#include "engine/spans/span_consumer.h"

namespace gtengine::spans {

class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;
  // Hands its rows on to the consumers.
  virtual void Flush() = 0;
};

// Sinks that hand on their rows together, in the order in which they joined.
class SinkRound {
 public:
  void Join(Sink& sink) { sinks_.push_back(&sink); }
  void Flush() {
    for (Sink* sink : sinks_) sink->Flush();
  }

 private:
  std::vector<Sink*> sinks_;
};

// One chunk of rows that is filled again and again, if some consumer wants it. Borrows the round
// and the tables.
template <class Columns>
class ColumnSink final : public Sink {
 public:
  using Receive = void (SpanConsumer::*)(const Columns&, const TraceTables&);

  ColumnSink(SinkRound& round, const TraceTables& tables, std::span<SpanConsumer* const> consumers,
             bool SetRequest::*wanted, Receive receive)
      : round_(round), tables_(tables), receive_(receive) {
    for (SpanConsumer* consumer : consumers) {
      if (consumer->Request().sets.*wanted) consumers_.push_back(consumer);
    }
    if (!is_wanted()) return;
    // Uninitialised on purpose: a column is written before it is read.
    columns_ = std::make_unique_for_overwrite<Columns>();
    columns_->rows = 0;
    round.Join(*this);
  }

  bool is_wanted() const { return !consumers_.empty(); }

  // The place of a new row; the caller writes it whole before a row is added to any sink of the
  // round, since that may flush them all. Only where the set is wanted.
  std::pair<Columns&, std::size_t> AddRow() {
    if (columns_->rows == Columns::kRows) round_.Flush();
    return {*columns_, columns_->rows++};
  }

  void Flush() override {
    if (columns_->rows == 0) return;
    for (SpanConsumer* consumer : consumers_) (consumer->*receive_)(*columns_, tables_);
    columns_->rows = 0;
  }

 private:
  SinkRound& round_;
  const TraceTables& tables_;
  Receive receive_;
  std::vector<SpanConsumer*> consumers_;
  std::unique_ptr<Columns> columns_;
};

// The sinks of all sets but goroutine spans, in the order in which a round hands them on.
struct ColumnSinks {
  ColumnSinks(std::span<SpanConsumer* const> consumers, const TraceTables& tables);

  SinkRound round;
  ColumnSink<Metrics> metrics;
  ColumnSink<Labels> labels;
  ColumnSink<Logs> logs;
  ColumnSink<Samples> samples;
  ColumnSink<Allocations> allocations;
  ColumnSink<Ranges> ranges;
  ColumnSink<GcWork> gc_work;
  ColumnSink<ProcSpans> proc_spans;
  ColumnSink<Syscalls> syscalls;
  ColumnSink<RegionSlices> region_slices;
  ColumnSink<Regions> regions;
  ColumnSink<Tasks> tasks;
  ColumnSink<Generations> generations;
};

}  // namespace gtengine::spans
