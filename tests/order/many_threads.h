// Traces of many threads whose clocks disagree, made from a seed: what no one writes by hand.
// Stamps are coarse, so that many events have equal times, and skewed, so that the earliest event
// often cannot take place yet.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/wire/encoder.h"

namespace gtengine::testing {

struct ManyThreads {
  std::uint64_t seed = 1;
  std::size_t threads = 13;
  std::size_t generations = 2;
  std::size_t steps = 2000;      // of the scheduler, in each generation
  std::uint64_t coarseness = 8;  // steps of one stamp
  std::uint64_t skew = 4;        // stamps by which a thread's clock may be ahead, less one
  wire::Version version = wire::Version::k26;
};

// The bytes depend on the parameters alone. The order of the steps is one that the events allow.
wire::ByteBuffer MakeManyThreads(const ManyThreads& parameters);

}  // namespace gtengine::testing
