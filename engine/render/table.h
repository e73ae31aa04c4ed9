// Documents as aligned text for people.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "engine/analysis/document.h"

namespace gtengine {

// The width for output that goes to no terminal.
inline constexpr std::size_t kDefaultTableWidth = 100;

// All documents one after the other, in lines of at most `width` columns. Texts are cut to fit
// (display_text.h); a table whose texts would become too short for use gets a second line a row,
// where all text columns but the first go. Numbers are never cut: where they alone are wider than
// `width`, lines are longer. Quantities carry their unit (quantity.h); a cell that holds nothing is
// "-".
std::string RenderTables(std::span<const Document> documents,
                         std::size_t width = kDefaultTableWidth);

}  // namespace gtengine
