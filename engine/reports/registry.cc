#include "engine/reports/registry.h"

// One line each, in the order in which they are to be listed: the report NAME is what NAMEReport()
// tells, defined in a file of its own.
#define GTENGINE_REPORTS(REPORT) \
  REPORT(Summary)                \
  REPORT(Sched)                  \
  REPORT(SchedCauses)            \
  REPORT(Goroutines)             \
  REPORT(Blocking)               \
  REPORT(Syscalls)               \
  REPORT(Tasks)                  \
  REPORT(Regions)                \
  REPORT(Gc)                     \
  REPORT(Procs)                  \
  REPORT(Heap)                   \
  REPORT(AllocFree)              \
  REPORT(GoMaxProcs)             \
  REPORT(Cpu)                    \
  REPORT(Logs)                   \
  REPORT(Labels)                 \
  REPORT(Health)

namespace gtengine {

#define GTENGINE_DECLARE(Name) ReportType Name##Report();
GTENGINE_REPORTS(GTENGINE_DECLARE)
#undef GTENGINE_DECLARE

std::span<const ReportType> AllReports() {
#define GTENGINE_LIST(Name) Name##Report(),
  static const ReportType reports[] = {GTENGINE_REPORTS(GTENGINE_LIST)};
#undef GTENGINE_LIST
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
