#include <cstdio>

#include "engine/base/error.h"

int main() {
  const gtengine::Error error{.code = gtengine::ErrorCode::kTruncated,
                              .what = "ends early",
                              .path = "a.trace",
                              .byte_offset = 16,
                              .generation = {},
                              .m = {}};
  std::puts(error.ToString().c_str());
}
