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

struct DistinctTraces {
  std::vector<io::CorpusFile> traces;  // in order of path; `content` is known of some
  std::vector<Duplicate> duplicates;
  std::vector<Unread> unread;
};

// Of traces with equal content, however they are stored, only the one whose path sorts first is
// kept. Traces are read for it only when another has the same size and, where some are compressed
// or in archives, the same first bytes; or, those that are files, when `hash_all`. Runs on the
// threads of the caller's arena.
DistinctTraces FindDistinct(std::vector<io::CorpusFile> files, bool hash_all,
                            const io::ExpandOptions& expand);

}  // namespace gtengine::run
