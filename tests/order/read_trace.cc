#include "tests/order/read_trace.h"

#include "engine/order/event_stream.h"
#include "engine/order/event_text.h"
#include "engine/order/legacy_stream.h"
#include "engine/wire/header.h"
#include "engine/wire/v1/trace_index.h"

namespace gtengine::testing {

namespace {

// Reads either kind of stream to its end.
template <class Stream>
void ReadStream(Stream& stream, TraceReading& reading) {
  while (true) {
    const auto chunk = stream.Next();
    if (!chunk.ok()) {
      reading.error = chunk.error();
      return;
    }
    if (chunk->events.empty()) return;
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

void ReadLegacy(PaddedView trace, wire::Version version, TraceReading& reading) {
  const auto counts = wire::v1::CountRecords(trace, version);
  if (!counts.ok()) {
    reading.error = counts.error();
    return;
  }
  order::LegacyStream stream(trace, version, *counts);
  while (true) {
    const auto prepared = stream.Prepare();
    if (!prepared.ok()) {
      reading.error = prepared.error();
      return;
    }
    if (*prepared) return ReadStream(stream, reading);
  }
}

}  // namespace

TraceReading ReadTrace(PaddedView trace) {
  TraceReading reading;
  const auto version = wire::ReadHeader(trace.bytes());
  if (!version.ok()) {
    reading.error = version.error();
    return reading;
  }
  if (wire::IsLegacy(*version)) {
    ReadLegacy(trace, *version, reading);
    return reading;
  }
  order::StrictSource source(trace, *version);
  order::EventStream stream(trace, source);
  ReadStream(stream, reading);
  return reading;
}

}  // namespace gtengine::testing
