// What the passes of the vector decoders share. Included once a target.
#if defined(GTENGINE_KERNELS_EVENT_VECTORS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GTENGINE_KERNELS_EVENT_VECTORS_INL_H_
#undef GTENGINE_KERNELS_EVENT_VECTORS_INL_H_
#else
#define GTENGINE_KERNELS_EVENT_VECTORS_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace gtengine::kernels {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// A record is one vector, or two halves.
#undef GTENGINE_WHOLE_RECORD
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
#define GTENGINE_WHOLE_RECORD 1
constexpr hn::FixedTag<std::uint8_t, 32> kBytes;
#else
#define GTENGINE_WHOLE_RECORD 0
constexpr hn::FixedTag<std::uint8_t, 16> kBytes;
#endif
using Bytes = hn::Vec<decltype(kBytes)>;
constexpr std::size_t kStride = hn::MaxLanes(kBytes);

// Bit i tells that byte i of `bytes`, which were loaded from `from`, ends a uvarint. The bits
// behind are of no meaning.
HWY_INLINE std::uint32_t EndMask([[maybe_unused]] const std::uint8_t* from,
                                 [[maybe_unused]] Bytes bytes) {
#if GTENGINE_WHOLE_RECORD
  return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes.raw));
#elif HWY_ARCH_X86
  return ~static_cast<std::uint32_t>(_mm_movemask_epi8(bytes.raw));
#else
  std::uint64_t halves[2];
  std::memcpy(halves, from, 16);
  // The multiplication gathers the lowest bits of the bytes in the highest byte: no two terms meet.
  const auto gather = [](std::uint64_t half) {
    return ((~half >> 7) & 0x0101010101010101) * 0x0102040810204080 >> 56;
  };
  return static_cast<std::uint32_t>(gather(halves[0]) | gather(halves[1]) << 8);
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace gtengine::kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
