#include "engine/io/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

namespace gtengine::io {
namespace {

Error SystemError(const std::string& path, const std::string& action) {
  return {.code = ErrorCode::kIo, .what = action + ": " + std::strerror(errno), .path = path};
}

// Closes a file descriptor at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }

 private:
  int value_;
};

std::size_t PageBytes() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

std::size_t RoundUp(std::size_t bytes, std::size_t page) {
  return (bytes + page - 1) / page * page;
}

bool WriteAll(int descriptor, const std::uint8_t* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(descriptor, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

}  // namespace

Result<MappedFile> MappedFile::Open(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return SystemError(path, "cannot open");
  return Map(file.get(), path);
}

Result<MappedFile> MappedFile::Spool(int descriptor, const std::string& name) {
  const char* folder = std::getenv("TMPDIR");
  std::string pattern = std::string(folder != nullptr ? folder : "/tmp") + "/gtengine-XXXXXX";
  const Descriptor file(::mkostemp(pattern.data(), O_CLOEXEC));
  if (file.get() < 0) return SystemError(name, "cannot make a temporary file " + pattern);
  ::unlink(pattern.c_str());
  std::vector<std::uint8_t> buffer(std::size_t{1} << 18);
  while (true) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count == 0) break;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(name, "cannot read");
    if (!WriteAll(file.get(), buffer.data(), static_cast<std::size_t>(count))) {
      return SystemError(name, "cannot write to a temporary file");
    }
  }
  return Map(file.get(), name);
}

Result<MappedFile> MappedFile::Map(int descriptor, const std::string& name) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return SystemError(name, "cannot stat");
  if (!S_ISREG(status.st_mode)) {
    return Error{.code = ErrorCode::kIo, .what = "not a regular file", .path = name};
  }
  MappedFile file;
  file.size_ = static_cast<std::size_t>(status.st_size);
  // Anonymous pages first, the file over their beginning: behind its last page at least one more is
  // readable.
  const std::size_t page = PageBytes();
  file.mapped_ = RoundUp(file.size_, page) + RoundUp(kReadableTailBytes, page);
  void* reserved =
      ::mmap(nullptr, file.mapped_, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) return SystemError(name, "cannot map");
  file.data_ = static_cast<std::uint8_t*>(reserved);
  if (file.size_ > 0 && ::mmap(reserved, file.size_, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor,
                               0) == MAP_FAILED) {
    return SystemError(name, "cannot map");
  }
  ::madvise(file.data_, file.size_, MADV_SEQUENTIAL);
  return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      mapped_(std::exchange(other.mapped_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(mapped_, other.mapped_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(data_, mapped_);
}

void MappedFile::Release(std::uint64_t begin, std::uint64_t end) const {
  const std::size_t page = PageBytes();
  const std::size_t first = RoundUp(static_cast<std::size_t>(begin), page);
  const std::size_t last = static_cast<std::size_t>(end) / page * page;
  if (first < last && last <= size_) ::madvise(data_ + first, last - first, MADV_DONTNEED);
}

void MappedFile::ExpectLooks(std::uint64_t offset, bool here_and_there) const {
  const std::size_t first = static_cast<std::size_t>(offset) / PageBytes() * PageBytes();
  if (first >= size_) return;
  ::madvise(data_ + first, size_ - first, here_and_there ? MADV_RANDOM : MADV_SEQUENTIAL);
}

}  // namespace gtengine::io
