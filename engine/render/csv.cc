#include "engine/render/csv.h"

#include <fmt/format.h>

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "engine/render/display_text.h"

namespace gtengine {
namespace {

class CsvWriter {
 public:
  void Write(const Document& document) {
    if (!document.facts.empty()) {
      Begin(document, {"key", "value", "unit"});
      for (const Fact& fact : document.facts) {
        BeginRow(document, "facts");
        Field(fact.key);
        Field(fact.value);
        Field(Name(fact.unit));
        text_ += '\n';
      }
    }
    for (const Table& table : document.tables) Write(document, table);
    if (!document.notes.empty()) {
      Begin(document, {"note"});
      for (const std::string& note : document.notes) {
        BeginRow(document, "notes");
        Field(note);
        text_ += '\n';
      }
    }
  }

  std::string Take() { return std::move(text_); }

 private:
  void Write(const Document& document, const Table& table) {
    std::vector<std::string_view> ids;
    for (const Column& column : table.columns) ids.push_back(column.id);
    Begin(document, ids);
    for (const std::vector<Cell>& row : table.rows) {
      BeginRow(document, table.id);
      for (const Cell& cell : row) Field(cell);
      text_ += '\n';
    }
  }

  // The line of column ids.
  template <class Ids = std::initializer_list<std::string_view>>
  void Begin(const Document& document, const Ids& ids) {
    if (!text_.empty()) text_ += '\n';
    text_ += "report,table";
    for (const auto& [key, text] : document.group) Field("group_" + key);
    for (const std::string_view id : ids) Field(id);
    text_ += '\n';
  }

  void BeginRow(const Document& document, std::string_view table) {
    text_ += Quoted(document.report);
    Field(table);
    for (const auto& [key, text] : document.group) Field(text);
  }

  void Field(const std::string& text) { Field(std::string_view(text)); }
  void Field(const Cell& cell) {
    if (cell.text() != nullptr) return Field(*cell.text());
    text_ += ',';
    if (cell.integer() != nullptr) text_ += fmt::format("{}", *cell.integer());
  }
  void Field(std::string_view text) {
    text_ += ',';
    text_ += Quoted(text);
  }

  static std::string Quoted(std::string_view text) {
    const std::string printable = Printable(text);
    if (printable.find_first_of(",\"") == std::string::npos) return printable;
    std::string quoted = "\"";
    for (const char c : printable) {
      if (c == '"') quoted += '"';
      quoted += c;
    }
    return quoted + '"';
  }

  std::string text_;
};

}  // namespace

std::string RenderCsv(std::span<const Document> documents) {
  CsvWriter writer;
  for (const Document& document : documents) writer.Write(document);
  return writer.Take();
}

}  // namespace gtengine
