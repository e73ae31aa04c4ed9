// 128-bit integers: sums of nanoseconds over a corpus do not fit 64 bits.
#pragma once

namespace gtengine {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

}  // namespace gtengine
