// A double is a log-linear number: its exponent and the first six bits of its fraction, read as one
// integer, count 64 for every power of two. So the bucket of a length is a conversion, a shift and
// a difference, in any number of lanes; only lengths below 64 differ.
#include "kernels/span_lengths.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/span_lengths.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gtengine::kernels {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128 || !HWY_HAVE_FLOAT64

void MeasureSpansVector(const std::int64_t* start, const std::int64_t* end, std::size_t count,
                        std::int64_t* lengths, std::uint16_t* buckets) {
  MeasureSpansScalar(start, end, count, lengths, buckets);
}

#else

namespace hn = hwy::HWY_NAMESPACE;

void MeasureSpansVector(const std::int64_t* HWY_RESTRICT start,
                        const std::int64_t* HWY_RESTRICT end, std::size_t count,
                        std::int64_t* HWY_RESTRICT lengths, std::uint16_t* HWY_RESTRICT buckets) {
  const hn::ScalableTag<std::int64_t> kLengths;
  const hn::RebindToUnsigned<decltype(kLengths)> kBits;
  const hn::Rebind<double, decltype(kLengths)> kDoubles;
  const hn::Rebind<std::uint16_t, decltype(kLengths)> kBuckets;
  constexpr int kFractionBits = 52;
  constexpr int kBucketBits = 6;
  // What the exponent's bias, and the buckets below 64 that this numbers otherwise, add.
  constexpr std::uint64_t kExcess = (1023 + kBucketBits - 1) * kBucketsOfPower;

  const std::size_t lanes = hn::Lanes(kLengths);
  const auto few = hn::Set(kLengths, static_cast<std::int64_t>(kBucketsOfPower));
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto length = hn::Sub(hn::LoadU(kLengths, end + i), hn::LoadU(kLengths, start + i));
    hn::StoreU(length, kLengths, lengths + i);
    const auto value = hn::Max(length, hn::Zero(kLengths));
    // The bit eight below the first one is cleared, so that the conversion does not carry a rounded
    // value over the bits that count.
    const auto top = hn::AndNot(hn::ShiftRight<kBucketBits + 2>(value), value);
    const auto bits = hn::BitCast(kBits, hn::ConvertTo(kDoubles, top));
    const auto bucket =
        hn::Sub(hn::ShiftRight<kFractionBits - kBucketBits>(bits), hn::Set(kBits, kExcess));
    const auto is_few = hn::RebindMask(kBits, hn::Lt(value, few));
    hn::StoreU(hn::TruncateTo(kBuckets, hn::IfThenElse(is_few, hn::BitCast(kBits, value), bucket)),
               kBuckets, buckets + i);
  }
  MeasureSpansScalar(start + i, end + i, count - i, lengths + i, buckets + i);
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace gtengine::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gtengine::kernels {

HWY_EXPORT(MeasureSpansVector);

void MeasureSpans(const std::int64_t* start, const std::int64_t* end, std::size_t count,
                  std::int64_t* lengths, std::uint16_t* buckets) {
  HWY_DYNAMIC_DISPATCH(MeasureSpansVector)(start, end, count, lengths, buckets);
}

void MeasureSpansScalar(const std::int64_t* start, const std::int64_t* end, std::size_t count,
                        std::int64_t* lengths, std::uint16_t* buckets) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto length = static_cast<std::int64_t>(static_cast<std::uint64_t>(end[i]) -
                                                  static_cast<std::uint64_t>(start[i]));
    lengths[i] = length;
    buckets[i] = static_cast<std::uint16_t>(
        BucketOfLength(static_cast<std::uint64_t>(std::max<std::int64_t>(length, 0))));
  }
}

}  // namespace gtengine::kernels
#endif  // HWY_ONCE
