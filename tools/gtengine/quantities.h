// Large numbers for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gtengine::cli {

// Three digits and a decimal prefix before the unit: "1.23 GB", "890 MB", "12 events".
std::string InUnits(double value, std::string_view unit);

// "1 trace", "2 traces".
std::string Counted(std::uint64_t count, std::string_view thing);

}  // namespace gtengine::cli
