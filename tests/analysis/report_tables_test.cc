#include "engine/analysis/report_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace gtengine {
namespace {

using ::testing::ElementsAre;

TEST(ReportTablesTest, RowsComeByWeightThenByTheirCells) {
  RankedRows rows("t", "T", {KeyColumn("name", "name")});
  rows.Add(1, {TextCell("b")});
  rows.Add(1, {TextCell("a")});
  rows.Add(Uint128{1} << 70, {TextCell("z")});
  rows.Add(0, {Cell()});
  rows.Add(1, {Cell::Integer(7)});
  const Table table = std::move(rows).Take(4);
  EXPECT_THAT(table.rows,
              ElementsAre(std::vector<Cell>{TextCell("z")}, std::vector<Cell>{Cell::Integer(7)},
                          std::vector<Cell>{TextCell("a")}, std::vector<Cell>{TextCell("b")}));
}

TEST(ReportTablesTest, PermilleIsRounded) {
  EXPECT_EQ(PermilleCell(1, 3), Cell::Integer(333));
  EXPECT_EQ(PermilleCell(2, 3), Cell::Integer(667));
  EXPECT_EQ(PermilleCell(~Uint128{0}, ~Uint128{0}), Cell::Integer(1000));
  EXPECT_TRUE(PermilleCell(5, 0).is_empty());
}

TEST(ReportTablesTest, ASiteIsTheLeafAndItsCaller) {
  TraceTables tables;
  const auto frame = [&](std::string_view function, std::string_view file) {
    return tables.stacks.InternFrame(
        {tables.strings.Intern(function), tables.strings.Intern(file), 7});
  };
  const FrameRef frames[] = {frame("a", "a.go"), frame("b", ""), frame("c", "c.go")};
  const StackRef stack = tables.stacks.InternStack(frames);
  EXPECT_THAT(SiteOf(tables, stack), ElementsAre("a", "a.go:7", "b", ""));
  EXPECT_THAT(SiteOf(tables, kNoStack), ElementsAre("(no stack)", "", "", ""));
  EXPECT_EQ(LeafFunction(tables, stack), "a");
  EXPECT_EQ(LeafFunction(tables, kNoStack), "");
}

TEST(ReportTablesTest, LengthsAreCountedToTheMaximum) {
  Distribution lengths;
  for (const int length : {1, 2, 9}) lengths.Add(length);
  std::vector<Cell> cells;
  AppendLengthCells(lengths, cells);
  std::vector<Column> columns;
  AppendLengthColumns(columns, "count", "waits");
  ASSERT_EQ(cells.size(), columns.size());
  EXPECT_THAT(cells, ElementsAre(Cell::Integer(3), Cell::Integer(12), Cell::Integer(2),
                                 Cell::Integer(9), Cell::Integer(9)));
}

TEST(ReportTablesTest, TheLongestComeFirst) {
  Longest longest(2);
  for (const int length : {5, 9, 7}) {
    Offer(longest, length, [&] {
      return Exemplar{.length_ns = length,
                      .path = "t",
                      .offset_ns = 1,
                      .g = GoId{length},
                      .what = "",
                      .more = ""};
    });
  }
  const Table table = LongestTable("l", "L", "wait", "what", longest, 5);
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0][3], Cell::Integer(9));
  EXPECT_EQ(table.rows[1][3], Cell::Integer(7));
  EXPECT_TRUE(table.rows[0][4].is_empty());
}

}  // namespace
}  // namespace gtengine
