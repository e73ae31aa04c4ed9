#include "engine/io/read_ahead.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace gtengine::io {

void ReadAhead(const MappedFile& file, std::uint64_t begin, std::uint64_t bytes) {
  if (begin >= file.size()) return;
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t first = begin / page * page;
  const std::uint64_t end = begin + std::min(bytes, file.size() - begin);
  // Only advice: a kernel that does not take it reads the pages when they are touched.
  ::madvise(const_cast<std::uint8_t*>(file.view().data() + first),
            static_cast<std::size_t>(end - first), MADV_WILLNEED);
}

}  // namespace gtengine::io
