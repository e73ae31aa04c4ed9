// A file, or standard input, as memory.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/io/mapped_file.h"

namespace gtengine::cli {

inline constexpr const char* kStandardInput = "-";

// Maps the file at `path`; "-": standard input, by way of an unnamed temporary file. Errors (kIo)
// name the path.
Result<io::MappedFile> OpenInput(const std::string& path);

}  // namespace gtengine::cli
