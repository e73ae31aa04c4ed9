#include "engine/base/error.h"

#include <fmt/format.h>

namespace gtengine {

std::string Error::ToString() const {
  std::string place;
  const auto add = [&place](std::string part) {
    if (!place.empty()) place += ", ";
    place += part;
  };
  if (byte_offset) add(fmt::format("byte {}", *byte_offset));
  if (generation) add(fmt::format("generation {}", *generation));
  if (m) add(fmt::format("M {}", *m));
  std::string line;
  if (!path.empty()) line += path + ": ";
  if (!place.empty()) line += place + ": ";
  return line + what;
}

}  // namespace gtengine
