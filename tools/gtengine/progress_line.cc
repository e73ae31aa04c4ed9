#include "tools/gtengine/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "tools/gtengine/quantities.h"
#include "tools/program/descriptor.h"
#include "tools/program/terminal.h"

namespace gtengine::cli {
namespace {

// How wide a line on stderr may be that is written over again and again; 0: there are none.
std::size_t LineColumns() {
  const char* kind = std::getenv("TERM");
  if (kind != nullptr && std::string_view(kind) == "dumb") return 0;
  return TerminalColumns(STDERR_FILENO).value_or(0);
}

}  // namespace

ProgressLine::ProgressLine(bool is_quiet) : is_shown_(!is_quiet && LineColumns() > 0) {}

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
  WriteAll(STDERR_FILENO,
           "\r" + text.substr(0, std::max<std::size_t>(LineColumns(), 1) - 1) + "\x1b[K");
  is_drawn_ = true;
}

void ProgressLine::Clear() {
  if (is_drawn_) WriteAll(STDERR_FILENO, "\r\x1b[K");
  is_drawn_ = false;
}

}  // namespace gtengine::cli
