// An unnamed temporary file.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/io/mapped_file.h"

namespace gtengine::io {

// Bytes that do not fit into memory, in a file without a name in $TMPDIR (/tmp where that is not
// set): it is gone with this object and all mappings of it, however the program ends. Move-only.
// One thread at a time writes; any may map.
class SpoolFile {
 public:
  // `name`, here and below, is for messages. Errors are kIo: no folder, no descriptor, no room.
  static Result<SpoolFile> Make(const std::string& name);
  // Takes all that an open stream, such as standard input, still gives.
  static Result<SpoolFile> Copy(int descriptor, const std::string& name);

  SpoolFile(SpoolFile&& other) noexcept;
  SpoolFile& operator=(SpoolFile&& other) noexcept;
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;
  ~SpoolFile();

  Status Append(ByteView bytes);
  Result<MappedFile> Map(std::uint64_t offset = 0,
                         std::uint64_t size = MappedFile::kToTheEnd) const;

 private:
  SpoolFile(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}

  int descriptor_;
  std::string name_;
};

}  // namespace gtengine::io
