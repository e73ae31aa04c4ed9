// What reads columns of spans, and which of them it reads.
#pragma once

#include <cstdint>

#include "engine/columns/goroutine_spans.h"
#include "engine/columns/stack_table.h"

namespace gtengine {

// Columns of GoroutineSpans that cost something to write. `goroutine`, `start_ns` and `end_ns` are
// always there.
struct GoroutineColumns {
  bool g = false;
  bool start_function = false;
  bool start_stack = false;
  bool end_stack = false;
  bool reason = false;
  bool cause = false;  // and flags
  bool place = false;  // m, p and by_g
};

// What a consumer wants: spans of which states, with which columns.
struct SpanRequest {
  bool states[kGoStateCount] = {};
  GoroutineColumns goroutine_columns;
};

// Receives the columns of one trace (one contiguous run of whole generations), from one thread, in
// order. Chunks and tables are borrowed for the length of the call.
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
};

}  // namespace gtengine
