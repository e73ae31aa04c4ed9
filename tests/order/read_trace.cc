#include "tests/order/read_trace.h"

#include <utility>

#include "engine/order/event_text.h"
#include "tests/order/for_each_chunk.h"

namespace gtengine::testing {

TraceReading ReadTrace(PaddedView trace) {
  TraceReading reading;
  Status read = ForEachChunk(trace, [&](const order::EventChunk& chunk) {
    reading.events += chunk.events.size();
    for (const order::OrderedEvent& event : chunk.events) {
      if (reading.print_error) break;
      if (Status status = order::AppendEventText(event, chunk, reading.dump); !status.ok()) {
        reading.print_error = status.error();
      } else {
        ++reading.printed_events;
      }
    }
  });
  if (!read.ok()) reading.error = std::move(read).error();
  return reading;
}

}  // namespace gtengine::testing
