// What the program says besides its result: lines on stderr.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace gtengine::cli {

// `text` with everything that a terminal could take for a command, or that cannot be seen, escaped
// as Go's %q does it. Never holds a line break.
std::string Printable(std::string_view text);

// Writes "gtengine: LINE" to stderr, made printable, in one piece. What stderr does not take is
// lost.
void Say(std::string_view line);
inline void Say(const Error& error) { Say(error.ToString()); }

}  // namespace gtengine::cli
