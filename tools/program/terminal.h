// Terminals.
#pragma once

#include <cstddef>
#include <optional>

namespace gtengine::cli {

// How wide the terminal is that the descriptor leads to; nothing when it leads to no terminal.
std::optional<std::size_t> TerminalColumns(int descriptor);

}  // namespace gtengine::cli
