// The traces in a file that is compressed or an archive.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/io/corpus.h"
#include "engine/io/stored_trace.h"

namespace gtengine::io {

// What is told of a trace without reading all of it.
struct ContainedTrace {
  std::string name = {};  // in the archive; empty: the compressed file is the trace
  // Where it stands; the file and the archive are not set.
  TracePlace place = {};
  std::uint64_t stored_bytes = 0;  // of the file, compressed as it is
  ContentHash head = {};           // of the first kHeadBytes
  ContentHash content = {};        // of all; zero where finding out was not on the way
};

struct Contents {
  Compression compression = Compression::kNone;  // of the file
  bool is_archive = false;
  std::vector<ContainedTrace> traces;  // in order of name, each name once
  std::uint64_t passed_over = 0;       // members that are no traces
  std::vector<Error> errors;           // without a path; the traces are there all the same
};

// So many bytes are hashed to tell what may be equal.
inline constexpr std::size_t kHeadBytes = 512;

// Bounds on an archive, whose names are held in memory.
inline constexpr std::uint64_t kMaxMembers = 1'000'000;  // that are traces
inline constexpr std::uint64_t kMaxNamesBytes = std::uint64_t{64} << 20;

// Whether a file that begins with these kHeadBytes (or fewer, where it ends) is to be looked into.
bool LooksLikeContainer(ByteView head);

// What is in a compressed trace, a tar archive or a compressed tar archive, whose members may be
// compressed themselves. Only the first bytes of compressed traces are expanded; of a compressed
// archive everything. Deeper nesting is not read: such members are passed over, such a file is an
// error. Of members with the same name the last counts, as when an archive is unpacked; names are
// shown, and never looked for on disk.
Contents ReadContents(ByteView file, IsTrace is_trace, const ExpandOptions& options);

// The same of a stored file, as traces of a corpus: their paths are that of the file, "!/" and the
// name. With `member`, of that one alone. Errors have paths. A file found in a folder is passed
// over where one that was named is an error.
Corpus ListContainer(const CorpusContainer& container,
                     const std::shared_ptr<const StoredFile>& file, IsTrace is_trace,
                     const ExpandOptions& options);

}  // namespace gtengine::io
