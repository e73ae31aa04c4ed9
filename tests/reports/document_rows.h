// Tables of a document as lines of text, for short expectations.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/document.h"

namespace gtengine {

inline const Table& TableOf(const Document& document, std::string_view id) {
  for (const Table& table : document.tables) {
    if (table.id == id) return table;
  }
  ADD_FAILURE() << "no table " << id;
  return document.tables.front();
}

inline std::string TextOf(const Cell& cell) {
  if (cell.text() != nullptr) return *cell.text();
  return cell.integer() != nullptr ? std::to_string(static_cast<long long>(*cell.integer())) : "-";
}

// A table as lines of "column=value" for the given columns.
inline std::vector<std::string> Lines(const Document& document, std::string_view id,
                                      const std::vector<std::string>& columns) {
  const Table& table = TableOf(document, id);
  std::vector<std::string> lines;
  for (const auto& row : table.rows) {
    std::string& line = lines.emplace_back();
    for (const std::string& wanted : columns) {
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].id != wanted) continue;
        line += (line.empty() ? "" : " | ") + TextOf(row[i]);
      }
    }
  }
  return lines;
}

}  // namespace gtengine
