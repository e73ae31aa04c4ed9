// Ordered events as text: the lines that `go tool trace -d=parsed` prints.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/order/event_stream.h"

namespace gtengine::order {

// Appends the text of `event`, which must stand in `chunk`, and a newline to `out`: byte for byte
// what Go 1.27 prints. Wall-clock times are shown in the local time zone, as there. An id that
// cannot be resolved (Go's reader panics on it) is an error, and nothing is appended.
Status AppendEventText(const OrderedEvent& event, const EventChunk& chunk, std::string& out);

}  // namespace gtengine::order
