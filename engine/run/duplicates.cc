#include "engine/run/duplicates.h"

#include <tbb/parallel_for.h>

#include <map>
#include <tuple>
#include <utility>

#include "engine/io/mapped_file.h"
#include "engine/run/task_hand_off.h"

namespace gtengine::run {
namespace {

Unread AsUnread(Error error) {
  Unread unread{.path = std::exchange(error.path, {}), .what = {}};
  unread.what = error.ToString();
  return unread;
}

struct Fingerprint {
  io::ContentHash content;
  std::optional<Unread> unread;
};

Fingerprint Read(const io::CorpusFile& file) {
  auto mapped = io::MappedFile::Open(file.path);
  if (!mapped.ok()) return {.content = {}, .unread = AsUnread(std::move(mapped).error())};
  return {.content = io::HashContent(mapped->view().bytes()), .unread = std::nullopt};
}

}  // namespace

DistinctTraces FindDistinct(const std::vector<io::CorpusFile>& files, bool hash_all) {
  std::map<std::uint64_t, std::size_t> files_of_size;
  for (const io::CorpusFile& file : files) ++files_of_size[file.bytes];
  std::vector<Fingerprint> fingerprints(files.size());
  const auto read = [&](std::size_t i) {
    const TaskScope scope;
    if (hash_all || files_of_size.at(files[i].bytes) > 1) fingerprints[i] = Read(files[i]);
  };
  PublishToTasks();
  tbb::parallel_for(std::size_t{0}, files.size(), read);
  ReceiveFromTasks();
  DistinctTraces distinct;
  std::map<std::tuple<std::uint64_t, io::ContentHash>, const std::string*> first_path;
  for (std::size_t i = 0; i < files.size(); ++i) {
    Fingerprint& fingerprint = fingerprints[i];
    if (fingerprint.unread) {
      distinct.unread.push_back(*std::move(fingerprint.unread));
      continue;
    }
    if (fingerprint.content != io::ContentHash{}) {
      const auto [entry, is_new] =
          first_path.try_emplace(std::tuple(files[i].bytes, fingerprint.content), &files[i].path);
      if (!is_new) {
        distinct.duplicates.push_back({.path = files[i].path, .same_as = *entry->second});
        continue;
      }
    }
    distinct.traces.push_back({files[i].path, files[i].bytes, fingerprint.content});
  }
  return distinct;
}

}  // namespace gtengine::run
