// The record pass: from event to event of an indexed window, each to a record by one shuffle.
// Included once a target.
#if defined(GTENGINE_KERNELS_EVENT_RECORDS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GTENGINE_KERNELS_EVENT_RECORDS_INL_H_
#undef GTENGINE_KERNELS_EVENT_RECORDS_INL_H_
#else
#define GTENGINE_KERNELS_EVENT_RECORDS_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "kernels/event_decode.h"
#include "kernels/event_decode_one.h"
#include "kernels/event_shapes.h"
#include "kernels/event_vectors-inl.h"
#include "kernels/event_window.h"

HWY_BEFORE_NAMESPACE();
namespace gtengine::kernels {
namespace HWY_NAMESPACE {

// The bits of shuffled bytes that are values: seven of each, but all of the type.
HWY_INLINE Bytes ValueBits(std::size_t half) {
  constexpr std::uint8_t kTypeAgain = HWY_ARCH_X86 ? 0x80 : 0;
  alignas(32) static constexpr std::uint8_t kBits[32] = {
      0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F,       0x7F, 0x7F,
      0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F,       0x7F, 0x7F,
      0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0xFF, 0,    kTypeAgain, 0};
  return hn::Load(kBytes, kBits + half * kStride);
}

// Value bits to one number a lane of four bytes, of seven bits a byte, the least first.
template <std::size_t kHalf>
HWY_INLINE Bytes FoldGroups(Bytes bytes) {
  // On x86: bytes by 1 and 128, then their sums by 1 and 128 * 128. There the type is a signed
  // number: if it is below 0, its highest bit, again in the lane as -128, is taken from it twice.
#if GTENGINE_WHOLE_RECORD
  const auto pairs = _mm256_maddubs_epi16(_mm256_set1_epi16(static_cast<short>(0x8001)), bytes.raw);
  return Bytes{
      _mm256_madd_epi16(pairs, _mm256_setr_epi16(1, 0x4000, 1, 0x4000, 1, 0x4000, 1, 0x4000, 1,
                                                 0x4000, 1, 0x4000, 1, 0x4000, 1, -2))};
#elif HWY_ARCH_X86
  constexpr short kLast = kHalf == 1 ? -2 : 0x4000;
  const auto pairs = _mm_maddubs_epi16(_mm_set1_epi16(static_cast<short>(0x8001)), bytes.raw);
  return Bytes{_mm_madd_epi16(pairs, _mm_setr_epi16(1, 0x4000, 1, 0x4000, 1, 0x4000, 1, kLast))};
#else
  const hn::Repartition<std::uint16_t, decltype(kBytes)> d16;
  const hn::Repartition<std::uint32_t, decltype(kBytes)> d32;
  const auto v16 = hn::BitCast(d16, bytes);
  const auto pairs = hn::Or(hn::And(v16, hn::Set(d16, 0xFF)),
                            hn::And(hn::ShiftRight<1>(v16), hn::Set(d16, 0x3F80)));
  const auto v32 = hn::BitCast(d32, pairs);
  return hn::BitCast(kBytes, hn::Or(hn::And(v32, hn::Set(d32, 0x3FFF)),
                                    hn::And(hn::ShiftRight<2>(v32), hn::Set(d32, 0xFFFC000))));
#endif
}

// Writes one half of the record of an event, or all of it where that is one vector, but for offset
// and length; returns it. `bytes` begin with the type byte, and the shape is complete.
template <std::size_t kHalf>
HWY_INLINE Bytes StoreHalf(Bytes bytes, const Shape& shape, Bytes value_bits, EventRecord* out) {
  const auto* from = reinterpret_cast<const std::uint8_t*>(&shape) + kHalf * kStride;
  const auto four = hn::TableLookupBytesOr0(bytes, hn::Load(kBytes, from));
  const auto record = FoldGroups<kHalf>(hn::And(four, value_bits));
  hn::Store(record, kBytes, reinterpret_cast<std::uint8_t*>(out) + kHalf * kStride);
  return record;
}

// The same for a shape that leaves out the fifth bytes of uvarints; returns these, one a lane.
template <std::size_t kHalf>
HWY_INLINE Bytes StoreLongHalf(Bytes bytes, const Shape& shape, Bytes value_bits,
                               EventRecord* out) {
  const hn::Repartition<std::uint32_t, decltype(kBytes)> d32;
  const hn::Repartition<std::int32_t, decltype(kBytes)> di32;
  const auto* shape_from = reinterpret_cast<const std::uint8_t*>(&shape) + kHalf * kStride;
  const auto from = hn::Load(kBytes, shape_from);
  const auto four = hn::TableLookupBytesOr0(bytes, from);
  // The fifth byte follows the fourth, if that has the continuation bit.
  const auto fourth_from = hn::ShiftRight<24>(hn::BitCast(d32, from));
  const auto fifth_from = hn::Add(fourth_from, hn::Set(d32, 0xFFFFFF01));
  const auto has_fifth = hn::BitCast(d32, hn::ShiftRight<31>(hn::BitCast(di32, four)));
  const auto fifth = hn::And(
      hn::BitCast(d32, hn::TableLookupBytesOr0(bytes, hn::BitCast(kBytes, fifth_from))), has_fifth);
  const auto low = hn::BitCast(d32, FoldGroups<kHalf>(hn::And(four, value_bits)));
  hn::Store(hn::BitCast(kBytes, hn::Or(low, hn::ShiftLeft<28>(fifth))), kBytes,
            reinterpret_cast<std::uint8_t*>(out) + kHalf * kStride);
  return hn::BitCast(kBytes, fifth);
}

// Writes the record of an event with uvarints of at most five bytes, but for offset and length.
// False, with *out half written, when one is longer or the time difference has more than 32 bits.
HWY_INLINE bool StoreLongRecord(Bytes bytes, const Shape& shape, Bytes low_bits,
                                [[maybe_unused]] Bytes high_bits, EventRecord* out) {
  // Of fifth bytes: the bits that say that the value goes on, and those beyond 32 bits of
  // arguments.
  alignas(32) static constexpr std::uint32_t kLonger[8] = {0xF0, 0, 0x80, 0x80, 0x80, 0x80, 0, 0};
  alignas(32) static constexpr std::uint32_t kWide[8] = {0, 0, 0x70, 0x70, 0x70, 0x70, 0, 0};
  const hn::Repartition<std::uint32_t, decltype(kBytes)> d32;
  const auto fifth = hn::BitCast(d32, StoreLongHalf<0>(bytes, shape, low_bits, out));
#if GTENGINE_WHOLE_RECORD
  const bool is_longer = _mm256_testz_si256(fifth.raw, hn::Load(d32, kLonger).raw) == 0;
  const bool is_wide = _mm256_testz_si256(fifth.raw, hn::Load(d32, kWide).raw) == 0;
  out->wide = is_wide ? 1 : 0;
  return !is_longer;
#else
  const auto high_fifth = hn::BitCast(d32, StoreLongHalf<1>(bytes, shape, high_bits, out));
  const auto has_none = [&](const std::uint32_t* bits) HWY_ATTR {
    const auto of_half = hn::And(fifth, hn::Load(d32, bits));
    const auto of_high_half = hn::And(high_fifth, hn::Load(d32, bits + 4));
    return hn::AllTrue(d32, hn::Eq(hn::Or(of_half, of_high_half), hn::Zero(d32)));
  };
  out->wide = has_none(kWide) ? 0 : 1;
  return has_none(kLonger);
#endif
}

// How far a window was decoded.
struct Progress {
  std::size_t at;             // where the next event begins
  EventRecord* out;           // where its record goes
  const std::uint8_t* steps;  // its place in the row of steps
};

// The time difference of a record, of less than 2^31 ticks or, with kLong, 2^32, in ns.
template <bool kLong>
HWY_INLINE std::int64_t DifferenceNs([[maybe_unused]] Bytes stored, const EventRecord& record,
                                     double ns_per_tick) {
#if HWY_ARCH_X86_64
  // What does not fit becomes the smallest integer, as EventClock has it.
  if constexpr (kLong) {
    return _mm_cvttsd_si64(
        _mm_set_sd(static_cast<double>(static_cast<std::int64_t>(record.time)) * ns_per_tick));
  } else {
#if GTENGINE_WHOLE_RECORD
    const auto ticks = _mm256_castsi256_si128(stored.raw);
#else
    const auto ticks = stored.raw;
#endif
    return _mm_cvttsd_si64(_mm_mul_sd(_mm_cvtepi32_pd(ticks), _mm_set_sd(ns_per_tick)));
  }
#else
  EventClock from_zero = {ns_per_tick, 0, 0};
  return from_zero.Advance(record.time);
#endif
}

// Decodes events of a window from `from` on, until the output ends or an event is unusual, bad or
// not in the window. With kLong, events with uvarints of five bytes are usual. With kInstants,
// moves the clock on and leaves instants in the records.
template <bool kLong, bool kInstants>
HWY_NOINLINE Progress DecodeUsual(const std::uint8_t* data, const Window& window,
                                  const Progress& from, const EventRecord* out_end,
                                  [[maybe_unused]] EventClock* clock) {
  auto low_bits = ValueBits(0);
  [[maybe_unused]] auto high_bits = ValueBits(1 - GTENGINE_WHOLE_RECORD);
  const auto* shape_of = reinterpret_cast<const std::uint8_t*>(kShapeOf.data());
  const std::uint16_t* mask_of = kShapeMaskOf.data();
#if HWY_ARCH_X86
  // Without this GCC makes them anew for each event.
  __asm__("" : "+x"(low_bits.raw), "+x"(high_bits.raw), "+r"(shape_of), "+r"(mask_of));
#endif
  std::size_t at = from.at;
  EventRecord* out = from.out;
  const std::uint8_t* steps = from.steps;
  [[maybe_unused]] const double ns_per_tick = kInstants ? clock->ns_per_tick : 0;
  [[maybe_unused]] const std::int64_t base_ns = kInstants ? clock->base_ns : 0;
  [[maybe_unused]] std::int64_t now_ns = kInstants ? clock->Last() : 0;
  // Decodes the event whose step is at `event` and moves to that at `next`; false, and nothing is
  // moved, when it must not.
  const auto decode = [&](const std::uint8_t* event, const std::uint8_t* next) HWY_ATTR {
    const std::size_t length = Window::Get(event, Window::kLength);
    if (HWY_UNLIKELY(length == 0)) return false;
    const auto bytes = hn::LoadDup128(kBytes, data + at);
#if HWY_ARCH_X86
    const std::uint32_t ends = EndMask(data + at, bytes) & mask_of[length];
#else
    std::uint32_t window_ends;
    std::memcpy(&window_ends, window.ends + (at - window.at) / 8, 4);
    const std::uint32_t ends = window_ends >> (at - window.at) % 8 & mask_of[length];
#endif
    // The type's own bit is not among `ends`: they are even.
    const auto& shape =
        *reinterpret_cast<const Shape*>(shape_of + std::uint32_t{sizeof(Shape) / 2} * ends);
    auto stored = bytes;
    if constexpr (kLong) {
      if (HWY_UNLIKELY(!StoreLongRecord(bytes, shape, low_bits, high_bits, out))) return false;
    } else {
      stored = StoreHalf<0>(bytes, shape, low_bits, out);
#if !GTENGINE_WHOLE_RECORD
      StoreHalf<1>(bytes, shape, high_bits, out);
#endif
    }
    if constexpr (kInstants) {
      const std::int64_t difference = DifferenceNs<kLong>(stored, *out, ns_per_tick);
      out->time = static_cast<std::uint64_t>(now_ns) + static_cast<std::uint64_t>(difference);
      now_ns = static_cast<std::int64_t>(out->time);
      if (HWY_UNLIKELY(now_ns == 0)) now_ns = base_ns;
    }
    out->offset = static_cast<std::uint32_t>(at);
    out->length = static_cast<std::uint16_t>(length);
    ++out;
    at += length;
    steps = next;
    return true;
  };
  // Each step waits for the one before, for longer than the rest of an event takes.
  const auto decode_two = [&]() HWY_ATTR {
    const std::uint8_t* const second = steps + steps[0];
    const std::uint8_t* const third = steps + Window::Get(steps, Window::kTwoSteps);
    return decode(steps, second) && decode(second, third);
  };
  bool usual = true;
  while (usual && out_end - out >= 4) usual = decode_two() && decode_two();
  while (usual && out != out_end) usual = decode(steps, steps + steps[0]);
  if constexpr (kInstants) clock->now_ns = now_ns;
  return {at, out, steps};
}

// Decodes the events of a window from its first byte on, until the output ends or an event is bad
// or does not end in the window. Moves *at and *out behind them; returns kEnd, or why the event at
// *at is bad.
template <bool kInstants>
HWY_INLINE DecodeStop DecodeWindow(const std::uint8_t* data, std::size_t size,
                                   const ArgCounts& arg_counts, const Window& window,
                                   EventClock* clock, std::size_t* at, EventRecord** out,
                                   const EventRecord* out_end) {
  const std::uint8_t* const steps_end = window.At(Window::kStep) + window.whole;
  Progress progress = {*at, *out, window.At(Window::kStep)};
  DecodeStop stop = DecodeStop::kEnd;
  while (progress.out != out_end && progress.steps < steps_end) {
    progress = window.has_many_longs
                   ? DecodeUsual<true, kInstants>(data, window, progress, out_end, clock)
                   : DecodeUsual<false, kInstants>(data, window, progress, out_end, clock);
    if (progress.out == out_end || progress.steps == steps_end) break;
    if (progress.steps + progress.steps[0] > steps_end) break;
    OneEvent event = DecodeOneEvent(data, progress.at, size, arg_counts);
    stop = event.stop;
    if (stop != DecodeStop::kEnd) break;
    if constexpr (kInstants) {
      event.record.time = static_cast<std::uint64_t>(clock->Advance(event.record.time));
    }
    *progress.out++ = event.record;
    progress.at += event.record.length;
    progress.steps += arg_counts[event.record.type] + (event.record.type < 128 ? 1u : 0u);
  }
  *at = progress.at;
  *out = progress.out;
  return stop;
}

}  // namespace HWY_NAMESPACE
}  // namespace gtengine::kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
