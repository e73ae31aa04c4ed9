// Legacy traces of a small world, made from a seed: goroutines on several Ps that create, wake and
// block one another, call the system, collect garbage and annotate what they do. Stamps are coarse,
// so that many events have equal times.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/wire/encoder.h"
#include "engine/wire/format.h"

namespace gtengine::testing {

struct LegacyWorld {
  std::uint64_t seed = 1;
  std::size_t procs = 4;
  std::size_t steps = 400;
  std::uint64_t coarseness = 4;  // steps of one stamp
  std::uint64_t frequency_hz = 1'000'000'000;
  wire::Version version = wire::Version::k21;
};

// The bytes depend on the parameters alone. The order of the steps is one that the events allow.
wire::ByteBuffer MakeLegacyWorld(const LegacyWorld& parameters);

}  // namespace gtengine::testing
