// Documents as JSON for programs.
#pragma once

#include <span>
#include <string>

#include "engine/analysis/document.h"

namespace gtengine {

// One JSON text of all documents, indented by two spaces, ending in a newline:
//   {"schema": "gtengine.report", "schema_version": 1, "reports": [
//     {"report": NAME, "title": TEXT,
//      "facts": {KEY: {"value": VALUE, "unit": UNIT}, ...},
//      "tables": {ID: {"heading": TEXT,
//                      "columns": [{"id", "heading", "unit", "kind": "key" | "value"}, ...],
//                      "rows": [{COLUMN_ID: VALUE, ...}, ...]}, ...},
//      "notes": [TEXT, ...]}]}
// UNIT is a Name(Unit). A VALUE is a number in that unit, never scaled or rounded; a text; or null.
// A number outside of the signed 64-bit range is its decimal digits in a string. What is not UTF-8
// in a text becomes U+FFFD. The schema version changes when a member changes its meaning or goes;
// members may be added without.
std::string RenderJson(std::span<const Document> documents);

}  // namespace gtengine
