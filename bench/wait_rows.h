// Rows of runnable goroutines, made before a clock starts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "bench/subject.h"
#include "engine/columns/goroutine_spans.h"
#include "engine/columns/stack_table.h"
#include "engine/spans/span_consumer.h"

namespace gtengine::bench {

// What a scan hands to a report, all of it at once.
struct WaitRows {
  TraceTables tables;
  std::vector<std::unique_ptr<GoroutineSpans>> chunks;
  std::uint64_t rows = 0;
  WaitTotals waits;
};

// Adds the waits among some rows of runnable goroutines: those that ended, and took any time.
void AddWaits(const GoroutineSpans& spans, WaitTotals& totals);

// Synthetic rows, the same each time: about 260,000, of as many stacks and start functions. Stacks
// are used unevenly, as they are: some have most of the rows. One row in ten has none. Waits are
// log-normal around 4 us.
WaitRows MakeWaitRows(std::size_t stacks, std::size_t functions);

// Those of a trace.
WaitRows ReadWaitRows(const Subject& subject);

// Gives the stream's spans to a consumer; returns the events. Ends the program on an error.
std::uint64_t BuildSpans(const Subject& subject, SpanConsumer& consumer,
                         TraceTables* tables_or_null = nullptr);

}  // namespace gtengine::bench
