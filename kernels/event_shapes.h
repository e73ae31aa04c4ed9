// Tables of the vector decoders, the same for all targets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "kernels/event_decode.h"

namespace gtengine::kernels {

// Bytes behind the type byte that the shuffles below reach. Of real traces' events 99.7 % end
// within 8; the ids of a server that has run for weeks take them to 11.
inline constexpr std::size_t kShapeBytes = 12;
inline constexpr std::size_t kShapes = std::size_t{1} << kShapeBytes;

// Where the bytes of an event go, given which of those behind its type byte end a uvarint: a
// shuffle to EventRecord's layout of the event's first 16 bytes, at most four of each uvarint. From
// 0x80 on it makes a zero.
struct alignas(32) Shape {
  std::uint8_t from[28];
  std::uint8_t type;        // the type byte
  std::uint8_t flag;        // kComplete or kIncomplete, which both make a zero
  std::uint8_t type_again;  // the type byte: see FoldGroups
  std::uint8_t zero;
};
static_assert(sizeof(Shape) == sizeof(EventRecord));
static_assert(offsetof(EventRecord, time) == 0 && offsetof(EventRecord, args) == 8);
static_assert(offsetof(EventRecord, offset) == 24 && offsetof(EventRecord, type) == 28);
static_assert(offsetof(EventRecord, wide) == 29 && offsetof(EventRecord, length) == 30);

inline constexpr std::uint8_t kComplete = 0x80;
// Something is left out: the rest of a uvarint of more than four bytes, or there is no event.
inline constexpr std::uint8_t kIncomplete = 0x81;

constexpr std::array<Shape, kShapes> MakeShapes() {
  std::array<Shape, kShapes> shapes{};
  for (std::size_t ends = 0; ends < kShapes; ++ends) {
    Shape& shape = shapes[ends];
    for (std::uint8_t& from : shape.from) from = 0x80;
    shape.flag = ends == 0 ? kIncomplete : kComplete;
    shape.zero = 0x80;
    std::size_t lane = 0;  // of four bytes: the time is 0 (and 1, always zero), arguments 2 to 5
    std::size_t byte = 0;
    for (std::size_t i = 0; (ends >> i) != 0 && lane < 6; ++i) {
      if (byte < 4) {
        shape.from[lane * 4 + byte] = static_cast<std::uint8_t>(1 + i);
      } else {
        shape.flag = kIncomplete;
      }
      ++byte;
      if ((ends >> i & 1) != 0) {
        lane = lane == 0 ? 2 : lane + 1;
        byte = 0;
      }
    }
  }
  return shapes;
}
inline constexpr std::array<Shape, kShapes> kShapeOf = MakeShapes();

// By an event's length: those of its bytes that a shape has, as bits. None for an event of no
// length, or of more than a shape has.
constexpr std::array<std::uint16_t, 256> MakeShapeMasks() {
  std::array<std::uint16_t, 256> masks{};
  for (std::size_t length = 1; length <= 1 + kShapeBytes; ++length) {
    masks[length] = static_cast<std::uint16_t>((1u << length) - 2);
  }
  return masks;
}
inline constexpr std::array<std::uint16_t, 256> kShapeMaskOf = MakeShapeMasks();

// Positions of the set bits of eight, the lowest first: of bits 0 to 7 and, eight further, 8 to 15.
struct alignas(8) BitPositions {
  std::uint8_t at[8];
};

constexpr std::array<BitPositions, 256> MakeBitPositions(std::uint8_t first) {
  std::array<BitPositions, 256> positions{};
  for (std::size_t bits = 0; bits < 256; ++bits) {
    std::size_t k = 0;
    for (std::uint8_t i = 0; i < 8; ++i) {
      if ((bits >> i & 1) != 0) positions[bits].at[k++] = static_cast<std::uint8_t>(first + i);
    }
  }
  return positions;
}
inline constexpr std::array<BitPositions, 256> kLowBitPositions = MakeBitPositions(0);
inline constexpr std::array<BitPositions, 256> kHighBitPositions = MakeBitPositions(8);

constexpr std::array<std::uint8_t, 256> MakeBitCounts() {
  std::array<std::uint8_t, 256> counts{};
  for (std::size_t bits = 1; bits < 256; ++bits) {
    counts[bits] = static_cast<std::uint8_t>(counts[bits / 2] + bits % 2);
  }
  return counts;
}
inline constexpr std::array<std::uint8_t, 256> kBitCountOf = MakeBitCounts();

}  // namespace gtengine::kernels
