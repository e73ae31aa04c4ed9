// The traces that some paths stand for: files, and everything below folders.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"

namespace gtengine::io {

struct CorpusFile {
  std::string path;  // as given, or the given folder's path with what is below it
  std::uint64_t bytes = 0;
};

struct Corpus {
  std::vector<CorpusFile> traces;  // in order of path, each path once
  std::uint64_t passed_over = 0;   // files in folders that are no traces
  std::vector<Error> errors;  // paths that cannot be read, or that were named and are no traces
};

// Tells from the first bytes of a file (up to 16) whether it is a trace.
using IsTrace = bool (*)(ByteView);

// Looks at the first bytes of every file. Within folders, links to folders are not followed, and
// what is no regular file is passed over in silence. "-" is the caller's business.
Corpus ListCorpus(const std::vector<std::string>& paths, IsTrace is_trace);

}  // namespace gtengine::io
