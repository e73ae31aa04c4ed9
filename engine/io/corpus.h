// The traces that some paths stand for: files, and everything below folders.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/io/content_hash.h"
#include "engine/io/stored_trace.h"

namespace gtengine::io {

struct CorpusFile {
  // As given, or the given folder's path with what is below it; behind it "!/" and the name in the
  // archive.
  std::string path;
  std::uint64_t bytes = 0;  // of the trace; where `place` says that it is compressed, of that
  TracePlace place = {};
  std::uint64_t stored_bytes = 0;  // what of the file is read for it
  ContentHash head = {};           // of its first bytes; zero: not known
  ContentHash content = {};        // of all its bytes; zero: not known
};

// A file that may hold traces: compressed, an archive, or both.
struct CorpusContainer {
  std::string path;
  std::string member = {};  // the one that was named; empty: all
  bool is_named = false;    // rather than found in a folder
};

struct Corpus {
  std::vector<CorpusFile> traces;           // in order of path, each path once
  std::vector<CorpusContainer> containers;  // likewise; engine/io/container.h looks into them
  std::uint64_t passed_over = 0;            // files in folders (or archives) that are no traces
  std::vector<Error> errors;  // paths that cannot be read, or that were named and are no traces
};

// What stands between the path of an archive and the name of a member.
inline constexpr std::string_view kMemberMark = "!/";

// The path without the suffix that compressing it added, if it is compressed.
std::string_view NameOfContent(const CorpusFile& file);

// Tells from the first bytes of a file (16 or more) whether it is a trace.
using IsTrace = bool (*)(ByteView);

// Looks at the first bytes of every file. Within folders, links to folders are not followed, and
// what is no regular file is passed over in silence. "-" is the caller's business.
// A path that is none, but goes on with "!/" behind a file, names a member of that archive.
Corpus ListCorpus(const std::vector<std::string>& paths, IsTrace is_trace);

}  // namespace gtengine::io
