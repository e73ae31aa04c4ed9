#include "engine/io/container.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/io/byte_source.h"
#include "engine/io/expander.h"
#include "engine/io/tar_reader.h"

namespace gtengine::io {
namespace {

constexpr std::size_t kMaxErrors = 16;
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

// The first bytes of a source.
class Head {
 public:
  explicit Head(ByteSource& source) {
    while (size_ < bytes_.size() && !error_) {
      auto got = source.Read(std::span(bytes_).subspan(size_));
      if (!got.ok()) error_ = std::move(got).error();
      if (!got.ok() || *got == 0) break;
      size_ += *got;
    }
  }
  ByteView bytes() const { return ByteView(bytes_).first(size_); }
  const std::optional<Error>& error() const { return error_; }

 private:
  std::array<std::uint8_t, kHeadBytes> bytes_;
  std::size_t size_ = 0;
  std::optional<Error> error_;
};

// What was read ahead, then the rest.
class ResumedSource : public ByteSource {
 public:
  ResumedSource(ByteView head, ByteSource& rest) : head_(head), rest_(rest) {}
  Result<std::size_t> Read(std::span<std::uint8_t> out) override {
    auto got = head_.Read(out);
    return got.ok() && *got == 0 ? rest_.Read(out) : got;
  }

 private:
  ViewSource head_;
  ByteSource& rest_;
};

class MemberSource : public ByteSource {
 public:
  explicit MemberSource(TarReader& tar) : tar_(tar) {}
  Result<std::size_t> Read(std::span<std::uint8_t> out) override { return tar_.Read(out); }

 private:
  TarReader& tar_;
};

// The bytes of a source for as long as nobody wants an end.
class WatchedSource : public ByteSource {
 public:
  WatchedSource(ByteSource& source, const std::function<bool()>& is_cancelled)
      : source_(source), is_cancelled_(is_cancelled) {}
  Result<std::size_t> Read(std::span<std::uint8_t> out) override {
    if (is_cancelled_ && is_cancelled_()) return Interrupted();
    return source_.Read(out);
  }
  Result<std::uint64_t> Skip(std::uint64_t count) override {
    if (is_cancelled_ && is_cancelled_()) return Interrupted();
    return source_.Skip(count);
  }

 private:
  static Error Interrupted() { return {.code = ErrorCode::kIo, .what = "interrupted"}; }

  ByteSource& source_;
  const std::function<bool()>& is_cancelled_;
};

// Names may begin with "./" or "/": paths do not show it.
std::string_view ShownName(std::string_view name) {
  while (name.starts_with("./") || name.starts_with('/')) {
    name.remove_prefix(name.find('/') + 1);
  }
  return name;
}

// One look at a file, with windows up to a size.
class ContentsReader {
 public:
  ContentsReader(ByteView file, IsTrace is_trace, const ExpandOptions& options, Window window)
      : file_(file), is_trace_(is_trace), options_(options), window_(window) {}

  void Read();
  Contents& contents() { return contents_; }
  // Something in it wants a larger window, and is an error.
  bool wants_large_window() const { return wants_large_window_; }

 private:
  void ReadCompressed();
  void ReadArchive(ByteSource& archive, const Expander* expander_or_null);
  void AddInPlace(const TarMember& member);
  void AddStreamed(const TarMember& member, TarReader& tar);
  void PassOver(const std::string& name, const Head& head);
  bool HasRoom(const std::string& name);
  void AddError(Error error);
  void KeepLastOfEachName();

  const ByteView file_;
  const IsTrace is_trace_;
  const ExpandOptions& options_;
  const Window window_;
  Contents contents_;
  std::uint64_t names_bytes_ = 0;
  std::uint64_t expanded_bytes_ = 0;  // of compressed members of a compressed archive
  bool is_full_ = false;
  bool wants_large_window_ = false;
};

void ContentsReader::AddError(Error error) {
  if (contents_.errors.size() < kMaxErrors) contents_.errors.push_back(std::move(error));
}

void ContentsReader::Read() {
  contents_.compression = DetectCompression(file_);
  if (contents_.compression != Compression::kNone) return ReadCompressed();
  ViewSource source(file_);
  WatchedSource watched(source, options_.is_cancelled);
  ReadArchive(watched, nullptr);
}

void ContentsReader::ReadCompressed() {
  ViewSource source(file_);
  WatchedSource watched(source, options_.is_cancelled);
  Expander expander(watched, contents_.compression, options_.limits, window_);
  const Head head(expander);
  wants_large_window_ = expander.wants_large_window();
  if (is_trace_(head.bytes())) {
    ContainedTrace trace;
    trace.place.compression = contents_.compression;
    trace.stored_bytes = file_.size();
    trace.head = HashContent(head.bytes());
    contents_.traces.push_back(std::move(trace));
  } else if (LooksLikeTar(head.bytes())) {
    ResumedSource archive(head.bytes(), expander);
    ReadArchive(archive, &expander);
    wants_large_window_ |= expander.wants_large_window();
  } else if (head.error()) {
    AddError(*head.error());
  } else if (DetectCompression(head.bytes()) != Compression::kNone) {
    AddError({.code = ErrorCode::kNotATrace, .what = "compressed twice: that is not read"});
  } else {
    AddError({.code = ErrorCode::kNotATrace,
              .what = "what is compressed is neither a Go execution trace nor an archive"});
  }
}

void ContentsReader::ReadArchive(ByteSource& archive, const Expander* expander_or_null) {
  contents_.is_archive = true;
  TarReader tar(archive);
  while (!is_full_) {
    auto member = tar.Next();
    if (!member.ok()) {
      const bool goes_on = member.error().code == ErrorCode::kCorrupt &&
                           (expander_or_null == nullptr || !expander_or_null->has_failed());
      AddError(std::move(member).error());
      if (goes_on) continue;
      return KeepLastOfEachName();
    }
    if (!*member) break;
    if (!(*member)->is_file) continue;
    if ((*member)->is_sparse) {
      AddError({.code = ErrorCode::kNotATrace,
                .what = (*member)->name + ": a sparse member: that is not read"});
      continue;
    }
    const std::uint64_t before = expander_or_null ? expander_or_null->consumed_bytes() : 0;
    const std::size_t traces = contents_.traces.size();
    expander_or_null ? AddStreamed(**member, tar) : AddInPlace(**member);
    if (expander_or_null && contents_.traces.size() > traces) {
      contents_.traces.back().stored_bytes = expander_or_null->consumed_bytes() - before;
    }
  }
  KeepLastOfEachName();
  if (is_full_ || expander_or_null == nullptr) return;
  // What is behind the archive's end has a checksum, too.
  if (auto rest = archive.Skip(~std::uint64_t{0}); !rest.ok()) AddError(std::move(rest).error());
}

// A member of an archive that is not compressed: its bytes are at hand.
void ContentsReader::AddInPlace(const TarMember& member) {
  const ByteView rest = file_.subspan(std::min<std::uint64_t>(member.offset, file_.size()));
  const ByteView bytes = rest.first(std::min<std::uint64_t>(member.size, rest.size()));
  ContainedTrace trace{
      .name = std::string(ShownName(member.name)), .place = {}, .stored_bytes = member.size};
  trace.place.offset = member.offset;
  trace.place.size = member.size;
  if (bytes.size() < member.size) {
    trace.place.damage = Error{.code = ErrorCode::kTruncated, .what = "the archive is cut off"};
  }
  const Compression compression = DetectCompression(bytes);
  ViewSource source(bytes);
  std::optional<Expander> expander;
  if (compression != Compression::kNone) {
    expander.emplace(source, compression, options_.limits, window_);
  }
  const Head head(expander ? static_cast<ByteSource&>(*expander) : source);
  if (expander && expander->wants_large_window()) wants_large_window_ = true;
  if (!is_trace_(head.bytes())) return PassOver(trace.name, head);
  trace.place.compression = compression;
  trace.head = HashContent(head.bytes());
  if (HasRoom(member.name)) contents_.traces.push_back(std::move(trace));
}

// A member of a compressed archive: its bytes come by once.
void ContentsReader::AddStreamed(const TarMember& member, TarReader& tar) {
  ContainedTrace trace{.name = std::string(ShownName(member.name)), .place = {}};
  trace.place.offset = member.offset;
  trace.place.size = member.size;
  MemberSource stored(tar);
  const Head stored_head(stored);
  ResumedSource source(stored_head.bytes(), stored);
  trace.place.compression = DetectCompression(stored_head.bytes());
  std::optional<Expander> expander;
  if (trace.place.compression != Compression::kNone) {
    ExpandLimits limits = options_.limits;
    limits.max_bytes -= std::min(expanded_bytes_, limits.max_bytes);
    expander.emplace(source, trace.place.compression, limits, window_);
  }
  ByteSource& content = expander ? static_cast<ByteSource&>(*expander) : source;
  const Head head(content);
  if (is_trace_(head.bytes())) {
    ContentHasher hasher;
    hasher.Add(head.bytes());
    std::vector<std::uint8_t> buffer(kPieceBytes);
    Result<std::size_t> got = std::size_t{0};
    do {
      got = content.Read(buffer);
      if (got.ok()) hasher.Add(ByteView(buffer).first(*got));
    } while (got.ok() && *got > 0);
    if (!got.ok() && !expander) trace.place.damage = std::move(got).error();
    trace.head = HashContent(head.bytes());
    trace.content = hasher.Hash();
    if (HasRoom(member.name)) contents_.traces.push_back(std::move(trace));
  } else {
    PassOver(trace.name, head);
  }
  if (!expander) return;
  expanded_bytes_ += expander->produced_bytes();
  if (expander->wants_large_window()) wants_large_window_ = true;
}

// A member that is no trace, or cannot be told to be one.
void ContentsReader::PassOver(const std::string& name, const Head& head) {
  if (!head.error()) {
    ++contents_.passed_over;
  } else {
    AddError({.code = head.error()->code, .what = name + ": " + head.error()->what});
  }
}

bool ContentsReader::HasRoom(const std::string& name) {
  names_bytes_ += name.size();
  is_full_ = names_bytes_ > kMaxNamesBytes || contents_.traces.size() == kMaxMembers;
  if (is_full_) {
    AddError({.code = ErrorCode::kLimit,
              .what = fmt::format("more than {} traces, or than {} MiB of names, in an archive",
                                  kMaxMembers, kMaxNamesBytes >> 20)});
  }
  return !is_full_;
}

// As when the archive is unpacked.
void ContentsReader::KeepLastOfEachName() {
  auto& traces = contents_.traces;
  std::ranges::stable_sort(traces, {}, &ContainedTrace::name);
  const auto last_first = std::ranges::subrange(traces.rbegin(), traces.rend());
  const auto again = std::ranges::unique(last_first, {}, &ContainedTrace::name);
  contents_.passed_over += again.size();
  traces.erase(traces.begin(), again.begin().base());
}

}  // namespace

bool LooksLikeContainer(ByteView head) {
  return DetectCompression(head) != Compression::kNone || LooksLikeTar(head);
}

Contents ReadContents(ByteView file, IsTrace is_trace, const ExpandOptions& options) {
  Contents contents;
  for (const Window window : {Window::kUsual, Window::kLarge}) {
    // Of the file and of a member.
    const std::uint64_t bytes = 2 * ExpanderBytes(Compression::kZstd, window);
    const MemoryPass memory(options.memory_or_null, bytes);
    if (!memory.status().ok()) {
      if (window == Window::kUsual) contents.errors.push_back(memory.status().error());
      break;
    }
    ContentsReader reader(file, is_trace, options, window);
    reader.Read();
    contents = std::move(reader.contents());
    if (!reader.wants_large_window()) break;
  }
  return contents;
}

Corpus ListContainer(const CorpusContainer& container,
                     const std::shared_ptr<const StoredFile>& file, IsTrace is_trace,
                     const ExpandOptions& options) {
  Corpus corpus;
  const auto mapped = file->Map();
  if (!mapped.ok()) {
    corpus.errors.push_back(mapped.error());
    return corpus;
  }
  Contents contents = ReadContents(mapped->view().bytes(), is_trace, options);
  std::shared_ptr<CompressedArchive> archive;
  if (contents.is_archive && contents.compression != Compression::kNone) {
    archive = std::make_shared<CompressedArchive>(file, contents.compression);
  }
  for (ContainedTrace& trace : contents.traces) {
    if (!container.member.empty() && trace.name != ShownName(container.member)) continue;
    CorpusFile found{.path = container.path,
                     .bytes = contents.is_archive ? trace.place.size : mapped->size(),
                     .place = std::move(trace.place),
                     .stored_bytes = trace.stored_bytes,
                     .head = trace.head,
                     .content = trace.content};
    if (contents.is_archive) found.path.append(kMemberMark).append(trace.name);
    found.place.file_or_null = file;
    found.place.archive_or_null = archive;
    corpus.traces.push_back(std::move(found));
  }
  corpus.passed_over = contents.passed_over;
  if (!container.member.empty()) corpus.passed_over = 0;
  if (container.is_named && corpus.traces.empty() && contents.errors.empty()) {
    contents.errors.push_back({.code = ErrorCode::kNotATrace,
                               .what = container.member.empty()
                                           ? "an archive without Go execution traces"
                                           : "no such trace in the archive: " + container.member});
  }
  for (Error& error : contents.errors) {
    if (!container.is_named && error.code == ErrorCode::kNotATrace) {
      ++corpus.passed_over;
      continue;
    }
    error.path = container.path;
    corpus.errors.push_back(std::move(error));
  }
  return corpus;
}

}  // namespace gtengine::io
