// The index pass: where the uvarints of a window of bytes begin and, for each, where the next event
// would begin if it were an event's type. Included once a target.
#if defined(GTENGINE_KERNELS_EVENT_INDEX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GTENGINE_KERNELS_EVENT_INDEX_INL_H_
#undef GTENGINE_KERNELS_EVENT_INDEX_INL_H_
#else
#define GTENGINE_KERNELS_EVENT_INDEX_INL_H_
#endif

#include <hwy/highway.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels/event_decode.h"
#include "kernels/event_shapes.h"
#include "kernels/event_vectors-inl.h"
#include "kernels/event_window.h"

HWY_BEFORE_NAMESPACE();
namespace gtengine::kernels {
namespace HWY_NAMESPACE {

constexpr hn::FixedTag<std::uint8_t, 16> kBlock;
constexpr hn::FixedTag<std::uint8_t, 8> kHalfBlock;
using Block = hn::Vec<decltype(kBlock)>;

// Writes the first byte and the begin of the uvarints that begin in eight of the bytes of `block`
// to the two rows; returns how many these are.
HWY_INLINE std::size_t AddBegins(Block block, Block block_at, std::size_t begins,
                                 const BitPositions* positions_of, std::uint8_t* first_bytes) {
  const auto positions = hn::Load(kHalfBlock, positions_of[begins].at);
  const auto first = hn::TableLookupBytes(block, hn::ZeroExtendVector(kBlock, positions));
  hn::StoreU(hn::LowerHalf(kHalfBlock, first), kHalfBlock, first_bytes);
  hn::StoreU(hn::Add(positions, hn::LowerHalf(kHalfBlock, block_at)), kHalfBlock,
             &Window::Get(first_bytes, Window::kBegin));
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_SSE4
  return static_cast<std::size_t>(std::popcount(begins));
#else
  return kBitCountOf[begins];
#endif
}

// Finds the uvarints of the first `size` bytes of `bytes`, 1 to kWindowBytes: fills the row of
// begins and writes first bytes to the row of steps. False when one goes on for all of a stride:
// none that is left then has more than kMaxUvarintBytes.
HWY_INLINE bool FindBegins(const std::uint8_t* HWY_RESTRICT bytes, std::size_t size,
                           Window* HWY_RESTRICT window) {
  std::uint8_t* to = window->At(Window::kStep);
  const auto sixteen = hn::Set(kBlock, 16);
  auto block_at = hn::Set(kBlock, static_cast<std::uint8_t>(window->at));
  std::size_t begins = 1;  // bit 0: the byte before the next bytes ends a uvarint
  const auto add_bytes = [&](std::size_t i, std::uint32_t mask) HWY_ATTR {
    const auto stride = hn::LoadU(kBytes, bytes + i);
    const std::uint32_t ends = EndMask(bytes + i, stride) & mask;
#if !HWY_ARCH_X86
    std::memcpy(window->ends + i / 8, &ends, 2);
#endif
    begins |= std::size_t{ends} << 1;
#if GTENGINE_WHOLE_RECORD
    const auto lower = hn::LowerHalf(kBlock, stride);
#else
    const auto lower = stride;
#endif
    to += AddBegins(lower, block_at, begins & 0xFF, kLowBitPositions.data(), to);
    to += AddBegins(lower, block_at, begins >> 8 & 0xFF, kHighBitPositions.data(), to);
    block_at = hn::Add(block_at, sixteen);
#if GTENGINE_WHOLE_RECORD
    const auto upper = hn::UpperHalf(kBlock, stride);
    to += AddBegins(upper, block_at, begins >> 16 & 0xFF, kLowBitPositions.data(), to);
    to += AddBegins(upper, block_at, begins >> 24 & 0xFF, kHighBitPositions.data(), to);
    block_at = hn::Add(block_at, sixteen);
#endif
  };
  std::size_t i = 0;
  for (; i + kStride <= size; i += kStride) {
    add_bytes(i, 0xFFFFFFFF >> (32 - kStride));
    if (HWY_UNLIKELY(begins == 0)) return false;
    begins >>= kStride;
  }
  if (i < size) {
    add_bytes(i, (std::uint32_t{1} << (size - i)) - 1);
    begins = 0;
  }
  // What begins behind full last bytes is not among the begins yet.
  Window::Get(to, Window::kBegin) = static_cast<std::uint8_t>(window->at + size);
  window->whole = static_cast<std::size_t>(to - window->At(Window::kStep)) + begins - 1;
  return true;
}

// Steps by type, for the types from 8 to 55 and from 128 to 143: the others have none, since no
// event of Go has them, and are decoded one by one. Of the first three blocks of 16 types it has
// what each differs by from the next.
struct Steps {
  alignas(16) std::uint8_t of_block[4][16];
};

HWY_INLINE void MakeSteps(const ArgCounts& arg_counts, Steps* steps) {
  const auto of = [&](std::size_t type) HWY_ATTR {
    const auto counts = hn::LoadU(kBlock, arg_counts.data() + type);
    // Types from 128 have the continuation bit: the type and the time difference count as one.
    const auto type_itself = hn::Set(kBlock, static_cast<std::uint8_t>(type < 128 ? 1 : 0));
    return hn::IfThenElseZero(hn::Ne(counts, hn::Zero(kBlock)), hn::Add(counts, type_itself));
  };
  hn::Store(hn::Xor(of(8), of(24)), kBlock, steps->of_block[0]);
  hn::Store(hn::Xor(of(24), of(40)), kBlock, steps->of_block[1]);
  hn::Store(of(40), kBlock, steps->of_block[2]);
  hn::Store(of(128), kBlock, steps->of_block[3]);
}

// A row's bytes from half a vector before `next` on, in two vectors: the lower eight bytes of each
// 16 of Even come before the lower eight of Odd, and so forth; the upper eight are what follows.
HWY_INLINE Bytes Even(Bytes last, Bytes next) {
#if GTENGINE_WHOLE_RECORD
  return hn::ConcatLowerUpper(kBytes, next, last);
#else
  return hn::CombineShiftRightBytes<8>(kBytes, next, last);
#endif
}
HWY_INLINE Bytes Odd([[maybe_unused]] Bytes even, Bytes next) {
#if GTENGINE_WHOLE_RECORD
  return hn::CombineShiftRightBytes<8>(kBytes, next, even);
#else
  return next;
#endif
}
HWY_INLINE Bytes Join(Bytes even, Bytes odd) {
  const hn::Repartition<std::uint64_t, decltype(kBytes)> d64;
  return hn::BitCast(kBytes,
                     hn::InterleaveLower(d64, hn::BitCast(d64, even), hn::BitCast(d64, odd)));
}

// Turns the row of first bytes into steps and fills the rows that follow from these.
HWY_INLINE void FindSteps(const Steps& steps, Window* HWY_RESTRICT window) {
  alignas(16) static constexpr std::uint8_t kCounting[16] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                             8, 9, 10, 11, 12, 13, 14, 15};
  alignas(16) static constexpr std::uint8_t kLengthOf[16] = {0, 0, 0, 1, 2,  3,  4,  5,
                                                             6, 7, 8, 9, 10, 11, 12, 13};
  static_assert(kLengthOf[15] == 1 + kShapeBytes);
  const auto counting = hn::LoadDup128(kBytes, kCounting);
  const auto length_of = hn::LoadDup128(kBytes, kLengthOf);
  const auto steps8 = hn::LoadDup128(kBytes, steps.of_block[0]);
  const auto steps24 = hn::LoadDup128(kBytes, steps.of_block[1]);
  const auto steps40 = hn::LoadDup128(kBytes, steps.of_block[2]);
  const auto steps128 = hn::LoadDup128(kBytes, steps.of_block[3]);
  // A sum from 128 on looks up 0: the offset says below which byte a table counts.
  const auto look_up = [](Bytes table, Bytes byte, std::uint8_t offset) HWY_ATTR {
    return hn::TableLookupBytesOr0(table, hn::SaturatedAdd(byte, hn::Set(kBytes, offset)));
  };
  std::uint8_t* const step_row = window->At(Window::kStep);
  std::uint8_t* const two_steps_row = window->At(Window::kTwoSteps) - kStride / 2;
  std::uint8_t* const length_row = window->At(Window::kLength) - kStride / 2;
  const std::uint8_t* const begin_row = window->At(Window::kBegin);
  auto last_step = hn::Zero(kBytes);
  auto last_begin = hn::Zero(kBytes);
  // Returns the bytes of each uvarint from k on.
  const auto add = [&](std::size_t k) HWY_ATTR {
    const auto first = hn::Load(kBytes, step_row + k);
    const auto from8 = hn::Sub(first, hn::Set(kBytes, 8));
    const auto from128 = hn::Xor(first, hn::Set(kBytes, 0x80));
    const auto step =
        hn::Xor(hn::Xor(look_up(steps8, from8, 0x70), look_up(steps24, from8, 0x60)),
                hn::Xor(look_up(steps40, from8, 0x50), look_up(steps128, from128, 0x70)));
    const auto begin = hn::Load(kBytes, begin_row + k);
    hn::Store(step, kBytes, step_row + k);
    const auto even_step = Even(last_step, step);
    const auto odd_step = Odd(even_step, step);
    const auto even_begin = Even(last_begin, begin);
    const auto odd_begin = Odd(even_begin, begin);
    last_step = step;
    last_begin = begin;
    // Where the next event leaves the window, what it looks up is anything.
    static_assert(Window::kMaxStep <= 8);
    const auto even_next = hn::Add(even_step, counting);
    const auto odd_next = hn::Add(odd_step, counting);
    hn::StoreU(Join(hn::Add(even_step, hn::TableLookupBytes(even_step, even_next)),
                    hn::Add(odd_step, hn::TableLookupBytes(odd_step, odd_next))),
               kBytes, two_steps_row + k);
    const auto length = Join(hn::Sub(hn::TableLookupBytes(even_begin, even_next), even_begin),
                             hn::Sub(hn::TableLookupBytes(odd_begin, odd_next), odd_begin));
    hn::StoreU(look_up(length_of, length, 0x72), kBytes, length_row + k);
    return hn::Sub(hn::LoadU(kBytes, begin_row + k + 1), begin);
  };
  const hn::RebindToSigned<decltype(kBytes)> di8;
  const auto long_bits = [&](Bytes bytes) HWY_ATTR {
    std::uint64_t bits = 0;
    hn::StoreMaskBits(di8, hn::Gt(hn::BitCast(di8, bytes), hn::Set(di8, 4)),
                      reinterpret_cast<std::uint8_t*>(&bits));
    return bits;
  };
  const std::size_t whole = window->whole;
  std::uint64_t any_bits = 0;
  std::size_t k = 0;
  for (; k + kStride <= whole; k += kStride) {
    const std::uint64_t bits = long_bits(add(k));
    window->long_bits[k / kStride] = bits;
    any_bits |= bits;
  }
  const std::uint64_t bits = long_bits(add(k)) & ((std::uint64_t{1} << (whole - k)) - 1);
  window->long_bits[k / kStride] = bits;
  window->any_long_bits = any_bits | bits;
  window->long_stride = kStride;
  add(k + kStride);
}

// Indexes `size` bytes, 1 to kWindowBytes, from data[at] on. False when there is a uvarint that is
// too long for it: the oracle then finds the bad event, within these bytes.
HWY_NOINLINE bool IndexUvarints(const std::uint8_t* data, std::size_t at, std::size_t size,
                                const Steps& steps, Window* window) {
  window->at = at;
  if (!FindBegins(data + at, size, window)) return false;
  FindSteps(steps, window);
  window->EndRows();
  return true;
}

}  // namespace HWY_NAMESPACE
}  // namespace gtengine::kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
