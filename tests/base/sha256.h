// Digests of what is compared with what Go's reader says.
#pragma once

#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>
#include <string>
#include <string_view>

namespace gtengine::testing {

inline std::string Sha256(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string hex;
  for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace gtengine::testing
