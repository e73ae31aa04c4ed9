#include "tools/gtengine/input_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "engine/io/container.h"
#include "engine/io/corpus.h"
#include "engine/io/mapped_file.h"
#include "engine/io/spool_file.h"
#include "engine/run/trace_listing.h"
#include "engine/wire/header.h"
#include "tools/program/cancel.h"

namespace gtengine::cli {

Result<io::MappedFile> MapInput(const std::string& path) {
  if (path != kStandardInput) return io::MappedFile::Open(path);
  const auto copy = io::SpoolFile::Copy(STDIN_FILENO, path);
  return copy.ok() ? copy->Map() : copy.error();
}

Result<io::OpenedTrace> OpenInput(const std::string& path, const io::ExpandLimits& limits) {
  if (path != kStandardInput) {
    auto file = io::MappedFile::Open(path);
    if (!file.ok() && path.find(io::kMemberMark) == path.npos) return std::move(file).error();
    if (file.ok()) {
      const ByteView bytes = file->view().bytes();
      if (wire::LooksLikeTrace(bytes) || !io::LooksLikeContainer(bytes)) {
        return io::OpenedTrace{.file = std::move(*file), .damage = {}};
      }
    }
  }
  const io::ExpandOptions expand{
      .limits = limits, .memory_or_null = nullptr, .is_cancelled = IsCancelled};
  io::Corpus corpus = run::ListTraces({path}, expand);
  if (corpus.traces.size() == 1) {
    return io::OpenTrace(path, corpus.traces.front().place, expand);
  }
  if (corpus.traces.empty()) return std::move(corpus.errors.front());
  return Error{.code = ErrorCode::kUsage,
               .what = fmt::format("an archive of {} traces: name one of them, such as {}",
                                   corpus.traces.size(), corpus.traces.front().path),
               .path = path};
}

std::optional<Error> Joined(std::optional<Error> found, const std::optional<Error>& stored) {
  if (!stored) return found;
  if (!found) return stored;
  found->what += " (" + stored->ToString() + ")";
  return found;
}

}  // namespace gtengine::cli
