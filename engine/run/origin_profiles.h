// The profiles of a scan's reports, told apart by whose the traces are.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/analysis/document.h"
#include "engine/reports/report.h"
#include "engine/run/partial_file.h"

namespace gtengine::run {

// The ids of the profiles that these reports can give, in the order of the reports.
std::vector<std::string> ProfileIds(std::span<const ReportType* const> reports);

// The profiles over all traces of the file, one of each id. Each sample is labelled with the
// `service` and `host` of its traces, where their paths tell, and with the keys of its group.
// Depends on the file's content alone. Memory: the file's, and besides that the partials of one
// service and host, and the profiles.
std::vector<Profile> MakeOriginProfiles(const PartialFile& file, ReportOptions options);

}  // namespace gtengine::run
