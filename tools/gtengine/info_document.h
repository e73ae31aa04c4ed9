// What is known of a trace, as a document for the renderers.
#pragma once

#include <string>

#include "engine/analysis/document.h"
#include "engine/wire/trace_info.h"

namespace gtengine::cli {

// A document named "info", with the trace's path as its title.
Document DescribeInfo(const std::string& path, const wire::TraceInfo& info);

}  // namespace gtengine::cli
