#include "tools/program/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <system_error>

#include "engine/wire/format.h"
#include "engine/wire/header.h"
#include "tools/program/cancel.h"
#include "tools/program/descriptor.h"
#include "tools/program/diagnostics.h"
#include "tools/program/exit_status.h"
#include "tools/program/terminal.h"

namespace gtengine::cli {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kNewFileMode = 0666;  // less the umask
constexpr mode_t kPermissionBits = 07777;

// Where a path leads when links are followed, which a file behind it need not exist for.
std::string FollowLinks(const std::string& path) {
  std::error_code code;
  const fs::path followed = fs::weakly_canonical(path, code);
  return code ? path : followed.string();
}

// Whether it is an input that was named as the output by mistake.
bool IsTrace(const std::string& path) {
  std::array<char, wire::kHeaderBytes> head{};
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), head.size());
  return wire::LooksLikeTrace({reinterpret_cast<const std::uint8_t*>(head.data()),
                               static_cast<std::size_t>(file.gcount())});
}

// Makes a rename last.
void SyncFolder(const fs::path& folder) {
  const char* name = folder.empty() ? "." : folder.c_str();
  const int descriptor = ::open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

Status OutputFile::Open(const std::string& path, OldTrace old_trace) {
  if (path.empty()) {
    name_ = "standard output";
    descriptor_ = STDOUT_FILENO;
    return {};
  }
  name_ = path;
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    if (S_ISDIR(status.st_mode)) {
      return Error{.code = ErrorCode::kIo, .what = "is a folder; name a file in it", .path = name_};
    }
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) return SystemError("cannot open");
    return {};
  }
  target_ = FollowLinks(path);
  if (old_trace == OldTrace::kKeep && IsTrace(target_)) {
    return Error{.code = ErrorCode::kIo,
                 .what = "is a Go execution trace and is not written over",
                 .path = name_};
  }
  // To find out now. The file that counts is opened when there is something to write: a scan of the
  // same folder is not to meet it.
  const Status opened = OpenTemporary();
  Discard();
  return opened;
}

Status OutputFile::OpenTemporary() {
  std::random_device random;
  const fs::path folder = fs::path(target_).parent_path();
  do {
    temporary_ = (folder / fmt::format(".gtengine-{:08x}", random())).string();
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kNewFileMode);
  } while (descriptor_ < 0 && errno == EEXIST);
  if (descriptor_ < 0) {
    const Error error = SystemError("cannot write to its folder");
    temporary_.clear();
    return error;
  }
  RemoveWhenKilled(temporary_.c_str());
  struct stat status {};
  if (::stat(target_.c_str(), &status) == 0) {
    // Best effort: the file keeps its permissions where the system lets it.
    [[maybe_unused]] const int ignored = ::fchmod(descriptor_, status.st_mode & kPermissionBits);
  }
  return {};
}

OutputFile::~OutputFile() { Discard(); }

void OutputFile::Discard() {
  if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
  descriptor_ = -1;
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  RemoveWhenKilled(nullptr);
  temporary_.clear();
}

Status OutputFile::Write(std::string_view bytes) {
  if (descriptor_ < 0) {
    if (Status opened = OpenTemporary(); !opened.ok()) return opened;
  }
  if (WriteAll(descriptor_, bytes)) return {};
  reader_gone_ = errno == EPIPE;
  return SystemError("cannot write");
}

Status OutputFile::Commit() {
  // Some file systems tell at the end only that a write failed.
  const bool is_synced = temporary_.empty() || ::fsync(descriptor_) == 0;
  if (!is_synced || ::close(descriptor_) != 0) return SystemError("cannot write");
  descriptor_ = -1;
  if (temporary_.empty()) return {};
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) return SystemError("cannot put in place");
  RemoveWhenKilled(nullptr);
  temporary_.clear();
  SyncFolder(fs::path(target_).parent_path());
  return {};
}

int OutputFile::ReportFailure(const Error& error) const {
  if (IsCancelled()) return kInterrupted;
  if (reader_gone_) return kReaderGone;
  Say(error);
  return kNoResult;
}

std::optional<std::size_t> OutputFile::TerminalColumns() const {
  return cli::TerminalColumns(descriptor_);
}

Error OutputFile::SystemError(std::string_view action) {
  return {.code = ErrorCode::kIo,
          .what = fmt::format("{}: {}", action, std::strerror(errno)),
          .path = name_};
}

}  // namespace gtengine::cli
