// Writing to a file descriptor.
#pragma once

#include <string_view>

namespace gtengine::cli {

// Writes all of `bytes`, however many pieces that takes. False, with errno set, when the system
// refuses, and with EINTR when the program was told to stop meanwhile (cancel.h).
bool WriteAll(int descriptor, std::string_view bytes);

// Opens stand-ins for standard streams that were closed. A file that is opened must never get the
// number of such a stream: messages would go into it. The stand-ins refuse what is not meant for
// them. Call first.
void HoldStandardStreams();

}  // namespace gtengine::cli
