#include "tools/gtengine/progress_line.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "tools/gtengine/descriptor.h"
#include "tools/gtengine/quantities.h"

namespace gtengine::cli {
namespace {

bool IsTerminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && (kind == nullptr || std::string_view(kind) != "dumb");
}

std::size_t Columns() {
  constexpr std::size_t kUnknown = 80;
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUnknown;
  return size.ws_col;
}

}  // namespace

ProgressLine::ProgressLine(bool is_quiet) : is_shown_(!is_quiet && IsTerminal()) {}

void ProgressLine::Update(const run::Progress& progress) {
  if (!is_shown_ || progress.traces == 0) return;
  const std::uint64_t percent =
      progress.bytes == 0
          ? 0
          : std::min<std::uint64_t>(progress.bytes_done * 100 / progress.bytes, 100);
  Draw(fmt::format("{}%  {} of {} traces, {} of {}", percent, progress.traces_done, progress.traces,
                   InUnits(static_cast<double>(progress.bytes_done), "B"),
                   InUnits(static_cast<double>(progress.bytes), "B")));
}

void ProgressLine::Draw(const std::string& text) {
  WriteAll(STDERR_FILENO, "\r" + text.substr(0, Columns() - 1) + "\x1b[K");
  is_drawn_ = true;
}

void ProgressLine::Clear() {
  if (is_drawn_) WriteAll(STDERR_FILENO, "\r\x1b[K");
  is_drawn_ = false;
}

}  // namespace gtengine::cli
