// A whole file as memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"

namespace gtengine::io {

// A read-only mapping of a regular file, with the readable tail that PaddedView promises even where
// the file ends exactly at a page boundary. Opening costs a few system calls; pages are read when
// they are touched. Move-only; the view lives as long as the object. Reading is safe from any
// thread.
class MappedFile {
 public:
  static constexpr std::uint64_t kToTheEnd = ~std::uint64_t{0};

  // Maps the file's `size` bytes from `offset` on, or as many of them as there are.
  // Errors (kIo) name the path and what the system said. Not for pipes and devices: see
  // engine/io/spool_file.h.
  static Result<MappedFile> Open(const std::string& path, std::uint64_t offset = 0,
                                 std::uint64_t size = kToTheEnd);

  // Likewise of an open file: the descriptor may be closed then. `name` is for messages.
  static Result<MappedFile> Map(int descriptor, const std::string& name, std::uint64_t offset,
                                std::uint64_t size);

  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  PaddedView view() const { return PaddedView::Promise(data_, size_); }
  std::size_t size() const { return size_; }

  // The bytes before `offset` will not be used again soon: their pages may go. They are still legal
  // to read.
  void Release(std::uint64_t offset) const { Release(0, offset); }
  // Likewise those from `begin` to `end`, in whole pages.
  void Release(std::uint64_t begin, std::uint64_t end) const;

  // Whether the bytes from `offset` on are about to be looked at here and there: then no more is
  // read from the disk than is looked at.
  void ExpectLooks(std::uint64_t offset, bool here_and_there) const;

 private:
  std::uint8_t* base_ = nullptr;  // a whole page's beginning
  std::uint8_t* data_ = nullptr;  // in that page
  std::size_t size_ = 0;
  std::size_t mapped_ = 0;  // bytes of address space, the tail included
};

}  // namespace gtengine::io
