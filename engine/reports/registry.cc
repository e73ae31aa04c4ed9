#include "engine/reports/registry.h"

#include "engine/reports/sched.h"

namespace gtengine {

std::span<const ReportType> AllReports() {
  static const ReportType reports[] = {
      SchedReport(),
  };
  return reports;
}

const ReportType* FindReport(std::string_view name) {
  for (const ReportType& report : AllReports()) {
    if (report.name == name) return &report;
  }
  return nullptr;
}

std::string ReportNames() {
  std::string names;
  for (const ReportType& report : AllReports()) {
    if (!names.empty()) names += ", ";
    names += report.name;
  }
  return names;
}

}  // namespace gtengine
