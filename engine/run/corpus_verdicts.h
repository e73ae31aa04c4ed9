// What is whole in a corpus and what is damaged, without reporting on it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/analysis/document.h"
#include "engine/base/result.h"
#include "engine/order/trace_verdict.h"
#include "engine/run/corpus_result.h"

namespace gtengine::run {

struct FileVerdict {
  std::string path;
  order::TraceVerdict verdict;
};

struct CorpusVerdicts {
  std::vector<FileVerdict> traces;  // in order of path; standard input first
  std::vector<Unread> unread;       // what could not be read, or was named and is no trace
  std::uint64_t passed_over = 0;    // files in folders that are no traces

  std::uint64_t whole() const;
  std::uint64_t damaged() const { return traces.size() - whole(); }
};

// Judges the traces of some files, folders (with all below them) and "-" (standard input), one
// trace a thread. Depends on the files alone, not on threads or timing. `is_cancelled` may be
// empty; when it says true, the result means nothing. Memory: of JudgeTrace, for each thread.
CorpusVerdicts JudgeCorpus(const std::vector<std::string>& paths, int threads,
                           const std::function<bool()>& is_cancelled);

// A document named "verify": sums, the damaged traces with what is lost, their gaps, and what could
// not be read; and every trace where `with_whole` says so.
Document ToDocument(const CorpusVerdicts& verdicts, bool with_whole);

}  // namespace gtengine::run
