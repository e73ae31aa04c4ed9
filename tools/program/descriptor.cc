#include "tools/program/descriptor.h"

#include <unistd.h>

#include <cerrno>

#include "tools/program/cancel.h"

namespace gtengine::cli {

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    // A signal also cuts a write short that has begun.
    if (!bytes.empty() && IsCancelled()) {
      errno = EINTR;
      return false;
    }
  }
  return true;
}

}  // namespace gtengine::cli
