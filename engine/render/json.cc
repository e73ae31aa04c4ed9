#include "engine/render/json.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

namespace gtengine {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

Json Value(const Cell& cell) {
  if (cell.text() != nullptr) return *cell.text();
  if (cell.integer() == nullptr) return nullptr;
  const Int128 value = *cell.integer();
  if (value < std::numeric_limits<std::int64_t>::min() ||
      value > std::numeric_limits<std::int64_t>::max()) {
    return fmt::format("{}", value);
  }
  return static_cast<std::int64_t>(value);
}

Json OfTable(const Table& table) {
  Json columns = Json::array();
  for (const Column& column : table.columns) {
    columns.push_back({{"id", column.id},
                       {"heading", column.heading},
                       {"unit", Name(column.unit)},
                       {"kind", column.kind == ColumnKind::kKey ? "key" : "value"}});
  }
  Json rows = Json::array();
  for (const std::vector<Cell>& cells : table.rows) {
    Json row = Json::object();
    for (std::size_t i = 0; i < cells.size(); ++i) row[table.columns[i].id] = Value(cells[i]);
    rows.push_back(std::move(row));
  }
  Json json = Json::object();
  json["heading"] = table.heading;
  json["columns"] = std::move(columns);
  json["rows"] = std::move(rows);
  return json;
}

Json OfDocument(const Document& document) {
  Json json = Json::object();
  json["report"] = document.report;
  json["title"] = document.title;
  if (!document.group.empty()) {
    json["group"] = Json::object();
    for (const auto& [key, text] : document.group) json["group"][key] = text;
  }
  json["facts"] = Json::object();
  for (const Fact& fact : document.facts) {
    json["facts"][fact.key] = {{"value", Value(fact.value)}, {"unit", Name(fact.unit)}};
  }
  json["tables"] = Json::object();
  for (const Table& table : document.tables) json["tables"][table.id] = OfTable(table);
  json["notes"] = document.notes;
  return json;
}

}  // namespace

std::string RenderJson(std::span<const Document> documents) {
  Json json = Json::object();
  json["schema"] = "gtengine.report";
  json["schema_version"] = kSchemaVersion;
  json["reports"] = Json::array();
  for (const Document& document : documents) json["reports"].push_back(OfDocument(document));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace gtengine
