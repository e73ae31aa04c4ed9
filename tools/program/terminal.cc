#include "tools/program/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace gtengine::cli {

std::optional<std::size_t> TerminalColumns(int descriptor) {
  constexpr std::size_t kUnknownWidth = 80;
  if (::isatty(descriptor) != 1) return std::nullopt;
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUnknownWidth;
  return size.ws_col;
}

}  // namespace gtengine::cli
