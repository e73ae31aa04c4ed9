#include "tests/order/read_trace.h"

#include "engine/order/event_stream.h"
#include "engine/order/event_text.h"
#include "engine/wire/header.h"

namespace gtengine::testing {

TraceReading ReadTrace(PaddedView trace) {
  TraceReading reading;
  const auto version = wire::ReadHeader(trace.bytes());
  if (!version.ok()) {
    reading.error = version.error();
    return reading;
  }
  order::StrictSource source(trace, *version);
  order::EventStream stream(trace, source);
  while (true) {
    const auto chunk = stream.Next();
    if (!chunk.ok()) {
      reading.error = chunk.error();
      return reading;
    }
    if (chunk->events.empty()) return reading;
    reading.events += chunk->events.size();
    for (const order::OrderedEvent& event : chunk->events) {
      if (reading.print_error) break;
      if (Status status = order::AppendEventText(event, *chunk, reading.dump); !status.ok()) {
        reading.print_error = status.error();
      } else {
        ++reading.printed_events;
      }
    }
  }
}

}  // namespace gtengine::testing
