// The reports there are, as the command line names them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/reports/report.h"

namespace gtengine::cli {

// The reports of lists such as "sched,net", each once, in the order of the
// registry. Errors (kUsage) list those
// there are.
Result<std::vector<const ReportType*>> ParseReports(const std::vector<std::string>& lists);
// Likewise for some rows of traces, which `option` chooses: "all" are those that make sense of
// that, and others are refused.
Result<std::vector<const ReportType*>> ParseRowReports(const std::vector<std::string>& lists,
                                                       std::string_view option);

// A line a report: its name and what it says.
std::string DescribeReports();

}  // namespace gtengine::cli
