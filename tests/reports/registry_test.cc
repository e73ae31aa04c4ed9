#include "engine/reports/registry.h"

#include <gtest/gtest.h>

#include <set>

namespace gtengine {
namespace {

TEST(RegistryTest, FindsEveryReportByItsName) {
  std::set<std::string_view> names;
  for (const ReportType& report : AllReports()) {
    EXPECT_EQ(FindReport(report.name), &report);
    EXPECT_TRUE(names.insert(report.name).second) << report.name;
    EXPECT_NE(ReportNames().find(report.name), std::string::npos);
    EXPECT_FALSE(report.summary.empty());
  }
  EXPECT_EQ(FindReport("none such"), nullptr);
}

// The laws that hold for every report; those on real content are tested with each report.
TEST(RegistryTest, EmptyPartialsRoundTripAndAreNeutral) {
  for (const ReportType& report : AllReports()) {
    const std::unique_ptr<ReportPartial> empty = report.empty();
    const std::string bytes = empty->Serialize();
    auto parsed = report.parse(bytes);
    ASSERT_TRUE(parsed.ok()) << report.name << ": " << parsed.error().ToString();
    (*parsed)->Combine(*empty);
    EXPECT_EQ((*parsed)->Serialize(), bytes) << report.name;
    EXPECT_EQ(empty->ToDocument({}).report, report.name);
  }
}

TEST(RegistryTest, DocumentsAreWellFormed) {
  for (const ReportType& report : AllReports()) {
    const Document document = report.empty()->ToDocument({});
    std::set<std::string> tables;
    for (const Table& table : document.tables) {
      EXPECT_TRUE(tables.insert(table.id).second) << table.id;
      std::set<std::string> columns;
      for (const Column& column : table.columns) {
        EXPECT_TRUE(columns.insert(column.id).second) << table.id << "." << column.id;
      }
      for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
    }
  }
}

}  // namespace
}  // namespace gtengine
