// Large numbers for people.
#pragma once

#include <string>
#include <string_view>

namespace gtengine::cli {

// Three digits and a decimal prefix before the unit: "1.23 GB", "890 MB", "12 events".
std::string InUnits(double value, std::string_view unit);

}  // namespace gtengine::cli
