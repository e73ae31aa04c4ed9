#include "tools/program/descriptor.h"

#include <fcntl.h>
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

void HoldStandardStreams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    [[maybe_unused]] const int held =
        ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace gtengine::cli
