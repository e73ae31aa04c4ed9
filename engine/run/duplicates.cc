#include "engine/run/duplicates.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/io/container.h"
#include "engine/io/mapped_file.h"
#include "engine/run/task_hand_off.h"

namespace gtengine::run {
namespace {

Unread AsUnread(Error error) {
  Unread unread{.path = std::exchange(error.path, {}), .what = {}};
  unread.what = error.ToString();
  return unread;
}

// Calls `look(i)` for each file, on many threads.
template <class Look>
void ForEachFile(std::size_t files, Look look) {
  const auto body = [&](std::size_t i) {
    const TaskScope scope;
    look(i);
  };
  PublishToTasks();
  tbb::parallel_for(std::size_t{0}, files, body);
  ReceiveFromTasks();
}

bool IsCompressed(const io::CorpusFile& file) {
  return file.place.compression != io::Compression::kNone;
}

bool IsFile(const io::CorpusFile& file) {
  return file.place.file_or_null == nullptr && !IsCompressed(file);
}

// What equal traces have in common and can be told without reading them. Of a compressed trace the
// size is not known.
struct Likeness {
  io::ContentHash head;
  std::uint64_t bytes = 0;

  friend auto operator<=>(const Likeness&, const Likeness&) = default;
};

std::vector<Likeness> LikenessOf(const std::vector<io::CorpusFile>& files) {
  std::vector<Likeness> likeness(files.size());
  const bool are_heads_needed = !std::ranges::all_of(files, IsFile);
  ForEachFile(files.size(), [&](std::size_t i) {
    likeness[i].head = files[i].head;
    if (!are_heads_needed || files[i].head != io::ContentHash{}) return;
    const auto size = std::min<std::uint64_t>(files[i].place.size, io::kHeadBytes);
    const auto head = files[i].place.file_or_null
                          ? files[i].place.file_or_null->Map(files[i].place.offset, size)
                          : io::MappedFile::Open(files[i].path, 0, size);
    if (head.ok()) likeness[i].head = io::HashContent(head->view().bytes());
  });
  std::set<io::ContentHash> compressed;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (IsCompressed(files[i])) compressed.insert(likeness[i].head);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!compressed.contains(likeness[i].head)) likeness[i].bytes = files[i].bytes;
  }
  return likeness;
}

}  // namespace

DistinctTraces FindDistinct(std::vector<io::CorpusFile> files, bool hash_all,
                            const io::ExpandOptions& expand) {
  const std::vector<Likeness> likeness = LikenessOf(files);
  std::map<Likeness, std::size_t> files_like;
  for (const Likeness& one : likeness) ++files_like[one];
  std::vector<std::optional<Unread>> unread(files.size());
  ForEachFile(files.size(), [&](std::size_t i) {
    io::CorpusFile& file = files[i];
    const bool is_alone = files_like.at(likeness[i]) == 1;
    if (file.content != io::ContentHash{} || (is_alone && !(hash_all && IsFile(file)))) return;
    const auto opened = io::OpenTrace(file.path, file.place, expand);
    if (!opened.ok()) {
      unread[i] = AsUnread(opened.error());
    } else {
      file.content = io::HashContent(opened->file.view().bytes());
    }
  });
  DistinctTraces distinct;
  std::map<io::ContentHash, std::string> first_path;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (unread[i]) {
      distinct.unread.push_back(*std::move(unread[i]));
      continue;
    }
    if (files[i].content != io::ContentHash{}) {
      const auto [entry, is_new] = first_path.try_emplace(files[i].content, files[i].path);
      if (!is_new) {
        distinct.duplicates.push_back({.path = files[i].path, .same_as = entry->second});
        continue;
      }
    }
    distinct.traces.push_back(std::move(files[i]));
  }
  return distinct;
}

}  // namespace gtengine::run
