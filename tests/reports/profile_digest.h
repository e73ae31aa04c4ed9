// A stack profile in the form in which the golden results have it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/stack_profile.h"
#include "tests/golden/expected.h"

namespace gtengine::testing {

// Number of samples, their time, number of stacks, and the digest of it all.
inline std::string Digest(const StackProfile& profile) {
  std::map<std::string, std::string> lines;  // by the stack's text, which orders them
  std::uint64_t count = 0;
  Uint128 time_ns = 0;
  for (const StackProfile::Sample& sample : profile.samples) {
    std::string stack;
    for (const FrameRef ref : profile.tables->stacks.GetStack(sample.stack)) {
      const Frame& frame = profile.tables->stacks.GetFrame(ref);
      stack += fmt::format("{} {}:{}\n", profile.tables->strings.Get(frame.function),
                           profile.tables->strings.Get(frame.file), frame.line);
    }
    lines[stack] = fmt::format("{} {}\n", sample.count, static_cast<std::uint64_t>(sample.time_ns));
    count += sample.count;
    time_ns += sample.time_ns;
  }
  Sha256 sha256;
  for (const auto& [stack, numbers] : lines) sha256.Add(numbers + stack + "\n");
  return fmt::format("{} {} {} {}", count, static_cast<std::uint64_t>(time_ns), lines.size(),
                     sha256.Finish());
}

// The same of a golden's profile.
inline std::string ExpectedDigest(simdjson::dom::element profile) {
  return fmt::format("{} {} {} {}", std::uint64_t{profile["count"]},
                     std::uint64_t{profile["time_ns"]}, std::uint64_t{profile["stacks"]},
                     std::string_view{profile["sha256"]});
}

// The profile of that name.
inline const StackProfile& ProfileNamed(const std::vector<StackProfile>& profiles,
                                        std::string_view name) {
  for (const StackProfile& profile : profiles) {
    if (profile.name == name) return profile;
  }
  ADD_FAILURE() << "no profile " << name;
  return profiles.front();
}

}  // namespace gtengine::testing
