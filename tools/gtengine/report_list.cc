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

}  // namespace

Result<std::vector<const ReportType*>> ParseReports(const std::vector<std::string>& lists) {
  std::vector<const ReportType*> reports;
  for (const std::string_view list : lists) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      const std::string_view name = list.substr(begin, end - begin);
      begin = end + 1;
      if (name == kAll) {
        for (const ReportType& report : AllReports()) reports.push_back(&report);
        continue;
      }
      const ReportType* report = FindReport(name);
      if (report == nullptr) return NoSuchReport(fmt::format("no report is called \"{}\"", name));
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
