// What gtengine's exit status says. The text is part of `gtengine --help`.
#pragma once

#include "tools/program/exit_status.h"

namespace gtengine::cli {

// Of gtengine diff: something is slower than --fail-over allows.
inline constexpr int kSlower = 3;

inline constexpr const char* kExitStatusHelp =
    "Exit status:\n"
    "  0    everything was read\n"
    "  1    there is a result, but something was damaged or could not be read\n"
    "  2    wrong usage, nothing readable, or the result could not be written\n"
    "  130  interrupted (Ctrl-C, SIGTERM, SIGHUP): nothing was written to -o\n"
    "  141  whoever read the output left before its end\n";

}  // namespace gtengine::cli
