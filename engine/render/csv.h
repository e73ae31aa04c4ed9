// Documents as comma-separated values, for spreadsheets and scripts.
#pragma once

#include <span>
#include <string>

#include "engine/analysis/document.h"

namespace gtengine {

// Every table as a block: a line of column ids, then a line a row; an empty line between blocks.
// Two columns come first: `report` and `table`, so that one table is found by its name. A
// document's facts are a table "facts" (key, value, unit), its notes a table "notes" (note); what
// is empty is left out. Fields are quoted as RFC 4180 says where that is needed; lines end in a
// line feed. Numbers are in the column's unit, never scaled or rounded; what is not known is an
// empty field; texts are made printable (display_text.h).
std::string RenderCsv(std::span<const Document> documents);

}  // namespace gtengine
