// Documents as Markdown, for tickets and pages.
#pragma once

#include <span>
#include <string>

#include "engine/analysis/document.h"

namespace gtengine {

// A heading a document, its facts as a list, a heading and a table (as GitHub has them) a table,
// its notes as paragraphs. Quantities carry their unit (quantity.h) and stand to the right; texts
// are printable (display_text.h), whole, and nothing in them is markup.
std::string RenderMarkdown(std::span<const Document> documents);

}  // namespace gtengine
