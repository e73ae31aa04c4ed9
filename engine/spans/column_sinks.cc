#include "engine/spans/column_sinks.h"

namespace gtengine::spans {

ColumnSinks::ColumnSinks(std::span<SpanConsumer* const> consumers, const TraceTables& tables)
    : metrics(round, tables, consumers, &SetRequest::metrics, &SpanConsumer::OnMetrics),
      labels(round, tables, consumers, &SetRequest::labels, &SpanConsumer::OnLabels),
      logs(round, tables, consumers, &SetRequest::logs, &SpanConsumer::OnLogs),
      samples(round, tables, consumers, &SetRequest::samples, &SpanConsumer::OnSamples),
      allocations(round, tables, consumers, &SetRequest::allocations, &SpanConsumer::OnAllocations),
      ranges(round, tables, consumers, &SetRequest::ranges, &SpanConsumer::OnRanges),
      gc_work(round, tables, consumers, &SetRequest::gc_work, &SpanConsumer::OnGcWork),
      proc_spans(round, tables, consumers, &SetRequest::proc_spans, &SpanConsumer::OnProcSpans),
      syscalls(round, tables, consumers, &SetRequest::syscalls, &SpanConsumer::OnSyscalls),
      region_slices(round, tables, consumers, &SetRequest::region_slices,
                    &SpanConsumer::OnRegionSlices),
      regions(round, tables, consumers, &SetRequest::regions, &SpanConsumer::OnRegions),
      tasks(round, tables, consumers, &SetRequest::tasks, &SpanConsumer::OnTasks),
      generations(round, tables, consumers, &SetRequest::generations,
                  &SpanConsumer::OnGenerations) {}

}  // namespace gtengine::spans
