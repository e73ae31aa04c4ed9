#include "tools/gtengine/report_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "engine/reports/registry.h"

namespace gtengine::cli {
namespace {

constexpr std::string_view kAll = "all";

Error NoSuchReport(std::string_view what) {
  return {.code = ErrorCode::kUsage,
          .what = fmt::format("--report: {}; reports are: {}, or {}", what, ReportNames(), kAll)};
}

Error NotOfRows(std::string_view report, std::string_view option) {
  std::vector<std::string_view> valid;
  for (const ReportType& other : AllReports()) {
    if (!other.is_of_whole_traces) valid.push_back(other.name);
  }
  return {.code = ErrorCode::kUsage,
          .what = fmt::format("{}: the report \"{}\" tells of whole traces; reports that tell of "
                              "some of their rows are: {}",
                              option, report, fmt::join(valid, ", "))};
}

// `row_option`: what chooses among rows; empty: nothing does.
Result<std::vector<const ReportType*>> ParseLists(const std::vector<std::string>& lists,
                                                  std::string_view row_option) {
  std::vector<const ReportType*> reports;
  for (const std::string_view list : lists) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      const std::string_view name = list.substr(begin, end - begin);
      begin = end + 1;
      if (name == kAll) {
        for (const ReportType& report : AllReports()) {
          if (row_option.empty() || !report.is_of_whole_traces) reports.push_back(&report);
        }
        continue;
      }
      const ReportType* report = FindReport(name);
      if (report == nullptr) return NoSuchReport(fmt::format("no report is called \"{}\"", name));
      if (!row_option.empty() && report->is_of_whole_traces) return NotOfRows(name, row_option);
      reports.push_back(report);
    }
  }
  if (reports.empty()) return NoSuchReport("at least one is needed");
  // In the registry's order, so that equal sets give equal results.
  std::ranges::sort(reports);
  const auto again = std::ranges::unique(reports);
  reports.erase(again.begin(), again.end());
  return reports;
}

}  // namespace

Result<std::vector<const ReportType*>> ParseReports(const std::vector<std::string>& lists) {
  return ParseLists(lists, {});
}

Result<std::vector<const ReportType*>> ParseRowReports(const std::vector<std::string>& lists,
                                                       std::string_view option) {
  return ParseLists(lists, option);
}

std::string DescribeReports() {
  std::size_t width = 0;
  for (const ReportType& report : AllReports()) width = std::max(width, report.name.size());
  std::string text;
  for (const ReportType& report : AllReports()) {
    text += fmt::format("  {:<{}}  {}\n", report.name, width, report.summary);
  }
  text += fmt::format("  {:<{}}  all of them, in one pass\n", kAll, width);
  return text;
}

}  // namespace gtengine::cli
