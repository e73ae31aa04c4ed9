// Numbers that look random and depend on a seed alone.
#pragma once

#include <cstdint>

namespace gtengine::tracegen {

// Mixes the bits of a number: SplitMix64's finalizer (Steele, Lea and Flood, 2014).
constexpr std::uint64_t Scramble(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

// SplitMix64. A ns or two a number.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  constexpr std::uint64_t Next() { return Scramble(state_ += 0x9e3779b97f4a7c15); }
  // From 0 to `bound` - 1; 0 when that is 0.
  constexpr std::uint64_t Below(std::uint64_t bound) { return Scale(Next(), bound); }
  // True once in `count`.
  constexpr bool OnceIn(std::uint64_t count) { return Below(count) == 0; }

  // What a random number is as one below `bound`.
  static constexpr std::uint64_t Scale(std::uint64_t random, std::uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(static_cast<Wide>(random) * bound >> 64);
  }

 private:
  std::uint64_t state_;
};

}  // namespace gtengine::tracegen
