// The traces that some paths stand for, with those in compressed files and archives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/io/corpus.h"
#include "engine/io/stored_trace.h"

namespace gtengine::run {

inline constexpr std::string_view kStandardInput = "-";

// Lists files, folders (with all below them) and "-" (standard input, which is copied to a
// temporary file). Looks into compressed files and archives, one on each thread of the caller's
// arena. The result has no containers, and depends on the files alone. What comes on standard input
// is taken for a trace unless it is compressed or an archive.
io::Corpus ListTraces(const std::vector<std::string>& paths, const io::ExpandOptions& expand);

}  // namespace gtengine::run
