// Where a result goes: standard output, or a file that is there whole or not at all.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace gtengine::cli {

// What becomes of a Go execution trace that is in the place of the output.
enum class OldTrace { kKeep, kReplace };

// A file is written under another name in the same folder and takes its own at Commit; until then,
// and for ever when Commit is not reached, nothing is to be seen of it and a file that was there
// stays. What is no regular file (a device, a pipe) is written to as it is, like standard output.
// One at a time, from one thread.
class OutputFile {
 public:
  // Opens `path`; empty: standard output. Done before the work begins, so that a folder that cannot
  // be written to costs no work. Errors (kIo) name the path; a trace that is to be kept is one.
  Status Open(const std::string& path, OldTrace old_trace = OldTrace::kKeep);

  OutputFile() = default;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  // Errors (kIo): see ReportFailure.
  Status Write(std::string_view bytes);
  // Puts the file on disk and in its place.
  Status Commit();

  // Says what failed, where there is something to say, and gives the exit status to end with.
  int ReportFailure(const Error& error) const;

  // Where the output is a terminal: how wide it is.
  std::optional<std::size_t> TerminalColumns() const;

 private:
  Status OpenTemporary();
  Error SystemError(std::string_view action);
  void Discard();

  int descriptor_ = -1;
  bool reader_gone_ = false;
  std::string name_;       // for messages
  std::string target_;     // where it is to be; empty: written in place
  std::string temporary_;  // where it is
};

}  // namespace gtengine::cli
