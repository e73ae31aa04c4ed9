// The profiles of a scan's reports, told apart by whose the traces are.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/profile.h"
#include "engine/base/result.h"
#include "engine/reports/report.h"
#include "engine/run/partial_file.h"

namespace gtengine::run {

// The names of the profiles that these reports have whatever the traces hold, in the order of the
// reports. A trace may add others, such as one for each reason to be blocked.
std::vector<std::string> ProfileNames(std::span<const ReportType* const> reports);

// The profile of that name over all traces of the file. Each sample is labelled with the `service`
// and `host` of its traces, where their paths tell. Depends on the file's content alone. Errors
// (kUsage): there is none of that name; says which there are. Memory: the file's, and besides that
// the partials of one service and host, and the profile.
Result<Profile> MakeOriginProfile(const PartialFile& file, std::string_view name,
                                  const ReportOptions& options);

}  // namespace gtengine::run
