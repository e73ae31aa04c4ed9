// The first bytes of a trace: "go 1.NN trace" and three zero bytes.
#pragma once

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/wire/format.h"

namespace gtengine::wire {

// True when the bytes begin as any Go execution trace does, of whatever version: the question that
// tells traces from other files in a folder. Needs up to kHeaderBytes.
bool LooksLikeTrace(ByteView bytes);

// The format of the trace. Errors: kNotATrace; kTruncated (shorter than a header);
// kUnsupportedVersion, which names the version found and those that are read.
Result<Version> ReadHeader(ByteView bytes);

}  // namespace gtengine::wire
