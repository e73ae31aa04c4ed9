#include "engine/io/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

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

}  // namespace

Result<MappedFile> MappedFile::Open(const std::string& path, std::uint64_t offset,
                                    std::uint64_t size) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return SystemError(path, "cannot open");
  return Map(file.get(), path, offset, size);
}

Result<MappedFile> MappedFile::Map(int descriptor, const std::string& name, std::uint64_t offset,
                                   std::uint64_t size) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return SystemError(name, "cannot stat");
  if (!S_ISREG(status.st_mode)) {
    return Error{.code = ErrorCode::kIo, .what = "not a regular file", .path = name};
  }
  const auto whole = static_cast<std::uint64_t>(status.st_size);
  offset = std::min(offset, whole);
  MappedFile file;
  file.size_ = static_cast<std::size_t>(std::min(size, whole - offset));
  // Anonymous pages first, the file over their beginning: behind its last page at least one more is
  // readable.
  const std::size_t page = PageBytes();
  const std::size_t lead = static_cast<std::size_t>(offset) % page;
  file.mapped_ = RoundUp(lead + file.size_, page) + RoundUp(kReadableTailBytes, page);
  void* reserved =
      ::mmap(nullptr, file.mapped_, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) return SystemError(name, "cannot map");
  file.base_ = static_cast<std::uint8_t*>(reserved);
  file.data_ = file.base_ + lead;
  if (file.size_ > 0 && ::mmap(reserved, lead + file.size_, PROT_READ, MAP_PRIVATE | MAP_FIXED,
                               descriptor, static_cast<off_t>(offset - lead)) == MAP_FAILED) {
    return SystemError(name, "cannot map");
  }
  ::madvise(file.base_, lead + file.size_, MADV_SEQUENTIAL);
  return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      mapped_(std::exchange(other.mapped_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(base_, other.base_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(mapped_, other.mapped_);
  return *this;
}

MappedFile::~MappedFile() {
  if (base_ != nullptr) ::munmap(base_, mapped_);
}

void MappedFile::Release(std::uint64_t begin, std::uint64_t end) const {
  const std::size_t page = PageBytes();
  const auto lead = static_cast<std::size_t>(data_ - base_);
  const std::size_t first = RoundUp(lead + static_cast<std::size_t>(begin), page);
  const std::size_t last = (lead + static_cast<std::size_t>(end)) / page * page;
  if (first < last && end <= size_) ::madvise(base_ + first, last - first, MADV_DONTNEED);
}

void MappedFile::ExpectLooks(std::uint64_t offset, bool here_and_there) const {
  if (offset >= size_) return;
  const std::size_t page = PageBytes();
  const auto lead = static_cast<std::size_t>(data_ - base_);
  const std::size_t first = (lead + static_cast<std::size_t>(offset)) / page * page;
  ::madvise(base_ + first, lead + size_ - first, here_and_there ? MADV_RANDOM : MADV_SEQUENTIAL);
}

}  // namespace gtengine::io
