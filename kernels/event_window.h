// What the first pass of the vector decoders tells the second, the same for all targets.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace gtengine::kernels {

// Bytes that are indexed at once. Their index stays in the nearest cache.
inline constexpr std::size_t kWindowBytes = 1536;

// The uvarints of a window of bytes. One byte tells one fact of one uvarint; of the facts of what
// is behind the last whole uvarint, only the length has a meaning: there is none.
//
// The rows lie one behind the other so that one register reaches a uvarint's facts in all of them.
struct Window {
  enum Row : std::size_t {
    kStep,      // how many uvarints on the next event begins, if an event begins here; 0: none does
    kTwoSteps,  // how many uvarints on the event behind that begins
    kLength,    // bytes of the event; 0: there is none, it does not end here or is unusual
    kBegin,     // where the uvarint begins, the lowest eight bits
  };
  static constexpr std::size_t kRowMargin = 32;  // writable bytes before each row, and 96 behind it
  static constexpr std::size_t kRowBytes = kRowMargin + kWindowBytes + 96;

  std::uint8_t* At(Row row) { return bytes + row * kRowBytes + kRowMargin; }
  const std::uint8_t* At(Row row) const { return bytes + row * kRowBytes + kRowMargin; }
  // A fact of the uvarint whose step is *step.
  static std::uint8_t& Get(std::uint8_t* step, Row row) { return step[(row - kStep) * kRowBytes]; }
  static std::uint8_t Get(const std::uint8_t* step, Row row) {
    return step[(row - kStep) * kRowBytes];
  }

  // To be called when the rows and long_bits are filled: takes the lengths away from events that do
  // not end in the window and from unusual ones.
  void EndRows() {
    std::uint8_t* const steps = At(kStep);
    for (std::size_t k = whole - std::min(whole, kMaxStep - 1); k < whole; ++k) {
      std::uint8_t& length = Get(steps + k, kLength);
      length = k + steps[k] > whole ? 0 : length;
    }
    Get(steps + whole, kLength) = 0;
    has_many_longs = false;
    if (any_long_bits != 0) EndLongs();
  }

  static constexpr std::size_t kMaxStep = 6;
  // An index must refuse longer ones, of which no one is valid. The bytes of an event are known by
  // their lowest eight bits alone: with these, what is behind its first uvarints is less than 256
  // bytes, so that a length which is too short by 256 does not reach the end of the first.
  static constexpr std::size_t kMaxUvarintBytes = 63;

  alignas(64) std::uint8_t bytes[4 * kRowBytes];
  // Which bytes of the window end a uvarint, as bits; only for targets that cannot tell cheaply.
  std::uint8_t ends[kWindowBytes / 8 + 8];
  std::size_t at;     // where the window begins
  std::size_t whole;  // uvarints that end in it

  // Uvarints of more than four bytes, as bits, `long_stride` a word; all words or'ed.
  std::uint64_t long_bits[kWindowBytes / 16 + 1];
  std::uint64_t any_long_bits;
  std::size_t long_stride;
  // Events with a long uvarint are unusual, unless they are many: those of goroutine ids of a
  // server that has run for months, or of heaps of gigabytes. A branch that tells them from others
  // would then often be predicted wrong.
  bool has_many_longs;

 private:
  static constexpr std::size_t kManyLongs = 8;

  void EndLongs() {
    std::array<std::size_t, kManyLongs> longs;
    std::size_t count = 0;
    for (std::size_t first = 0; first <= whole; first += long_stride) {
      for (std::uint64_t bits = long_bits[first / long_stride]; bits != 0; bits &= bits - 1) {
        longs[count++] = first + static_cast<std::size_t>(std::countr_zero(bits));
        has_many_longs = count == kManyLongs;
        if (has_many_longs) return;
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t back = 0; back < kMaxStep && back <= longs[i]; ++back) {
        std::uint8_t* const step = At(kStep) + longs[i] - back;
        if (*step > back) Get(step, kLength) = 0;
      }
    }
  }
};

}  // namespace gtengine::kernels
