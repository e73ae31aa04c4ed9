#include "engine/render/table.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/render/display_text.h"
#include "engine/render/quantity.h"

namespace gtengine {
namespace {

constexpr std::size_t kGap = 2;         // between columns
constexpr std::size_t kIndent = 2;      // of a table's lines
constexpr std::size_t kFoldIndent = 6;  // of the second line of a row
constexpr std::size_t kLeastText = 20;  // a text column that is cut has at least this
constexpr std::size_t kGoodText = 32;   // with less, a second line is better

std::string Shown(const Cell& cell, Unit unit) {
  if (cell.text() != nullptr) return Printable(*cell.text());
  if (cell.integer() != nullptr) return FormatQuantity(*cell.integer(), unit);
  return "-";
}

// A table's cells as they are shown, uncut.
struct ShownTable {
  std::vector<std::string> headings;
  std::vector<std::vector<std::string>> rows;
  std::vector<bool> is_text;
  std::vector<std::size_t> widths;  // the greatest of each column, heading included
};

ShownTable Show(const Table& table) {
  ShownTable shown;
  for (const Column& column : table.columns) {
    shown.headings.push_back(Printable(column.heading));
    shown.is_text.push_back(column.unit == Unit::kText);
    shown.widths.push_back(DisplayWidth(shown.headings.back()));
  }
  for (const std::vector<Cell>& cells : table.rows) {
    std::vector<std::string>& row = shown.rows.emplace_back();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      row.push_back(Shown(cells[i], table.columns[i].unit));
      shown.widths[i] = std::max(shown.widths[i], DisplayWidth(row.back()));
    }
  }
  return shown;
}

// Some of a table's columns on one line, and how wide each is.
struct Line {
  std::size_t indent;
  std::vector<std::size_t> columns;
  std::vector<std::size_t> widths;
};

// The greatest width to which texts may be cut so that together they take at most `space`; never
// below kLeastText.
std::size_t LevelFor(const std::vector<std::size_t>& widths, std::size_t space) {
  std::size_t level = kLeastText;
  const auto taken_at = [&](std::size_t limit) {
    std::size_t taken = 0;
    for (const std::size_t width : widths) taken += std::min(width, limit);
    return taken;
  };
  const std::size_t widest = widths.empty() ? 0 : *std::max_element(widths.begin(), widths.end());
  while (level < widest && taken_at(level + 1) <= space) ++level;
  return level;
}

// The columns on one line, its texts cut as far as is needed and allowed.
Line LayOut(const ShownTable& table, std::vector<std::size_t> columns, std::size_t indent,
            std::size_t width) {
  std::size_t numbers = indent + kGap * (columns.size() - 1);
  std::vector<std::size_t> texts;
  for (const std::size_t column : columns) {
    if (table.is_text[column]) {
      texts.push_back(table.widths[column]);
    } else {
      numbers += table.widths[column];
    }
  }
  const std::size_t level = LevelFor(texts, numbers < width ? width - numbers : 0);
  Line line{.indent = indent, .columns = std::move(columns), .widths = {}};
  for (const std::size_t column : line.columns) {
    const std::size_t natural = table.widths[column];
    line.widths.push_back(table.is_text[column] ? std::min(natural, level) : natural);
  }
  return line;
}

// Whether some text of the line is cut to less than it should have.
bool IsCramped(const ShownTable& table, const Line& line) {
  for (std::size_t i = 0; i < line.columns.size(); ++i) {
    if (line.widths[i] < std::min(table.widths[line.columns[i]], kGoodText)) return true;
  }
  return false;
}

std::size_t WidthOf(const Line& line) {
  std::size_t width = line.indent + kGap * (line.columns.size() - 1);
  for (const std::size_t column : line.widths) width += column;
  return width;
}

std::vector<Line> LinesFor(const ShownTable& table, std::size_t width) {
  std::vector<std::size_t> all;
  std::vector<std::size_t> first;
  std::vector<std::size_t> second;
  bool any_text = false;
  for (std::size_t i = 0; i < table.headings.size(); ++i) {
    all.push_back(i);
    (table.is_text[i] && any_text ? second : first).push_back(i);
    any_text |= table.is_text[i];
  }
  Line one = LayOut(table, std::move(all), kIndent, width);
  const bool is_good = WidthOf(one) <= width && !IsCramped(table, one);
  if (is_good || second.empty()) return {std::move(one)};
  return {LayOut(table, std::move(first), kIndent, width),
          LayOut(table, std::move(second), kFoldIndent, width)};
}

void AppendLine(const ShownTable& table, const Line& line, const std::vector<std::string>& cells,
                std::string& out) {
  std::size_t pending = line.indent;  // spaces that are written only before something else
  for (std::size_t i = 0; i < line.columns.size(); ++i) {
    const std::size_t column = line.columns[i];
    const std::string cell = Shortened(cells[column], line.widths[i]);
    const std::size_t padding = line.widths[i] - DisplayWidth(cell);
    if (i > 0) pending += kGap;
    out.append(pending + (table.is_text[column] ? 0 : padding), ' ');
    out += cell;
    pending = table.is_text[column] ? padding : 0;
  }
  out += '\n';
}

void AppendTable(const Table& table, std::size_t width, std::string& out) {
  out += '\n';
  out += Printable(table.heading);
  out += '\n';
  if (table.rows.empty() || table.columns.empty()) {
    out += "  (none)\n";
    return;
  }
  const ShownTable shown = Show(table);
  const std::vector<Line> lines = LinesFor(shown, width);
  for (const Line& line : lines) AppendLine(shown, line, shown.headings, out);
  for (const std::vector<std::string>& row : shown.rows) {
    for (const Line& line : lines) AppendLine(shown, line, row, out);
  }
}

void AppendFacts(const std::vector<Fact>& facts, std::size_t width, std::string& out) {
  std::vector<std::string> keys;
  std::size_t widest = 0;
  for (const Fact& fact : facts) {
    std::string& key = keys.emplace_back(Printable(fact.key));
    std::replace(key.begin(), key.end(), '_', ' ');
    widest = std::max(widest, DisplayWidth(key));
  }
  const std::size_t taken = kIndent + widest + kGap;
  const std::size_t left = std::max(kLeastText, width > taken ? width - taken : 0);
  for (std::size_t i = 0; i < facts.size(); ++i) {
    out.append(kIndent, ' ');
    out += keys[i];
    out.append(widest - DisplayWidth(keys[i]) + kGap, ' ');
    out += Shortened(Shown(facts[i].value, facts[i].unit), left);
    out += '\n';
  }
}

// A paragraph broken at spaces.
void AppendParagraph(std::string_view text, std::size_t width, std::string& out) {
  const std::string printable = Printable(text);
  std::size_t column = 0;
  for (std::size_t at = 0; at < printable.size();) {
    const std::size_t end = std::min(printable.find(' ', at), printable.size());
    const std::string_view word = std::string_view(printable).substr(at, end - at);
    const std::size_t word_width = DisplayWidth(word);
    if (column > 0) {
      const bool fits = column + 1 + word_width <= width;
      out += fits ? ' ' : '\n';
      column = fits ? column + 1 : 0;
    }
    out += word;
    column += word_width;
    at = end + 1;
  }
  out += '\n';
}

void AppendDocument(const Document& document, std::size_t width, std::string& out) {
  AppendParagraph(document.title, width, out);
  AppendFacts(document.facts, width, out);
  for (const Table& table : document.tables) AppendTable(table, width, out);
  for (const std::string& note : document.notes) {
    out += '\n';
    AppendParagraph(note, width, out);
  }
}

}  // namespace

std::string RenderTables(std::span<const Document> documents, std::size_t width) {
  std::string out;
  for (const Document& document : documents) {
    if (!out.empty()) out += '\n';
    AppendDocument(document, width, out);
  }
  return out;
}

}  // namespace gtengine
