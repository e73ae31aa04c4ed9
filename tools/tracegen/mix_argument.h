// The mix of events as it is typed on the command line.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "tools/tracegen/settings.h"

namespace gtengine::tracegen {

// Changes the weights that are named: "block=300,task=0". Errors (kUsage) begin with `option`; a
// mix in which nothing would ever happen is one.
Result<Mix> ParseMix(std::string_view option, std::string_view text, wire::Version version);

// A line for each weight: its name, its default, and what it is for.
std::string DescribeMix();

}  // namespace gtengine::tracegen
