#include "engine/io/read_ahead.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace gtengine::io {

void ReadAhead(const MappedFile& file, std::uint64_t begin, std::uint64_t bytes) {
  if (begin >= file.size()) return;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto data = reinterpret_cast<std::uintptr_t>(file.view().data());
  const std::uintptr_t first = (data + begin) / page * page;
  const std::uintptr_t end = data + begin + std::min(bytes, file.size() - begin);
  // Only advice: a kernel that does not take it reads the pages when they are touched.
  ::madvise(reinterpret_cast<void*>(first), end - first, MADV_WILLNEED);
}

}  // namespace gtengine::io
