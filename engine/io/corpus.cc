#include "engine/io/corpus.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>

#include "engine/base/byte_view.h"
#include "engine/io/container.h"

namespace gtengine::io {
namespace {

namespace fs = std::filesystem;

// The first bytes of a file, and whether there is an error.
class FileHead {
 public:
  explicit FileHead(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const ssize_t count =
        descriptor < 0 ? -1 : ::pread(descriptor, bytes_.data(), bytes_.size(), 0);
    if (count < 0) {
      error_ = Error{.code = ErrorCode::kIo,
                     .what = std::string("cannot read: ") + std::strerror(errno),
                     .path = path};
    }
    size_ = count < 0 ? 0 : static_cast<std::size_t>(count);
    if (descriptor >= 0) ::close(descriptor);
  }
  const std::optional<Error>& error() const { return error_; }
  ByteView bytes() const { return ByteView(bytes_).first(size_); }

 private:
  std::array<std::uint8_t, kHeadBytes> bytes_;
  std::size_t size_ = 0;
  std::optional<Error> error_;
};

class Lister {
 public:
  explicit Lister(IsTrace is_trace) : is_trace_(is_trace) {}

  Corpus List(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) AddNamed(path);
    std::ranges::sort(corpus_.traces, {}, &CorpusFile::path);
    const auto again = std::ranges::unique(corpus_.traces, {}, &CorpusFile::path);
    corpus_.traces.erase(again.begin(), again.end());
    SortContainers();
    std::ranges::sort(corpus_.errors, {}, &Error::ToString);
    return std::move(corpus_);
  }

 private:
  void SortContainers() {
    const auto key = [](const CorpusContainer& one) { return std::tie(one.path, one.member); };
    // Of the same one, that which was named.
    std::ranges::sort(corpus_.containers, [&](const auto& a, const auto& b) {
      return std::tuple(key(a), b.is_named) < std::tuple(key(b), a.is_named);
    });
    const auto again = std::ranges::unique(corpus_.containers, {}, key);
    corpus_.containers.erase(again.begin(), again.end());
  }

  void AddError(const std::string& path, std::string what, ErrorCode code = ErrorCode::kIo) {
    corpus_.errors.push_back({.code = code, .what = std::move(what), .path = path});
  }

  void AddNamed(const std::string& path) {
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
    if (!fs::exists(status) && AddMember(path)) return;
    if (!fs::exists(status)) {
      const bool missing = !code || code == std::errc::no_such_file_or_directory;
      AddError(path, missing ? "no such file or folder" : "cannot read: " + code.message());
    } else if (fs::is_directory(status)) {
      AddFolder(path);
    } else if (!fs::is_regular_file(status)) {
      AddError(path, "neither a file nor a folder; to read a stream, pipe it to \"-\"");
    } else {
      AddNamedFile(path);
    }
  }

  void AddNamedFile(const std::string& path) {
    const FileHead head(path);
    if (head.error()) {
      corpus_.errors.push_back(*head.error());
    } else if (is_trace_(head.bytes())) {
      AddTrace(path);
    } else if (LooksLikeContainer(head.bytes())) {
      corpus_.containers.push_back({.path = path, .is_named = true});
    } else if (const auto foreign = ForeignCompression(head.bytes()); !foreign.empty()) {
      AddError(path, "compressed by " + std::string(foreign) + "; gzip and zstd are read",
               ErrorCode::kNotATrace);
    } else {
      AddError(path, "not a Go execution trace: no \"go 1.NN trace\" header",
               ErrorCode::kNotATrace);
    }
  }

  // Whether the path goes into a file.
  bool AddMember(const std::string& path) {
    for (std::size_t mark = path.find(kMemberMark); mark != path.npos;
         mark = path.find(kMemberMark, mark + 1)) {
      const std::string archive = path.substr(0, mark);
      std::error_code code;
      const std::size_t name = mark + kMemberMark.size();
      if (name == path.size() || !fs::is_regular_file(archive, code)) continue;
      const FileHead head(archive);
      if (head.error() || !LooksLikeContainer(head.bytes())) continue;
      corpus_.containers.push_back(
          {.path = archive, .member = path.substr(name), .is_named = true});
      return true;
    }
    return false;
  }

  void AddFolder(const std::string& path) {
    std::error_code code;
    fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied,
                                           code);
    if (code) return AddError(path, "cannot list: " + code.message());
    while (entry != fs::recursive_directory_iterator()) {
      AddEntry(*entry);
      const fs::path at = entry->path();
      entry.increment(code);
      if (code) {
        // The iterator is at its end now; what follows in the folder is lost.
        return AddError(at.string(), "cannot list: " + code.message());
      }
    }
  }

  void AddEntry(const fs::directory_entry& entry) {
    std::error_code code;
    if (entry.is_directory(code)) return CheckListable(entry);
    if (!entry.is_regular_file(code)) return;
    const std::string path = entry.path().string();
    const FileHead head(path);
    if (head.error()) {
      corpus_.errors.push_back(*head.error());
    } else if (is_trace_(head.bytes())) {
      AddTrace(path);
    } else if (LooksLikeContainer(head.bytes())) {
      corpus_.containers.push_back({.path = path});
    } else {
      ++corpus_.passed_over;
    }
  }

  void CheckListable(const fs::directory_entry& entry) {
    if (entry.is_symlink()) return;
    if (::access(entry.path().c_str(), R_OK | X_OK) == 0) return;
    AddError(entry.path().string(), std::string("cannot list: ") + std::strerror(errno));
  }

  void AddTrace(const std::string& path) {
    std::error_code code;
    const std::uintmax_t bytes = fs::file_size(path, code);
    if (code) return AddError(path, "cannot read: " + code.message());
    corpus_.traces.push_back({.path = path, .bytes = bytes, .stored_bytes = bytes});
  }

  IsTrace is_trace_;
  Corpus corpus_;
};

}  // namespace

std::string_view NameOfContent(const CorpusFile& file) {
  std::string_view path = file.path;
  if (file.place.compression == Compression::kNone) return path;
  for (const std::string_view suffix : {".gz", ".zst"}) {
    if (path.ends_with(suffix)) path.remove_suffix(suffix.size());
  }
  return path;
}

Corpus ListCorpus(const std::vector<std::string>& paths, IsTrace is_trace) {
  return Lister(is_trace).List(paths);
}

}  // namespace gtengine::io
