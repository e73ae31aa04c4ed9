#include "tools/program/diagnostics.h"

#include <fmt/format.h>
#include <unistd.h>

#include "engine/render/display_text.h"
#include "tools/program/descriptor.h"
#include "tools/program/name.h"

namespace gtengine::cli {

void Say(std::string_view line) {
  WriteAll(STDERR_FILENO, fmt::format("{}: {}\n", kProgramName, Printable(line)));
}

}  // namespace gtengine::cli
