// What the program says besides its result: lines on stderr.
#pragma once

#include <string_view>

#include "engine/base/error.h"

namespace gtengine::cli {

// Writes "PROGRAM: LINE" to stderr, in one piece and harmless to a terminal. What stderr does not
// take is lost.
void Say(std::string_view line);
inline void Say(const Error& error) { Say(error.ToString()); }

}  // namespace gtengine::cli
