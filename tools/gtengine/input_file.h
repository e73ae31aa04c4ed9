// Files and standard input as memory.
#pragma once

#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/io/expander.h"
#include "engine/io/stored_trace.h"

namespace gtengine::cli {

inline constexpr const char* kStandardInput = "-";

// Maps a file of any kind; "-": standard input, by way of an unnamed temporary file. Errors (kIo)
// name the path.
Result<io::MappedFile> MapInput(const std::string& path);

// Maps the trace at `path`; "-": standard input. One that is compressed, and a member of an archive
// ("ARCHIVE!/MEMBER", or ARCHIVE where it has one trace alone), by way of an unnamed temporary
// file. Errors name the path.
Result<io::OpenedTrace> OpenInput(const std::string& path, const io::ExpandLimits& limits);

// What was found wrong with a trace, and with how it was stored, as one.
std::optional<Error> Joined(std::optional<Error> found, const std::optional<Error>& stored);

}  // namespace gtengine::cli
