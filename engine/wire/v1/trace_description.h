// What can be told of a legacy trace without putting its events in order.
#pragma once

#include "engine/base/byte_view.h"
#include "engine/wire/format.h"
#include "engine/wire/trace_info.h"

namespace gtengine::wire::v1 {

// As wire::DescribeTrace, which calls this for traces of these formats.
TraceInfo DescribeTrace(PaddedView trace, Version version);

}  // namespace gtengine::wire::v1
