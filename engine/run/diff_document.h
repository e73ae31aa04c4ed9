// A comparison of two corpora as a document.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/analysis/document.h"
#include "engine/run/corpus_diff.h"

namespace gtengine::run {

// The document "diff": what takes longer and less long, beyond noise; what cannot be judged; what
// appeared and vanished. At most `top` rows a table, but for that of the services.
Document ToDocument(const CorpusDiff& diff, std::size_t top);

// How many quantiles are greater in B by more than `permille`, and beyond noise.
std::uint64_t CountSlower(const CorpusDiff& diff, std::int64_t permille);

}  // namespace gtengine::run
