// A profile in the form in which the golden results have it.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "engine/analysis/document.h"
#include "tests/golden/expected.h"

namespace gtengine::testing {

// Number of samples, their time, number of stacks, and the digest of it all.
inline std::string Digest(const Profile& profile) {
  std::map<std::string, std::string> lines;  // by the stack's text, which orders them
  Int128 count = 0;
  Int128 time_ns = 0;
  for (const ProfileSample& sample : profile.samples) {
    std::string stack;
    for (const std::uint32_t position : sample.stack) {
      const ProfileFrame& frame = profile.frames[position];
      stack += fmt::format("{} {}:{}\n", frame.function, frame.file, frame.line);
    }
    lines[stack] = fmt::format("{} {}\n", sample.values[0], sample.values[1]);
    count += sample.values[0];
    time_ns += sample.values[1];
  }
  Sha256 sha256;
  for (const auto& [stack, numbers] : lines) sha256.Add(numbers + stack + "\n");
  return fmt::format("{} {} {} {}", count, time_ns, lines.size(), sha256.Finish());
}

// The same of a golden's profile.
inline std::string ExpectedDigest(simdjson::dom::element profile) {
  return fmt::format("{} {} {} {}", std::uint64_t{profile["count"]},
                     std::uint64_t{profile["time_ns"]}, std::uint64_t{profile["stacks"]},
                     std::string_view{profile["sha256"]});
}

// The profile of that name.
inline const Profile& ProfileNamed(const Document& document, std::string_view id) {
  for (const Profile& profile : document.profiles) {
    if (profile.id == id) return profile;
  }
  ADD_FAILURE() << "no profile " << id;
  return document.profiles.front();
}

}  // namespace gtengine::testing
