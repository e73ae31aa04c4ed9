// The scheduler-latency report: how long goroutines that could run waited for it, by the stack that
// made them runnable, by what they are, and why.
//
// A wait is a stay in Runnable that ended inside the trace. One that began before the trace counts
// from the trace's start, as in Go's profile; one still open at the end does not count.
#pragma once

#include <memory>

#include "engine/reports/report.h"

namespace gtengine {

std::unique_ptr<ReportAccumulator> BeginSched(TraceIdentity trace);

// The report's line in the registry.
ReportType SchedReport();

}  // namespace gtengine
