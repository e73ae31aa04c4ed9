// Decoding of several batches side by side: for whoever has them at hand all at once, it is faster
// than one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/event_decode.h"

namespace gtengine::kernels {

// What DecodeEvents takes, and its answer.
struct DecodeJob {
  const std::uint8_t* data;
  std::size_t begin;
  std::size_t size;
  EventRecord* out;
  std::size_t capacity;
  DecodeResult result;
};

// Gives each of `jobs` the records and the result that DecodeEvents would give it; their outputs
// must not overlap. Jobs of about the same number of events are best. Does not allocate, throw or
// keep state; may be called from any thread.
// Cost: with AVX2 and four jobs or more, three quarters (128 events each) to six sevenths (256) of
// that of as many calls of DecodeEvents; else the same.
void DecodeEventsLockstep(std::span<DecodeJob> jobs, const ArgCounts& arg_counts);

}  // namespace gtengine::kernels
