// Small generated traces of every kind, with digests of what Go's reader makes of them.
#pragma once

#include <cstddef>
#include <ostream>
#include <span>
#include <string_view>

#include "engine/wire/encoder.h"
#include "tools/tracegen/settings.h"

namespace gtengine::tracegen {

struct SmallTrace {
  std::string_view name;
  Settings settings;
  std::string_view trace_sha256;
  std::size_t events = 0;
  std::string_view dump_sha256;

  friend void PrintTo(const SmallTrace& trace, std::ostream* out) { *out << trace.name; }
};

std::span<const SmallTrace> SmallTraces();

// The whole trace.
wire::ByteBuffer Generate(const Settings& settings);

}  // namespace gtengine::tracegen
