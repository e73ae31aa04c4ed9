// Numbers as people read them: a unit that fits, three or four digits.
#pragma once

#include <string>

#include "engine/analysis/document.h"
#include "engine/base/int128.h"

namespace gtengine {

// `value` in `unit`, rounded half away from zero:
//   count     1,234,567
//   ns        999 ns, 1.23 us, 12.3 ms, 123 s, 16.7 min, 2.50 h, 2.00 d, 1,234 d
//   bytes     999 B, 1.23 KiB, 12.3 MiB, ...
//   permille  1.2 %
//   id, text  1234567
// Any value is allowed. Plain ASCII.
std::string FormatQuantity(Int128 value, Unit unit);

}  // namespace gtengine
