// A trace in a file, as it is, compressed, or as a member of an archive.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/result.h"
#include "engine/io/content_hash.h"
#include "engine/io/expander.h"
#include "engine/io/mapped_file.h"
#include "engine/io/spool_file.h"

namespace gtengine::io {

// Counts the memory of expanders against a bound. Safe from any thread.
class MemoryGate {
 public:
  virtual ~MemoryGate() = default;
  // Waits until so many bytes are free. Errors (kLimit): they never are.
  virtual Status Take(std::uint64_t bytes) = 0;
  virtual void GiveBack(std::uint64_t bytes) = 0;
};

// Memory of a gate for the length of a scope, if there is a gate.
class MemoryPass {
 public:
  MemoryPass(MemoryGate* gate_or_null, std::uint64_t bytes) : gate_(gate_or_null), bytes_(bytes) {
    if (gate_ != nullptr) status_ = gate_->Take(bytes);
  }
  MemoryPass(const MemoryPass&) = delete;
  MemoryPass& operator=(const MemoryPass&) = delete;
  ~MemoryPass() {
    if (gate_ != nullptr && status_.ok()) gate_->GiveBack(bytes_);
  }

  const Status& status() const { return status_; }

 private:
  MemoryGate* gate_;
  std::uint64_t bytes_;
  Status status_;
};

struct ExpandOptions {
  ExpandLimits limits = {};
  MemoryGate* memory_or_null = nullptr;     // borrowed
  std::function<bool()> is_cancelled = {};  // true: end early, with an error; may be empty
};

// What came out of a compressed file.
struct Expanded {
  SpoolFile file;
  std::optional<Error> damage;  // it is not all: what is wrong
};

// Expands into a temporary file. Errors: kLimit (options.limits: nothing of it is to be used), kIo.
Result<Expanded> Expand(const MappedFile& compressed, Compression compression,
                        const std::string& name, const ExpandOptions& options);

// A file of this machine, or standard input in a temporary file. Immutable; shared by the traces in
// it; may be used from any thread.
class StoredFile {
 public:
  static std::shared_ptr<const StoredFile> Named(std::string path);
  static Result<std::shared_ptr<const StoredFile>> Copy(int descriptor, const std::string& name);

  StoredFile(std::string path, std::optional<SpoolFile> spool)
      : path_(std::move(path)), spool_(std::move(spool)) {}

  Result<MappedFile> Map(std::uint64_t offset = 0,
                         std::uint64_t size = MappedFile::kToTheEnd) const;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::optional<SpoolFile> spool_;
};

// A compressed archive. Expands, when the first member is wanted, into a temporary file that lives
// as long as this object. May be used from any thread; others wait while it expands.
class CompressedArchive {
 public:
  // The damage is told of each member: TracePlace.
  CompressedArchive(std::shared_ptr<const StoredFile> file, Compression compression)
      : file_(std::move(file)), compression_(compression) {}

  Result<MappedFile> Map(std::uint64_t offset, std::uint64_t size, const ExpandOptions& options);

 private:
  std::shared_ptr<const StoredFile> file_;
  Compression compression_;
  std::mutex mutex_;
  std::optional<Result<SpoolFile>> expanded_;
};

// Where a trace's bytes are. Copies share what they stand in.
struct TracePlace {
  std::shared_ptr<const StoredFile> file_or_null = {};      // null: the trace's path is the file
  std::shared_ptr<CompressedArchive> archive_or_null = {};  // in place of the file
  std::uint64_t offset = 0;                                 // in the file or the expanded archive
  std::uint64_t size = MappedFile::kToTheEnd;               // there
  Compression compression = Compression::kNone;             // of the trace itself
  std::optional<Error> damage = {};                         // the archive has not all of it
};

struct OpenedTrace {
  MappedFile file;
  std::optional<Error> damage;  // bytes are missing at the end, or may be wrong; without a path
};

// Maps a trace, by way of a temporary file where it is compressed. Errors name the path.
Result<OpenedTrace> OpenTrace(const std::string& path, const TracePlace& place,
                              const ExpandOptions& options);

}  // namespace gtengine::io
