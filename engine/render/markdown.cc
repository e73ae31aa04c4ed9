#include "engine/render/markdown.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "engine/render/display_text.h"
#include "engine/render/quantity.h"

namespace gtengine {
namespace {

// `text` so that it is shown as it is, in a table too. A backslash makes any ASCII punctuation mean
// itself; here it stands before what can begin markup inside of a line.
std::string Literal(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_{}[]<>#|~$&";
  const std::string printable = Printable(text);
  std::string literal;
  for (std::size_t i = 0; i < printable.size(); ++i) {
    const bool begins_address = printable.compare(i, 3, "://") == 0;
    if (begins_address || kMarkup.find(printable[i]) != std::string_view::npos) literal += '\\';
    literal += printable[i];
  }
  return literal;
}

std::string Shown(const Cell& cell, Unit unit) {
  if (cell.text() != nullptr) return Literal(*cell.text());
  if (cell.integer() != nullptr) return FormatQuantity(*cell.integer(), unit);
  return "";
}

void AppendRow(const std::vector<std::string>& cells, std::string& out) {
  out += '|';
  for (const std::string& cell : cells) {
    out += ' ';
    out += cell;
    out += cell.empty() ? "|" : " |";
  }
  out += '\n';
}

void AppendTable(const Table& table, std::string& out) {
  out += "\n### " + Literal(table.heading) + "\n\n";
  if (table.rows.empty() || table.columns.empty()) {
    out += "(none)\n";
    return;
  }
  std::vector<std::string> cells;
  for (const Column& column : table.columns) cells.push_back(Literal(column.heading));
  AppendRow(cells, out);
  out += '|';
  for (const Column& column : table.columns) out += column.unit == Unit::kText ? "---|" : "---:|";
  out += '\n';
  for (const std::vector<Cell>& row : table.rows) {
    cells.clear();
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(Shown(row[i], table.columns[i].unit));
    }
    AppendRow(cells, out);
  }
}

void AppendDocument(const Document& document, std::string& out) {
  out += "## " + Literal(document.title) + "\n";
  if (!document.facts.empty()) out += '\n';
  for (const Fact& fact : document.facts) {
    std::string key = fact.key;
    std::ranges::replace(key, '_', ' ');
    out += "- " + Literal(key) + ": " + Shown(fact.value, fact.unit) + "\n";
  }
  for (const Table& table : document.tables) AppendTable(table, out);
  for (const std::string& note : document.notes) out += "\n" + Literal(note) + "\n";
}

}  // namespace

std::string RenderMarkdown(std::span<const Document> documents) {
  std::string out;
  for (const Document& document : documents) {
    if (!out.empty()) out += '\n';
    AppendDocument(document, out);
  }
  return out;
}

}  // namespace gtengine
