// A hash for numbers that come from files.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gtengine {

// Mixes the bits, so that no choice of ids makes a hash table slow.
struct MixHash {
  std::size_t operator()(std::uint64_t id) const {
    std::uint64_t x = id * 0x9E3779B97F4A7C15u;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    return static_cast<std::size_t>(x ^ (x >> 32));
  }
};

}  // namespace gtengine
