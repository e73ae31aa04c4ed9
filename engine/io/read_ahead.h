// Reading a mapped file before its bytes are needed.
#pragma once

#include <cstdint>

#include "engine/io/mapped_file.h"

namespace gtengine::io {

// Asks the system to read so many bytes from `begin` on while something else is done, as far as
// the file goes. Does not wait for the disk. Where the bytes are in memory already, some 50 ns for
// each page of them.
void ReadAhead(const MappedFile& file, std::uint64_t begin, std::uint64_t bytes);

}  // namespace gtengine::io
