// A trace read to its end or error, with everything that is compared with Go's reader.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "engine/base/byte_view.h"
#include "engine/base/error.h"

namespace gtengine::testing {

struct TraceReading {
  std::size_t events = 0;  // before the error, if there is one
  std::optional<Error> error;
  // The events as text, up to the first that cannot be printed.
  std::string dump;
  std::size_t printed_events = 0;
  std::optional<Error> print_error;
};

TraceReading ReadTrace(PaddedView trace);

}  // namespace gtengine::testing
