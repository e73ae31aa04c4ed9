// Every report there is.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/reports/report.h"

namespace gtengine {

// All reports, in the order in which they are to be listed. Lives as long as the program.
std::span<const ReportType> AllReports();

// The report of that name, or nullptr.
const ReportType* FindReport(std::string_view name);

// Their names for a message: "sched, net, gc".
std::string ReportNames();

}  // namespace gtengine
