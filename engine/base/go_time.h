// Wall-clock times as text, the way Go's time package writes them.
#pragma once

#include <cstdint>
#include <string>

namespace gtengine {

// Appends what Go prints for time.Unix(seconds, nanoseconds) by the layout RFC3339Nano in the local
// zone: as many digits of a second's fraction as it needs. Any numbers are allowed: nanoseconds
// carry over, sums wrap, and years are of any length and sign, as there. Where the C library cannot
// tell the zone's offset (years of more than 32 bits) it is taken to be 0.
void AppendGoWallTime(std::int64_t seconds, std::int64_t nanoseconds, std::string& out);

}  // namespace gtengine
