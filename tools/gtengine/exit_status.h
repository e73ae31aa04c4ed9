// What the program's exit status says. The text is part of `gtengine --help`.
#pragma once

namespace gtengine::cli {

enum ExitStatus : int {
  kAllRead = 0,
  kSomethingLost = 1,  // there is a result, but something was damaged or could not be read
  kNoResult = 2,       // wrong usage, nothing readable, or the result could not be written
  kInterrupted = 130,  // by a signal, as shells count it for Ctrl-C
  kReaderGone = 141,   // whoever read the output left, as shells count it for SIGPIPE
};

inline constexpr const char* kExitStatusHelp =
    "Exit status:\n"
    "  0    everything was read\n"
    "  1    there is a result, but something was damaged or could not be read\n"
    "  2    wrong usage, nothing readable, or the result could not be written\n"
    "  130  interrupted (Ctrl-C, SIGTERM, SIGHUP): nothing was written to -o\n"
    "  141  whoever read the output left before its end\n";

}  // namespace gtengine::cli
