#include "engine/run/trace_listing.h"

#include <tbb/parallel_for.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "engine/io/container.h"
#include "engine/run/task_hand_off.h"
#include "engine/wire/header.h"

namespace gtengine::run {
namespace {

// Adds to `corpus` what `more` has.
void Append(io::Corpus more, io::Corpus& corpus) {
  std::ranges::move(more.traces, std::back_inserter(corpus.traces));
  std::ranges::move(more.errors, std::back_inserter(corpus.errors));
  corpus.passed_over += more.passed_over;
}

io::Corpus ListStandardInput(const io::ExpandOptions& expand) {
  const std::string path(kStandardInput);
  io::Corpus corpus;
  auto file = io::StoredFile::Copy(STDIN_FILENO, path);
  auto mapped = file.ok() ? (*file)->Map() : std::move(file).error();
  if (!mapped.ok()) {
    corpus.errors.push_back(std::move(mapped).error());
    return corpus;
  }
  const ByteView bytes = mapped->view().bytes();
  if (io::LooksLikeContainer(bytes) && !wire::LooksLikeTrace(bytes)) {
    return io::ListContainer({.path = path, .is_named = true}, *file, &wire::LooksLikeTrace,
                             expand);
  }
  io::CorpusFile trace{.path = path, .bytes = bytes.size(), .stored_bytes = bytes.size()};
  trace.place.file_or_null = std::move(*file);
  corpus.traces.push_back(std::move(trace));
  return corpus;
}

}  // namespace

io::Corpus ListTraces(const std::vector<std::string>& paths, const io::ExpandOptions& expand) {
  std::vector<std::string> named;
  std::ranges::remove_copy(paths, std::back_inserter(named), kStandardInput);
  io::Corpus corpus = io::ListCorpus(named, &wire::LooksLikeTrace);
  const auto containers = std::exchange(corpus.containers, {});
  std::vector<io::Corpus> contained(containers.size());
  const auto look = [&](std::size_t i) {
    const TaskScope scope;
    if (expand.is_cancelled && expand.is_cancelled()) return;
    contained[i] = io::ListContainer(containers[i], io::StoredFile::Named(containers[i].path),
                                     &wire::LooksLikeTrace, expand);
  };
  PublishToTasks();
  tbb::parallel_for(std::size_t{0}, containers.size(), look);
  ReceiveFromTasks();
  if (named.size() < paths.size()) Append(ListStandardInput(expand), corpus);
  for (io::Corpus& one : contained) Append(std::move(one), corpus);
  // A member that was named may be in an archive that was, too.
  std::ranges::stable_sort(corpus.traces, {}, &io::CorpusFile::path);
  const auto again = std::ranges::unique(corpus.traces, {}, &io::CorpusFile::path);
  corpus.traces.erase(again.begin(), again.end());
  std::ranges::stable_sort(corpus.errors, {}, &Error::ToString);
  return corpus;
}

}  // namespace gtengine::run
