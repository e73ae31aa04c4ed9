// Lengths of spans, and the log-linear buckets that they are counted in.
//
// MeasureSpans dispatches at run time to the best of the compiled Highway targets;
// MeasureSpansScalar is the oracle that every target must equal. Neither allocates, throws or keeps
// state; both may be called from any thread.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace gtengine::kernels {

// Buckets of each power of two from 64 on.
inline constexpr std::uint64_t kBucketsOfPower = 64;

// Values below 128 have a bucket each; above, every power of two has 64 buckets of equal width.
// Buckets are numbered in order of their values: those below 2^63 have buckets below 3712.
constexpr std::uint64_t BucketOfLength(std::uint64_t length) {
  const auto shift = static_cast<std::uint64_t>(std::bit_width(length | kBucketsOfPower)) - 7;
  return shift * kBucketsOfPower + (length >> shift);
}

// The lengths of `count` spans from start[i] to end[i] and their buckets. A difference that does
// not fit wraps; a negative length gets bucket 0. The outputs must not overlap the inputs or each
// other. Cost: a quarter of a ns a span with AVX-512, half a ns with AVX2.
void MeasureSpans(const std::int64_t* start, const std::int64_t* end, std::size_t count,
                  std::int64_t* lengths, std::uint16_t* buckets);

// The same by plain code.
void MeasureSpansScalar(const std::int64_t* start, const std::int64_t* end, std::size_t count,
                        std::int64_t* lengths, std::uint16_t* buckets);

}  // namespace gtengine::kernels
