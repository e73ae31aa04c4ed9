#include "tools/gtengine/diagnostics.h"

#include <unistd.h>

#include "engine/base/go_quote.h"
#include "tools/gtengine/descriptor.h"

namespace gtengine::cli {

std::string Printable(std::string_view text) {
  std::string quoted;
  AppendGoQuoted(text, quoted);
  std::string printable;
  printable.reserve(quoted.size());
  // Without the quotes around it, quotes and backslashes need no escape.
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] == '\\' && (quoted[i + 1] == '"' || quoted[i + 1] == '\\')) ++i;
    printable += quoted[i];
  }
  return printable;
}

void Say(std::string_view line) { WriteAll(STDERR_FILENO, "gtengine: " + Printable(line) + "\n"); }

}  // namespace gtengine::cli
