// The tests link what programs share, which asks for a name.
#include "tools/program/name.h"

namespace gtengine::cli {

constinit const std::string_view kProgramName = "gtengine_tests";

}  // namespace gtengine::cli
