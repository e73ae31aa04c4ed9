// A raw event as text.
#pragma once

#include <string>

#include "engine/wire/raw_reader.h"

namespace gtengine::wire {

// Appends the event in the text form of Go's raw package (what `go tool trace -d=wire` prints and
// Go's own test traces are written in), without a line end: the name and the arguments, then each
// frame of a stack and any data on a line of its own. Empty data is left out, as in Go, and a type
// that the format reserves gives an empty line. Amortised O(length).
void AppendRawText(const RawEvent& event, std::string& out);

}  // namespace gtengine::wire
