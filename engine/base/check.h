// Checks of our own invariants. Bad input is never a reason to call these: it comes back as a
// Result.
#pragma once

#include <cstdio>
#include <cstdlib>

// Aborts with the place and the condition when `condition` is false, in every build type.
#define GTENGINE_CHECK(condition)                                                          \
  do {                                                                                     \
    if (!(condition)) [[unlikely]] {                                                       \
      std::fprintf(stderr, "%s:%d: internal error: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                        \
    }                                                                                      \
  } while (false)
