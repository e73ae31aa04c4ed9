// Writing to a file descriptor.
#pragma once

#include <string_view>

namespace gtengine::cli {

// Writes all of `bytes`, however many pieces that takes. False, with errno set, when the system
// refuses, and with EINTR when the program was told to stop meanwhile (cancel.h).
bool WriteAll(int descriptor, std::string_view bytes);

}  // namespace gtengine::cli
