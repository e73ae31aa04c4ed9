// What Go's own reader says of a trace, where there is one: $GTENGINE_GOREF names the program that
// tests/live/build_goref.sh builds.
#pragma once

#include <cstddef>
#include <string>

#include "engine/base/byte_view.h"

namespace gtengine::testing {

// Whether there is one to ask.
bool HasGoReader();

struct GoReading {
  bool crashed = false;    // it panicked while it read: nothing else is known
  std::size_t events = 0;  // before the error, if there is one
  std::string error;       // empty: read to its end
  // The events as text. Where Go's reader panics on one, nothing is known of the others.
  std::string dump;
  bool panicked = false;
};

// Starts two processes. There must be a reader.
GoReading ReadByGo(ByteView trace);

}  // namespace gtengine::testing
