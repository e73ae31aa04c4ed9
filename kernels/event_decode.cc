// Decodes in two passes over windows of 1 KiB, neither of which has a branch that depends on the
// data of usual events.
//
// The first indexes all uvarints: where each begins and, from its first byte as if that were a
// type, how many uvarints on the next event would begin. The second goes from event to event by
// that index, which takes one load where the bytes themselves take a type, a count and a search,
// each waiting for the one before; and moves each event's bytes to their lanes with one shuffle.
#include "kernels/event_decode.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels/event_decode_one.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/event_decode.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

// This file is compiled once a target; what follows is the same for all of them.
#ifndef GTENGINE_KERNELS_EVENT_DECODE_SHAPES
#define GTENGINE_KERNELS_EVENT_DECODE_SHAPES

namespace gtengine::kernels {

// Bytes behind the type byte that the shuffles below reach. Of real traces' events 99.7 % end
// within 8; the ids of a server that has run for weeks take them to 11.
inline constexpr std::size_t kShapeBytes = 12;
inline constexpr std::size_t kShapes = std::size_t{1} << kShapeBytes;

// Where the bytes of an event go, given which of them end a uvarint: a shuffle to EventRecord's
// layout, at most four bytes of each uvarint. 0x80 makes a zero.
struct alignas(32) Shape {
  std::uint8_t from[28];
  // 1 when the shuffle leaves something out: a uvarint of more than four bytes, or no event at all.
  // (As a shuffle it is harmless: what it moves is overwritten with the type.)
  std::uint8_t incomplete;
  std::uint8_t zero[3];
};
static_assert(sizeof(Shape) == sizeof(EventRecord));
static_assert(offsetof(EventRecord, time) == 0 && offsetof(EventRecord, args) == 8);
static_assert(offsetof(EventRecord, offset) == 24 && offsetof(EventRecord, type) == 28);
static_assert(offsetof(EventRecord, wide) == 29 && offsetof(EventRecord, length) == 30);

constexpr std::array<Shape, kShapes> MakeShapes() {
  std::array<Shape, kShapes> shapes{};
  for (std::size_t ends = 0; ends < kShapes; ++ends) {
    Shape& shape = shapes[ends];
    for (std::uint8_t& from : shape.from) from = 0x80;
    for (std::uint8_t& from : shape.zero) from = 0x80;
    shape.incomplete = ends == 0 ? 1 : 0;
    std::size_t lane = 0;  // of four bytes: the time is 0 (and 1, always zero), arguments 2 to 5
    std::size_t byte = 0;
    for (std::size_t i = 0; (ends >> i) != 0 && lane < 6; ++i) {
      if (byte < 4) {
        shape.from[lane * 4 + byte] = static_cast<std::uint8_t>(i);
      } else {
        shape.incomplete = 1;
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

constexpr std::array<std::uint8_t, 256> MakeBitCounts() {
  std::array<std::uint8_t, 256> counts{};
  for (std::size_t bits = 0; bits < 256; ++bits) {
    counts[bits] = static_cast<std::uint8_t>(std::popcount(bits));
  }
  return counts;
}

inline constexpr std::array<BitPositions, 256> kLowBitPositions = MakeBitPositions(0);
inline constexpr std::array<BitPositions, 256> kHighBitPositions = MakeBitPositions(8);
inline constexpr std::array<std::uint8_t, 256> kBitCountOf = MakeBitCounts();

// Bytes that are indexed at once. The index of a window stays in the nearest cache.
inline constexpr std::size_t kWindowBytes = 1024;

// The uvarints of one window.
struct Window {
  // Where each begins, from the window's begin; one more than there are whole ones. Behind these is
  // anything.
  alignas(64) std::uint16_t begin[kWindowBytes + 32];
  // The first byte of each; then how many uvarints on the next event begins, if it is a type: 0 for
  // no event's type, 0xFF behind the last whole uvarint.
  alignas(64) std::uint8_t step[kWindowBytes + 64];
  // The same for two events: each step waits for the one before, for longer than the rest of an
  // event takes.
  alignas(64) std::uint8_t two_steps[kWindowBytes + 64];
  std::size_t whole;  // uvarints that end in the window
};

// Window::step by first byte, as blocks of 16 of which only those with an event's type are kept.
// Types from 128 have the continuation bit, so that the type and the time difference count as one.
struct Steps {
  alignas(16) std::uint8_t of_block[16][16];
  std::uint8_t block[16];
  std::size_t blocks;
};

// How far a window was decoded.
struct Progress {
  std::size_t at;     // the next event's begin
  EventRecord* out;   // its record
  std::size_t longs;  // events that took StoreLongRecord
  DecodeStop stop;    // kEnd: go on
};

}  // namespace gtengine::kernels

#endif  // GTENGINE_KERNELS_EVENT_DECODE_SHAPES

HWY_BEFORE_NAMESPACE();
namespace gtengine::kernels {
namespace HWY_NAMESPACE {

// Emulated vectors are slower than plain code.
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

DecodeResult DecodeEventsVector(const std::uint8_t* data, std::size_t begin, std::size_t size,
                                const ArgCounts& arg_counts, EventRecord* out,
                                std::size_t capacity) {
  return DecodeEventsScalar(data, begin, size, arg_counts, out, capacity);
}

#else

static_assert(std::endian::native == std::endian::little, "records are built as bytes");

namespace hn = hwy::HWY_NAMESPACE;

#undef GTENGINE_WHOLE_RECORD
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
#define GTENGINE_WHOLE_RECORD 1
#else
#define GTENGINE_WHOLE_RECORD 0
#endif

// A record is one vector, or two halves.
#if GTENGINE_WHOLE_RECORD
constexpr hn::FixedTag<std::uint8_t, 32> kBytes;
#else
constexpr hn::FixedTag<std::uint8_t, 16> kBytes;
#endif
using Bytes = hn::Vec<decltype(kBytes)>;
constexpr std::size_t kStride = hn::MaxLanes(kBytes);

constexpr hn::FixedTag<std::uint8_t, 16> kBlock;
constexpr hn::FixedTag<std::uint8_t, 8> kHalf;

// Not unrolled, here and in IndexUvarints: GCC would move 16 loads in front of each window.
HWY_INLINE void MakeSteps(const ArgCounts& arg_counts, Steps* steps) {
  std::size_t blocks = 0;
#pragma GCC unroll 1
  for (std::size_t block = 0; block < 16; ++block) {
    const auto counts = hn::LoadU(kBlock, arg_counts.data() + 16 * block);
    const auto is_event = hn::Ne(counts, hn::Zero(kBlock));
    const auto type_itself = hn::Set(kBlock, static_cast<std::uint8_t>(block < 8 ? 1 : 0));
    hn::Store(hn::IfThenElseZero(is_event, hn::Add(counts, type_itself)), kBlock,
              steps->of_block[blocks]);
    steps->block[blocks] = static_cast<std::uint8_t>(block);
    blocks += hn::AllFalse(kBlock, is_event) ? 0 : 1;
  }
  steps->blocks = blocks;
}

// Bit i tells that byte i of `bytes`, of which `loaded` are the first 16, ends a uvarint. The bits
// from 16 on are of no meaning.
template <class Loaded>
HWY_INLINE std::uint32_t EndMask([[maybe_unused]] const std::uint8_t* bytes,
                                 [[maybe_unused]] Loaded loaded) {
#if HWY_ARCH_X86
#if GTENGINE_WHOLE_RECORD
  if constexpr (sizeof(loaded) == 32) {
    return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(loaded.raw));
  }
#endif
  if constexpr (sizeof(loaded) == 16) {
    return ~static_cast<std::uint32_t>(_mm_movemask_epi8(loaded.raw));
  }
#else
  std::uint64_t halves[2];
  std::memcpy(halves, bytes, 16);
  // The multiplication gathers the lowest bits of the bytes in the highest byte: no two terms meet.
  const auto gather = [](std::uint64_t half) {
    return ((~half >> 7) & 0x0101010101010101) * 0x0102040810204080 >> 56;
  };
  return static_cast<std::uint32_t>(gather(halves[0]) | gather(halves[1]) << 8);
#endif
}

// Indexes the first `size` bytes, 1 to kWindowBytes, of `bytes`.
HWY_NOINLINE void IndexUvarints(const std::uint8_t* bytes, std::size_t size, const Steps& steps,
                                Window* window) {
  const hn::FixedTag<std::uint16_t, 8> d16;
  const auto block_bytes = hn::Set(d16, 16);
  std::size_t count = 0;
  std::uint32_t begins = 1;  // bit 0: the byte before the next block ends a uvarint
  auto base = hn::Zero(d16);
  const auto add = [&](hn::Vec<decltype(kBlock)> block, const BitPositions* positions_of) HWY_ATTR {
    const auto positions = hn::Load(kHalf, positions_of[begins & 0xFF].at);
    hn::StoreU(
        hn::LowerHalf(kHalf, hn::TableLookupBytes(block, hn::ZeroExtendVector(kBlock, positions))),
        kHalf, window->step + count);
    hn::StoreU(hn::Add(hn::PromoteTo(d16, positions), base), d16, window->begin + count);
    count += kBitCountOf[begins & 0xFF];
    begins >>= 8;
  };
  const auto add_block = [&](std::size_t i, std::uint32_t mask) HWY_ATTR {
    const auto block = hn::LoadU(kBlock, bytes + i);
    begins |= (EndMask(bytes + i, block) & mask) << 1;
    add(block, kLowBitPositions.data());
    add(block, kHighBitPositions.data());
    base = hn::Add(base, block_bytes);
  };
  std::size_t i = 0;
  for (; i + 16 <= size; i += 16) add_block(i, 0xFFFF);
  if (i < size) add_block(i, (std::uint32_t{1} << (size - i)) - 1);
  // What begins behind a full last block is not among the begins yet.
  window->begin[count] = static_cast<std::uint16_t>(size);
  window->whole = count + begins - 1;

  for (std::size_t k = 0; k < window->whole; k += kStride) {
    const auto first = hn::Load(kBytes, window->step + k);
    const auto low = hn::And(first, hn::Set(kBytes, 0x0F));
    const auto high = hn::ShiftRight<4>(first);
    auto step = hn::Zero(kBytes);
#pragma GCC unroll 1
    for (std::size_t block = 0; block < steps.blocks; ++block) {
      const auto here = hn::Eq(high, hn::Set(kBytes, steps.block[block]));
      const auto table = hn::LoadDup128(kBytes, steps.of_block[block]);
      step = hn::Or(step, hn::IfThenElseZero(here, hn::TableLookupBytes(table, low)));
    }
    hn::Store(step, kBytes, window->step + k);
  }
  window->step[window->whole] = 0xFF;

  // The second step is at most 8 bytes on. Where the first leaves the window, this is anything.
  const auto first_eight = hn::Iota(kBlock, 0);
  for (std::size_t k = 0; k < window->whole; k += 8) {
    const auto step = hn::LoadU(kBlock, window->step + k);
    const auto second = hn::TableLookupBytes(step, hn::Add(first_eight, step));
    hn::StoreU(hn::LowerHalf(kHalf, hn::SaturatedAdd(step, second)), kHalf, window->two_steps + k);
  }
}

// The lowest `count` bits of `mask`; anything if `count` is 32 or more.
HWY_INLINE std::uint32_t LowBits(std::uint32_t mask, std::size_t count) {
#if HWY_ARCH_X86_64 && HWY_TARGET <= HWY_AVX2 && !defined(HWY_DISABLE_BMI2_FMA)
  return _bzhi_u32(mask, static_cast<std::uint32_t>(count));
#else
  return mask & ((std::uint32_t{1} << (count % 32)) - 1);
#endif
}

// Seven bits of each byte, least first, to one number a lane of four bytes.
HWY_INLINE Bytes FoldGroups(Bytes bytes, Bytes seven_bits) {
  bytes = hn::And(bytes, seven_bits);
  // On x86: bytes by 1 and 128, then their sums by 1 and 128 * 128.
#if GTENGINE_WHOLE_RECORD
  const auto pairs = _mm256_maddubs_epi16(_mm256_set1_epi16(static_cast<short>(0x8001)), bytes.raw);
  return Bytes{_mm256_madd_epi16(pairs, _mm256_set1_epi32(0x40000001))};
#elif HWY_ARCH_X86
  const auto pairs = _mm_maddubs_epi16(_mm_set1_epi16(static_cast<short>(0x8001)), bytes.raw);
  return Bytes{_mm_madd_epi16(pairs, _mm_set1_epi32(0x40000001))};
#else
  const hn::Repartition<std::uint16_t, decltype(kBytes)> d16;
  const hn::Repartition<std::uint32_t, decltype(kBytes)> d32;
  const auto v16 = hn::BitCast(d16, bytes);
  const auto pairs = hn::Or(hn::And(v16, hn::Set(d16, 0x7F)),
                            hn::And(hn::ShiftRight<1>(v16), hn::Set(d16, 0x3F80)));
  const auto v32 = hn::BitCast(d32, pairs);
  return hn::BitCast(kBytes, hn::Or(hn::And(v32, hn::Set(d32, 0x3FFF)),
                                    hn::And(hn::ShiftRight<2>(v32), hn::Set(d32, 0xFFFC000))));
#endif
}

// Writes what the shuffles leave out: offset, type and length; not wide.
HWY_INLINE void StoreTail(const std::uint8_t* data, std::size_t at, std::size_t length,
                          EventRecord* out) {
  const std::uint32_t tail[2] = {
      static_cast<std::uint32_t>(at),
      data[at] | static_cast<std::uint32_t>(length) << 16,
  };
  std::memcpy(&out->offset, &tail[0], 4);
  std::memcpy(&out->type, &tail[1], 4);
}

// Writes the record of an event whose shape is complete, all but StoreTail. `payload` are the bytes
// behind its type byte.
HWY_INLINE void StoreRecord(Bytes payload, const Shape& shape, Bytes seven_bits, EventRecord* out) {
  const auto* from = reinterpret_cast<const std::uint8_t*>(&shape);
  auto* to = reinterpret_cast<std::uint8_t*>(out);
  for (std::size_t i = 0; i < sizeof(EventRecord); i += kStride) {
    const auto four = hn::TableLookupBytesOr0(payload, hn::Load(kBytes, from + i));
    hn::Store(FoldGroups(four, seven_bits), kBytes, to + i);
  }
}

// The same for an event of any shape. False, with *out half written, when a value has more than 32
// bits or more than five bytes.
HWY_INLINE bool StoreLongRecord(Bytes payload, const Shape& shape, Bytes seven_bits,
                                EventRecord* out) {
  const hn::Repartition<std::uint32_t, decltype(kBytes)> d32;
  const hn::Repartition<std::int32_t, decltype(kBytes)> di32;
  const auto* shape_bytes = reinterpret_cast<const std::uint8_t*>(&shape);
  auto* to = reinterpret_cast<std::uint8_t*>(out);
  auto beyond = hn::Zero(d32);
  for (std::size_t i = 0; i < sizeof(EventRecord); i += kStride) {
    const auto from = hn::Load(kBytes, shape_bytes + i);
    const auto four = hn::TableLookupBytesOr0(payload, from);
    // The fifth byte follows the fourth, if that has the continuation bit.
    const auto fourth_from = hn::ShiftRight<24>(hn::BitCast(d32, from));
    const auto fifth_from = hn::Or(hn::Add(fourth_from, hn::Set(d32, 1)), hn::Set(d32, 0xFFFFFF00));
    const auto has_fifth = hn::BitCast(d32, hn::ShiftRight<31>(hn::BitCast(di32, four)));
    const auto fifth =
        hn::And(hn::BitCast(d32, hn::TableLookupBytesOr0(payload, hn::BitCast(kBytes, fifth_from))),
                has_fifth);
    beyond = hn::Or(beyond, hn::ShiftRight<4>(fifth));
    const auto low = hn::BitCast(d32, FoldGroups(four, seven_bits));
    hn::Store(hn::BitCast(kBytes, hn::Or(low, hn::ShiftLeft<28>(fifth))), kBytes, to + i);
  }
  return hn::AllTrue(d32, hn::Eq(beyond, hn::Zero(d32)));
}

// Decodes the window's events from data[at] on, where the window begins, until the output ends or
// an event is bad or does not end in the window. With kMostlyLong all go through StoreLongRecord:
// where uvarints of five bytes are many (goroutine ids of a server that has run for months), a
// branch that asks for them would often be predicted wrong.
template <bool kMostlyLong>
HWY_NOINLINE Progress DecodeWindow(const std::uint8_t* data, std::size_t at, std::size_t size,
                                   const ArgCounts& arg_counts, const Window& window,
                                   EventRecord* out, const EventRecord* out_end) {
  auto seven_bits = hn::Set(kBytes, 0x7F);
  const Shape* shape_of = kShapeOf.data();
#if HWY_ARCH_X86
  // Without this GCC makes both anew for each event.
  __asm__("" : "+x"(seven_bits.raw), "+r"(shape_of));
#endif
  const std::size_t window_at = at;
  std::size_t longs = 0;
  DecodeStop stop = DecodeStop::kEnd;
  // Decodes the event that ends before the uvarint k; false when it is not in the window, has no
  // room or is bad.
  const auto decode = [&](std::size_t k) HWY_ATTR {
    if (k > window.whole || out == out_end) return false;
    const std::size_t next = window_at + window.begin[k];
    const std::size_t length = next - at;
    const std::size_t payload_bytes = length - 1;  // wraps when there is no event
    const auto payload = hn::LoadDup128(kBytes, data + at + 1);
    if (HWY_LIKELY(payload_bytes <= kShapeBytes)) {
      const Shape& shape = shape_of[LowBits(EndMask(data + at + 1, payload), payload_bytes)];
      bool done = true;
      if (!kMostlyLong && HWY_LIKELY(shape.incomplete == 0)) {
        StoreRecord(payload, shape, seven_bits, out);
      } else {
        ++longs;
        done = StoreLongRecord(payload, shape, seven_bits, out);
      }
      if (HWY_LIKELY(done)) {
        StoreTail(data, at, length, out);
        ++out;
        at = next;
        return true;
      }
    }
    const OneEvent event = DecodeOneEvent(data, at, size, arg_counts);
    stop = event.stop;
    if (stop != DecodeStop::kEnd) return false;
    *out++ = event.record;
    at = next;
    return true;
  };
  std::size_t k = 0;
  for (;;) {
    const std::size_t step = window.step[k];
    const std::size_t two_steps = window.two_steps[k];
    if (!decode(k + step)) break;
    if (!decode(k + two_steps)) break;
    k += two_steps;
  }
  return {at, out, longs, stop};
}

DecodeResult DecodeEventsVector(const std::uint8_t* data, std::size_t begin, std::size_t size,
                                const ArgCounts& arg_counts, EventRecord* out,
                                std::size_t capacity) {
  Steps steps;
  MakeSteps(arg_counts, &steps);
  Window window;
  const EventRecord* const out_end = out + capacity;
  Progress progress = {begin, out, 0, DecodeStop::kEnd};
  const auto result = [&](DecodeStop stop) {
    return DecodeResult{static_cast<std::size_t>(progress.out - out), progress.at - begin, stop};
  };
  std::size_t mostly_long = 0;  // windows to go
  while (progress.at < size) {
    const std::size_t at = progress.at;
    const auto room = static_cast<std::size_t>(out_end - progress.out);
    if (room == 0) return result(DecodeStop::kFull);
    // An event has five or six bytes: to index many more than have room would be wasted.
    const std::size_t window_bytes =
        std::min({size - at, kWindowBytes, room < kWindowBytes ? 6 * room + 32 : kWindowBytes});
    IndexUvarints(data + at, window_bytes, steps, &window);
    if (mostly_long == 0) {
      progress = DecodeWindow<false>(data, at, size, arg_counts, window, progress.out, out_end);
      if (progress.longs > window.whole / 32) mostly_long = 16;
    } else {
      progress = DecodeWindow<true>(data, at, size, arg_counts, window, progress.out, out_end);
      --mostly_long;
    }
    if (progress.stop != DecodeStop::kEnd) return result(progress.stop);
    if (progress.at != at) continue;
    // Not even one event ends in the window.
    const OneEvent event = DecodeOneEvent(data, at, size, arg_counts);
    if (event.stop != DecodeStop::kEnd) return result(event.stop);
    *progress.out++ = event.record;
    progress.at += event.record.length;
  }
  return result(DecodeStop::kEnd);
}

#endif  // HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

}  // namespace HWY_NAMESPACE
}  // namespace gtengine::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gtengine::kernels {

HWY_EXPORT(DecodeEventsVector);

DecodeResult DecodeEvents(const std::uint8_t* data, std::size_t begin, std::size_t size,
                          const ArgCounts& arg_counts, EventRecord* out, std::size_t capacity) {
  return HWY_DYNAMIC_DISPATCH(DecodeEventsVector)(data, begin, size, arg_counts, out, capacity);
}

}  // namespace gtengine::kernels
#endif  // HWY_ONCE
