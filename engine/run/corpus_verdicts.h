// What is whole in a corpus and what is damaged, without reporting on it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/analysis/document.h"
#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/io/expander.h"
#include "engine/order/trace_verdict.h"
#include "engine/run/corpus_result.h"

namespace gtengine::run {

struct FileVerdict {
  std::string path;
  order::TraceVerdict verdict;
  std::optional<Error> damage = {};  // of the compressed file or archive that it is in

  bool is_whole() const { return verdict.is_whole() && !damage; }
  std::optional<TimeNs> lost_ns() const { return damage ? std::nullopt : verdict.lost_ns(); }
};

struct CorpusVerdicts {
  std::vector<FileVerdict> traces;  // in order of path; standard input first
  std::vector<Unread> unread;       // what could not be read, or was named and is no trace
  std::uint64_t passed_over = 0;    // files in folders that are no traces

  std::uint64_t whole() const;
  std::uint64_t damaged() const { return traces.size() - whole(); }
};

struct VerifyOptions {
  int threads = 1;
  std::uint64_t memory_bytes = 0;  // for expanding compressed files
  io::ExpandLimits expand = {};
  std::function<bool()> is_cancelled = {};  // true: the result means nothing; may be empty
};

// Judges the traces of some files, folders (with all below them) and "-" (standard input), also
// those in compressed files and archives, one trace a thread. Depends on the files alone, not on
// threads or timing. Memory: of JudgeTrace, for each thread.
CorpusVerdicts JudgeCorpus(const std::vector<std::string>& paths, const VerifyOptions& options);

// A document named "verify": sums, the damaged traces with what is lost, their gaps, and what could
// not be read; and every trace where `with_whole` says so.
Document ToDocument(const CorpusVerdicts& verdicts, bool with_whole);

}  // namespace gtengine::run
