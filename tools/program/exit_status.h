// What a program's exit status says.
#pragma once

namespace gtengine::cli {

enum ExitStatus : int {
  kAllRead = 0,
  kSomethingLost = 1,  // there is a result, but something was damaged or could not be read
  kNoResult = 2,       // wrong usage, nothing readable, or the result could not be written
  kInterrupted = 130,  // by a signal, as shells count it for Ctrl-C
  kReaderGone = 141,   // whoever read the output left, as shells count it for SIGPIPE
};

}  // namespace gtengine::cli
