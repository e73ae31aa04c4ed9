// The reports there are, as the command line names them.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/reports/report.h"

namespace gtengine::cli {

// The reports of lists such as "sched,net", each once, in the order of the
// registry. Errors (kUsage) list those
// there are.
Result<std::vector<const ReportType*>> ParseReports(const std::vector<std::string>& lists);

// A line a report: its name and what it says.
std::string DescribeReports();

}  // namespace gtengine::cli
