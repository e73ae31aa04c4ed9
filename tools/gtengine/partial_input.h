// Partial files as arguments.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/run/partial_file.h"

namespace gtengine::cli {

// Reads the partial file at `path`; "-": standard input. Errors name the path.
Result<run::PartialFile> ReadPartial(const std::string& path);

// Whether there is a regular file at `path` that begins as a partial file does.
bool IsPartialFile(const std::string& path);

}  // namespace gtengine::cli
