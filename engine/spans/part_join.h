// The spans of a trace whose parts went through builders of their own.
#pragma once

#include <cstddef>
#include <span>

#include "engine/base/clock.h"
#include "engine/order/event_stream.h"
#include "engine/spans/span_builder.h"

namespace gtengine::spans {

// One part of a trace: some whole generations. The stream has given the last event of it, and the
// builder has got all of them but those of a warm-up generation. Only the first part's builder
// begins with the trace. Borrowed.
struct Part {
  SpanBuilder* builder = nullptr;
  const order::EventStream* stream = nullptr;
};

// Whether the last part goes together with those before it, which do. Where it knows a goroutine by
// another name, or one has run again that had blocked "forever", rows would be other ones than
// without parts. The order of the parts must have been found to be that of the trace.
bool GoTogether(std::span<const Part> parts);

// Ends the builders of parts that go together. A span that began in one part and ended in another
// comes from the builder where it began, and ends there; late names are told wherever they are
// missing. Together the consumers get what those of one builder would have got, each with the refs
// of its own builder. Cost: some hundred ns for each goroutine that went from part to part.
void JoinParts(std::span<const Part> parts);

}  // namespace gtengine::spans
