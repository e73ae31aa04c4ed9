// What the program is called, in its messages.
#pragma once

#include <string_view>

namespace gtengine::cli {

// Each program defines it.
extern const std::string_view kProgramName;

}  // namespace gtengine::cli
