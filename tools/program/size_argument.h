// Numbers, sizes and lengths of time as they are typed on the command line.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/result.h"

namespace gtengine::cli {

// A number of bytes: digits, and K, M, G or T (powers of 1024; "KiB" and "KB" are the same). At
// least 1. Errors (kUsage) begin with `option`.
Result<std::uint64_t> ParseSize(std::string_view option, std::string_view text);

// A whole number from `least` to `greatest`. Errors (kUsage) begin with `option`.
Result<std::uint64_t> ParseNumber(std::string_view option, std::string_view text,
                                  std::uint64_t least, std::uint64_t greatest);

// Thousandths, from percent: digits, perhaps a point and one more, and "%", such as 10% or 2.5%.
// Errors (kUsage) begin with `option`.
Result<std::int64_t> ParsePercent(std::string_view option, std::string_view text);

// Nanoseconds: digits and a unit (ns, us, ms, s, m or h), such as 100ms. Errors (kUsage) begin with
// `option`.
Result<std::int64_t> ParseTime(std::string_view option, std::string_view text);

}  // namespace gtengine::cli
