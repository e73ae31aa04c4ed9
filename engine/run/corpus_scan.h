// Many traces on many threads.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/analysis/row_choice.h"
#include "engine/base/result.h"
#include "engine/io/expander.h"
#include "engine/io/layout.h"
#include "engine/reports/report.h"
#include "engine/run/corpus_result.h"
#include "engine/run/partial_file.h"
#include "engine/run/trace_filter.h"

namespace gtengine::run {

// How far a scan has come.
struct Progress {
  std::uint64_t traces_done = 0;
  std::uint64_t traces = 0;
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes = 0;  // as stored: compressed where they are
};

struct ScanOptions {
  std::vector<const ReportType*> reports;
  io::Layout layout;
  int threads = 1;
  std::uint64_t memory_bytes = 0;
  io::ExpandLimits expand = {};  // of compressed files and archives
  // Called about ten times a second from one thread at a time while the scan runs, and once more
  // when all is done; may be empty.
  std::function<void(const Progress&)> on_progress;
  // Asked now and then; when it says true the scan ends soon and its result is not to be used. May
  // be empty. Must be safe from any thread.
  std::function<bool()> is_cancelled;
  // Which traces count.
  TraceFilter traces = {};
  // Which of their rows count, and how they are told apart.
  RowChoice rows = {};
  // What the result says of filters, and how it is grouped.
  Selection selection = {};
};

// Scans files, folders (recursively) and "-" (standard input), with the traces in compressed files
// and archives. The result depends only on the
// content and paths of the files: not on threads, order or timing. Nothing is printed; problems are
// in the result. Memory: `memory_bytes` for the traces at work, and the result.
CorpusResult ScanCorpus(const std::vector<std::string>& paths, const ScanOptions& options);

// The same, but the result of each trace stays apart, so that it can be kept and merged later.
PartialFile ScanCorpusToPartial(const std::vector<std::string>& paths, const ScanOptions& options);

}  // namespace gtengine::run
