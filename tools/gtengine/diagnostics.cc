#include "tools/gtengine/diagnostics.h"

#include <unistd.h>

#include "engine/render/display_text.h"
#include "tools/gtengine/descriptor.h"

namespace gtengine::cli {

void Say(std::string_view line) { WriteAll(STDERR_FILENO, "gtengine: " + Printable(line) + "\n"); }

}  // namespace gtengine::cli
