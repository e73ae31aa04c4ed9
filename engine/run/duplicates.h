// Files with the same content.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/io/content_hash.h"
#include "engine/io/corpus.h"
#include "engine/run/corpus_result.h"

namespace gtengine::run {

// A trace that is to be read.
struct TraceFile {
  std::string path;
  std::uint64_t bytes = 0;
  io::ContentHash content;  // zero when nothing asked for it
};

struct DistinctTraces {
  std::vector<TraceFile> traces;  // in order of path
  std::vector<Duplicate> duplicates;
  std::vector<Unread> unread;
};

// Of files with equal content only the one whose path sorts first is kept. Files are read for it
// only when another has the same size, or all of them when `hash_all`. Runs on the threads of the
// caller's arena.
DistinctTraces FindDistinct(const std::vector<io::CorpusFile>& files, bool hash_all);

}  // namespace gtengine::run
