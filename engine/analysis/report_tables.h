// Columns, cells and tables of a report's document, as most reports need them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/distribution.h"
#include "engine/analysis/document.h"
#include "engine/analysis/exemplar.h"
#include "engine/base/int128.h"
#include "engine/columns/stack_table.h"

namespace gtengine {

// A column that names the row.
Column KeyColumn(std::string id, std::string heading, Unit unit = Unit::kText);
// A column that tells something about it.
Column ValueColumn(std::string id, std::string heading, Unit unit);

// An unsigned number of any width.
template <class Number>
Cell NumberCell(Number number) {
  return Cell::Integer(static_cast<Int128>(number));
}
// Nothing when the text is empty.
Cell TextCell(std::string_view text);
// The name, or "(not known)".
Cell NameCell(std::string_view name);
// `part` of `whole` in thousandths, rounded; nothing when the whole is 0.
Cell PermilleCell(Uint128 part, Uint128 whole);

// Rows that come out with the greatest weight first, equal ones in order of their cells.
class RankedRows {
 public:
  RankedRows(std::string id, std::string heading, std::vector<Column> columns);

  void Add(Uint128 weight, std::vector<Cell> cells);
  std::size_t size() const { return rows_.size(); }
  // The table with the first `limit` of them.
  Table Take(std::size_t limit) &&;

 private:
  struct Row {
    Uint128 weight;
    std::vector<Cell> cells;
  };
  Table table_;
  std::vector<Row> rows_;
};

// Count, total, p50, p99 and max of a distribution of lengths. `count_id` and `count_heading` say
// what is counted.
void AppendLengthColumns(std::vector<Column>& columns, std::string count_id,
                         std::string count_heading);
void AppendLengthCells(const Distribution& lengths, std::vector<Cell>& cells);

// What is shown of a stack: function and place of the leaf, then of its caller. Whole stacks differ
// where these are alike, so that a row of a table sums up several.
using Site = std::array<std::string, 4>;
Site SiteOf(const TraceTables& tables, StackRef stack);
void AppendSiteColumns(std::vector<Column>& columns, std::string function_heading);
void AppendSiteCells(const Site& site, std::vector<Cell>& cells);
// The function of the leaf; empty without a stack. Borrowed from the tables.
std::string_view LeafFunction(const TraceTables& tables, StackRef stack);

// The longest intervals, at most `limit`. The headings say what they are; without `more_heading`
// there is no column for what else is known of them.
Table LongestTable(std::string id, std::string heading, std::string length_heading,
                   std::string what_heading, const Longest& longest, std::size_t limit,
                   std::string more_heading = {});

// A number of a document.
Fact CountFact(std::string key, std::uint64_t count, Unit unit = Unit::kCount);
Fact SumFact(std::string key, Uint128 sum, Unit unit = Unit::kNs);

// A limit for tables that are shown whole.
inline constexpr std::size_t kAllRows = ~std::size_t{0};

}  // namespace gtengine
