#include "tools/gtengine/input_file.h"

#include <unistd.h>

namespace gtengine::cli {

Result<io::MappedFile> OpenInput(const std::string& path) {
  return path == kStandardInput ? io::MappedFile::Spool(STDIN_FILENO, path)
                                : io::MappedFile::Open(path);
}

}  // namespace gtengine::cli
