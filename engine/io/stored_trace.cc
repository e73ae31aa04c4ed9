#include "engine/io/stored_trace.h"

#include <utility>
#include <vector>

#include "engine/io/byte_source.h"

namespace gtengine::io {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10;

// Nothing: a larger window is wanted.
Result<std::optional<Expanded>> TryExpand(const MappedFile& compressed, Compression compression,
                                          const std::string& name, const ExpandOptions& options,
                                          Window window) {
  const MemoryPass memory(options.memory_or_null, ExpanderBytes(compression, window) + kPieceBytes);
  if (!memory.status().ok()) return memory.status().error();
  auto spool = SpoolFile::Make(name);
  if (!spool.ok()) return std::move(spool).error();
  ViewSource source(compressed.view().bytes());
  Expander expander(source, compression, options.limits, window);
  std::vector<std::uint8_t> buffer(kPieceBytes);
  while (true) {
    if (options.is_cancelled && options.is_cancelled()) {
      return Error{.code = ErrorCode::kIo, .what = "interrupted"};
    }
    auto size = expander.Read(buffer);
    if (expander.wants_large_window()) return std::optional<Expanded>();
    if (!size.ok() && size.error().code == ErrorCode::kLimit) return std::move(size).error();
    if (!size.ok()) return std::optional(Expanded{std::move(*spool), std::move(size).error()});
    if (*size == 0) return std::optional(Expanded{std::move(*spool), std::nullopt});
    const Status written = spool->Append(ByteView(buffer).first(*size));
    if (!written.ok()) return written.error();
    compressed.Release(expander.consumed_bytes());
  }
}

}  // namespace

Result<Expanded> Expand(const MappedFile& compressed, Compression compression,
                        const std::string& name, const ExpandOptions& options) {
  auto expanded = TryExpand(compressed, compression, name, options, Window::kUsual);
  if (expanded.ok() && !*expanded) {
    expanded = TryExpand(compressed, compression, name, options, Window::kLarge);
  }
  if (!expanded.ok()) return std::move(expanded).error();
  return *std::move(expanded).value();
}

std::shared_ptr<const StoredFile> StoredFile::Named(std::string path) {
  return std::make_shared<const StoredFile>(std::move(path), std::nullopt);
}

Result<std::shared_ptr<const StoredFile>> StoredFile::Copy(int descriptor,
                                                           const std::string& name) {
  auto spool = SpoolFile::Copy(descriptor, name);
  if (!spool.ok()) return std::move(spool).error();
  return std::make_shared<const StoredFile>(name, std::move(*spool));
}

Result<MappedFile> StoredFile::Map(std::uint64_t offset, std::uint64_t size) const {
  return spool_ ? spool_->Map(offset, size) : MappedFile::Open(path_, offset, size);
}

Result<MappedFile> CompressedArchive::Map(std::uint64_t offset, std::uint64_t size,
                                          const ExpandOptions& options) {
  const std::lock_guard lock(mutex_);
  if (!expanded_) {
    const auto compressed = file_->Map();
    if (!compressed.ok()) return compressed.error();
    auto expanded = Expand(*compressed, compression_, file_->path(), options);
    if (expanded.ok()) expanded_.emplace(std::move(expanded).value().file);
    if (!expanded.ok()) expanded_.emplace(std::move(expanded).error());
  }
  if (!expanded_->ok()) return expanded_->error();
  return (*expanded_)->Map(offset, size);
}

Result<OpenedTrace> OpenTrace(const std::string& path, const TracePlace& place,
                              const ExpandOptions& options) {
  auto mapped = place.archive_or_null
                    ? place.archive_or_null->Map(place.offset, place.size, options)
                : place.file_or_null ? place.file_or_null->Map(place.offset, place.size)
                                     : MappedFile::Open(path, place.offset, place.size);
  OpenedTrace opened;
  opened.damage = place.damage;
  std::optional<Error> error;
  if (!mapped.ok()) {
    error = std::move(mapped).error();
  } else if (place.compression == Compression::kNone) {
    opened.file = std::move(*mapped);
  } else if (auto expanded = Expand(*mapped, place.compression, path, options); !expanded.ok()) {
    error = std::move(expanded).error();
  } else if (auto file = expanded->file.Map(); !file.ok()) {
    error = std::move(file).error();
  } else {
    opened.file = std::move(*file);
    if (!opened.damage) opened.damage = std::move(expanded->damage);
  }
  if (!error) return opened;
  error->path = path;
  return *std::move(error);
}

}  // namespace gtengine::io
