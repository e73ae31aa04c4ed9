// Measurements by whole stack, without any format: what a report's profiles become for those who
// write them (engine/render).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/analysis/document.h"
#include "engine/base/int128.h"

namespace gtengine {

struct ProfileFrame {
  std::string function;
  std::string file;
  std::uint64_t line = 0;

  friend auto operator<=>(const ProfileFrame&, const ProfileFrame&) = default;
};

// What a profile measures.
struct ProfileValue {
  std::string id;  // as the profile's readers know it, such as "delay"
  Unit unit = Unit::kCount;
};

// What a sample belongs to besides its stack: name and text, in order of name, each name once.
using ProfileLabels = std::vector<std::pair<std::string, std::string>>;

struct ProfileSample {
  std::vector<std::uint32_t> stack;  // positions among the profile's frames, leaf first
  ProfileLabels labels;
  std::vector<Int128> values;  // one for each of the profile's values
};

// ProfileBuilder (profile_builder.h) makes one in canonical order.
struct Profile {
  std::string name;  // "net", "sync", "syscall", ...
  std::vector<ProfileValue> values;
  std::vector<ProfileFrame> frames;
  std::vector<ProfileSample> samples;
};

}  // namespace gtengine
