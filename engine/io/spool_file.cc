#include "engine/io/spool_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

namespace gtengine::io {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 18;

Error SystemError(const std::string& name, const std::string& action) {
  return {.code = ErrorCode::kIo, .what = action + ": " + std::strerror(errno), .path = name};
}

}  // namespace

Result<SpoolFile> SpoolFile::Make(const std::string& name) {
  const char* folder = std::getenv("TMPDIR");
  std::string pattern = std::string(folder != nullptr ? folder : "/tmp") + "/gtengine-XXXXXX";
  const int descriptor = ::mkostemp(pattern.data(), O_CLOEXEC);
  if (descriptor < 0) return SystemError(name, "cannot make a temporary file " + pattern);
  ::unlink(pattern.c_str());
  return SpoolFile(descriptor, name);
}

Result<SpoolFile> SpoolFile::Copy(int descriptor, const std::string& name) {
  auto file = Make(name);
  if (!file.ok()) return file;
  std::vector<std::uint8_t> buffer(kPieceBytes);
  while (true) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count == 0) return file;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(name, "cannot read");
    const ByteView piece = ByteView(buffer).first(static_cast<std::size_t>(count));
    if (Status written = file->Append(piece); !written.ok()) return std::move(written).error();
  }
}

Status SpoolFile::Append(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(name_, "cannot write to a temporary file");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<MappedFile> SpoolFile::Map(std::uint64_t offset, std::uint64_t size) const {
  return MappedFile::Map(descriptor_, name_, offset, size);
}

SpoolFile::SpoolFile(SpoolFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), name_(std::move(other.name_)) {}

SpoolFile& SpoolFile::operator=(SpoolFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(name_, other.name_);
  return *this;
}

SpoolFile::~SpoolFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace gtengine::io
