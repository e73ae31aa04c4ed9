// One event by plain code: what the oracle repeats, and where the vector kernels send every event
// that is long, wide, broken or cut off.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/event_decode.h"

namespace gtengine::kernels {

struct OneEvent {
  EventRecord record;  // meaningless unless `stop` is kEnd
  DecodeStop stop;     // kEnd, or why there is no event
};

// Decodes the event whose type byte is data[begin]; begin < size. By value, so that the cursor of a
// vector loop around it stays in a register.
OneEvent DecodeOneEvent(const std::uint8_t* data, std::size_t begin, std::size_t size,
                        const ArgCounts& arg_counts);

}  // namespace gtengine::kernels
