#include "engine/analysis/report_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gtengine {
namespace {

constexpr std::string_view kNoStackText = "(no stack)";
constexpr std::string_view kUnknownText = "(not known)";

// "file:line", or nothing without a file.
std::string Place(const TraceTables& tables, const Frame& frame) {
  const std::string_view file = tables.strings.Get(frame.file);
  return file.empty() ? std::string() : fmt::format("{}:{}", file, frame.line);
}

// Empty cells first, then numbers, then texts.
bool IsBefore(const Cell& a, const Cell& b) {
  if (a.text() != nullptr && b.text() != nullptr) return *a.text() < *b.text();
  if (a.integer() != nullptr && b.integer() != nullptr) return *a.integer() < *b.integer();
  const auto rank = [](const Cell& cell) {
    return cell.is_empty() ? 0 : cell.integer() != nullptr ? 1 : 2;
  };
  return rank(a) < rank(b);
}

}  // namespace

Column KeyColumn(std::string id, std::string heading, Unit unit) {
  return {std::move(id), std::move(heading), unit, ColumnKind::kKey};
}

Column ValueColumn(std::string id, std::string heading, Unit unit) {
  return {std::move(id), std::move(heading), unit, ColumnKind::kValue};
}

Cell TextCell(std::string_view text) {
  return text.empty() ? Cell() : Cell::Text(std::string(text));
}

Cell NameCell(std::string_view name) { return TextCell(name.empty() ? kUnknownText : name); }

Cell PermilleCell(Uint128 part, Uint128 whole) {
  const Uint128 greatest = ~Uint128{0} / 2001;
  while (part > greatest || whole > greatest) {
    part >>= 1;
    whole >>= 1;
  }
  if (whole == 0) return {};
  return NumberCell((part * 2000 + whole) / (2 * whole));
}

RankedRows::RankedRows(std::string id, std::string heading, std::vector<Column> columns)
    : table_{std::move(id), std::move(heading), std::move(columns), {}} {}

void RankedRows::Add(Uint128 weight, std::vector<Cell> cells) {
  rows_.push_back({weight, std::move(cells)});
}

Table RankedRows::Take(std::size_t limit) && {
  std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
    if (a.weight != b.weight) return a.weight > b.weight;
    return std::lexicographical_compare(a.cells.begin(), a.cells.end(), b.cells.begin(),
                                        b.cells.end(), IsBefore);
  });
  rows_.resize(std::min(rows_.size(), limit));
  for (Row& row : rows_) table_.rows.push_back(std::move(row.cells));
  return std::move(table_);
}

void AppendLengthColumns(std::vector<Column>& columns, std::string count_id,
                         std::string count_heading) {
  columns.push_back(ValueColumn(std::move(count_id), std::move(count_heading), Unit::kCount));
  columns.push_back(ValueColumn("total_ns", "total", Unit::kNs));
  columns.push_back(ValueColumn("p50_ns", "p50", Unit::kNs));
  columns.push_back(ValueColumn("p99_ns", "p99", Unit::kNs));
  columns.push_back(ValueColumn("max_ns", "max", Unit::kNs));
}

void AppendLengthCells(const Distribution& lengths, std::vector<Cell>& cells) {
  cells.push_back(NumberCell(lengths.count()));
  cells.push_back(NumberCell(lengths.sum()));
  cells.push_back(Cell::Integer(lengths.Quantile(500)));
  cells.push_back(Cell::Integer(lengths.Quantile(990)));
  cells.push_back(Cell::Integer(lengths.max()));
}

Site SiteOf(const TraceTables& tables, StackRef stack) {
  Site site;
  const auto frames = tables.stacks.GetStack(stack);
  if (frames.empty()) site[0] = kNoStackText;
  for (std::size_t i = 0; i < std::min<std::size_t>(frames.size(), 2); ++i) {
    const Frame& frame = tables.stacks.GetFrame(frames[i]);
    site[2 * i] = tables.strings.Get(frame.function);
    site[2 * i + 1] = Place(tables, frame);
  }
  return site;
}

void AppendSiteColumns(std::vector<Column>& columns, std::string function_heading) {
  columns.push_back(KeyColumn("function", std::move(function_heading)));
  columns.push_back(KeyColumn("location", "at"));
  columns.push_back(KeyColumn("caller", "called from"));
  columns.push_back(KeyColumn("caller_location", "at"));
}

void AppendSiteCells(const Site& site, std::vector<Cell>& cells) {
  for (const std::string& text : site) cells.push_back(TextCell(text));
}

std::string_view LeafFunction(const TraceTables& tables, StackRef stack) {
  const auto frames = tables.stacks.GetStack(stack);
  if (frames.empty()) return {};
  return tables.strings.Get(tables.stacks.GetFrame(frames.front()).function);
}

Table LongestTable(std::string id, std::string heading, std::string length_heading,
                   std::string what_heading, const Longest& longest, std::size_t limit,
                   std::string more_heading) {
  Table table{std::move(id), std::move(heading), {}, {}};
  table.columns = {KeyColumn("trace", "trace"), KeyColumn("offset_ns", "at", Unit::kNs),
                   KeyColumn("goroutine", "goroutine", Unit::kId),
                   ValueColumn("duration_ns", std::move(length_heading), Unit::kNs),
                   ValueColumn("what", std::move(what_heading), Unit::kText)};
  const bool has_more = !more_heading.empty();
  if (has_more) table.columns.push_back(ValueColumn("more", std::move(more_heading), Unit::kText));
  std::vector<Exemplar> sorted = longest.Sorted();
  sorted.resize(std::min(sorted.size(), limit));
  for (const Exemplar& one : sorted) {
    table.rows.push_back({Cell::Text(one.path), Cell::Integer(one.offset_ns),
                          one.g == kNoGoroutine ? Cell() : Cell::Integer(Raw(one.g)),
                          Cell::Integer(one.length_ns), TextCell(one.what)});
    if (has_more) table.rows.back().push_back(TextCell(one.more));
  }
  return table;
}

Fact CountFact(std::string key, std::uint64_t count, Unit unit) {
  return {std::move(key), NumberCell(count), unit};
}

Fact SumFact(std::string key, Uint128 sum, Unit unit) {
  return {std::move(key), NumberCell(sum), unit};
}

}  // namespace gtengine
