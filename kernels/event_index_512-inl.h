// The index pass by 64 bytes at once, for targets whose vectors of 512 bits compress and look up
// bytes (HWY_AVX3_DL): what kernels/event_index-inl.h is to the others.
#if defined(GTENGINE_KERNELS_EVENT_INDEX_512_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GTENGINE_KERNELS_EVENT_INDEX_512_INL_H_
#undef GTENGINE_KERNELS_EVENT_INDEX_512_INL_H_
#else
#define GTENGINE_KERNELS_EVENT_INDEX_512_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "kernels/event_decode.h"
#include "kernels/event_shapes.h"
#include "kernels/event_window.h"

HWY_BEFORE_NAMESPACE();
namespace gtengine::kernels {
namespace HWY_NAMESPACE {

// Steps by type, for all types.
struct Steps {
  alignas(64) std::uint8_t of_type[256];
};

HWY_INLINE void MakeSteps(const ArgCounts& arg_counts, Steps* steps) {
  for (std::size_t type = 0; type < 256; type += 64) {
    const __m512i counts = _mm512_loadu_si512(arg_counts.data() + type);
    // Types from 128 have the continuation bit: the type and the time difference count as one.
    const __m512i type_itself = _mm512_set1_epi8(type < 128 ? 1 : 0);
    _mm512_store_si512(
        steps->of_type + type,
        _mm512_maskz_add_epi8(_mm512_test_epi8_mask(counts, counts), counts, type_itself));
  }
}

HWY_INLINE __m512i Counting() {
  alignas(64) static constexpr auto kCounting = [] {
    std::array<std::uint8_t, 64> counting{};
    for (std::size_t i = 0; i < 64; ++i) counting[i] = static_cast<std::uint8_t>(i);
    return counting;
  }();
  return _mm512_load_si512(kCounting.data());
}

// Fills the rows of steps and begins from the first `size` bytes of `bytes`, 1 to kWindowBytes.
// False when a uvarint goes on for half of 64 bytes: none that is left then has more than
// kMaxUvarintBytes.
HWY_INLINE bool FindSteps(const std::uint8_t* HWY_RESTRICT bytes, std::size_t size,
                          const Steps& steps, Window* HWY_RESTRICT window) {
  const __m512i steps0 = _mm512_load_si512(steps.of_type);
  const __m512i steps64 = _mm512_load_si512(steps.of_type + 64);
  const __m512i steps128 = _mm512_load_si512(steps.of_type + 128);
  const __m512i steps192 = _mm512_load_si512(steps.of_type + 192);
  __m512i at = _mm512_add_epi8(Counting(), _mm512_set1_epi8(static_cast<char>(window->at)));
  std::uint8_t* to = window->At(Window::kStep);
  std::uint64_t carry = 1;  // the byte before the next 64 ends a uvarint
  // Returns where uvarints begin.
  const auto add = [&](std::size_t i, std::uint64_t mask) HWY_ATTR {
    const __m512i block = _mm512_loadu_si512(bytes + i);
    const std::uint64_t ends = ~_cvtmask64_u64(_mm512_movepi8_mask(block)) & mask;
    const std::uint64_t begins = ends << 1 | carry;
    carry = ends >> 63;
    const __m512i first = _mm512_maskz_compress_epi8(_cvtu64_mask64(begins), block);
    const __m512i begin = _mm512_maskz_compress_epi8(_cvtu64_mask64(begins), at);
    const __m512i step = _mm512_mask_blend_epi8(
        _mm512_movepi8_mask(first), _mm512_permutex2var_epi8(steps0, first, steps64),
        _mm512_permutex2var_epi8(steps128, first, steps192));
    _mm512_storeu_si512(to, step);
    _mm512_storeu_si512(&Window::Get(to, Window::kBegin), begin);
    to += std::popcount(begins);
    at = _mm512_add_epi8(at, _mm512_set1_epi8(64));
    return begins;
  };
  std::size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    const std::uint64_t begins = add(i, ~std::uint64_t{0});
    if (HWY_UNLIKELY(static_cast<std::uint32_t>(begins) == 0 || begins >> 32 == 0)) return false;
  }
  if (i < size) {
    const std::uint64_t begins = add(i, (std::uint64_t{1} << (size - i)) - 1);
    if (i + 32 <= size && static_cast<std::uint32_t>(begins) == 0) return false;
  }
  // What begins behind full last bytes is not among the begins yet.
  Window::Get(to, Window::kBegin) = static_cast<std::uint8_t>(window->at + size);
  window->whole = static_cast<std::size_t>(to - window->At(Window::kStep)) + carry - 1;
  return true;
}

// Fills the rows that follow from steps and begins.
HWY_INLINE void FindLengths(Window* HWY_RESTRICT window) {
  // The next event is at most kMaxStep on: so many of 64 look up their own.
  constexpr std::size_t kAtOnce = 56;
  static_assert(kAtOnce + Window::kMaxStep < 64);
  const __m512i counting = Counting();
  const std::uint8_t* const steps = window->At(Window::kStep);
  std::uint64_t any_bits = 0;
  for (std::size_t k = 0; k <= window->whole; k += kAtOnce) {
    const __m512i step = _mm512_loadu_si512(steps + k);
    const __m512i begin = _mm512_loadu_si512(window->At(Window::kBegin) + k);
    const __m512i next = _mm512_add_epi8(counting, step);
    _mm512_storeu_si512(window->At(Window::kTwoSteps) + k,
                        _mm512_add_epi8(step, _mm512_permutexvar_epi8(next, step)));
    const __m512i length = _mm512_sub_epi8(_mm512_permutexvar_epi8(next, begin), begin);
    const __mmask64 is_usual = _mm512_cmple_epu8_mask(length, _mm512_set1_epi8(1 + kShapeBytes));
    _mm512_storeu_si512(window->At(Window::kLength) + k, _mm512_maskz_mov_epi8(is_usual, length));
    const __m512i bytes =
        _mm512_sub_epi8(_mm512_loadu_si512(window->At(Window::kBegin) + k + 1), begin);
    const std::uint64_t longs = _cvtmask64_u64(_mm512_cmpgt_epu8_mask(bytes, _mm512_set1_epi8(4)));
    const std::size_t here = std::min(kAtOnce, window->whole - k);
    const std::uint64_t bits = _bzhi_u64(longs, static_cast<std::uint32_t>(here));
    window->long_bits[k / kAtOnce] = bits;
    any_bits |= bits;
  }
  window->any_long_bits = any_bits;
  window->long_stride = kAtOnce;
}

// Indexes `size` bytes, 1 to kWindowBytes, from data[at] on. False when there is a uvarint that is
// too long for it: the oracle then finds the bad event, within these bytes.
HWY_NOINLINE bool IndexUvarints(const std::uint8_t* data, std::size_t at, std::size_t size,
                                const Steps& steps, Window* window) {
  window->at = at;
  if (!FindSteps(data + at, size, steps, window)) return false;
  FindLengths(window);
  window->EndRows();
  return true;
}

}  // namespace HWY_NAMESPACE
}  // namespace gtengine::kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
