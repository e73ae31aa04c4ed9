// Flags that mean the same in every set of spans.
#pragma once

#include <cstdint>

namespace gtengine {

// Bits of the flags columns. From bit 2 on each set has its own.
inline constexpr std::uint8_t kCutAtStart = 1;  // it began before the trace (or a gap) did
inline constexpr std::uint8_t kCutAtEnd = 2;    // the trace (or a gap) ended before it did

}  // namespace gtengine
