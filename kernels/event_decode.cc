// Decodes in two passes over windows of 1.5 KiB, neither of which has a branch that depends on the
// data of usual events.
//
// The first indexes all uvarints: where each begins and, from its first byte as if that were a
// type, where the next event would begin (kernels/event_index-inl.h). The second goes from event to
// event by that index, which takes one load where the bytes themselves take a type, a count and a
// search, each waiting for the one before; and moves each event's bytes to their lanes with one
// shuffle (kernels/event_records-inl.h).
#include "kernels/event_decode.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "kernels/event_decode_one.h"
#include "kernels/event_window.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/event_decode.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

// This file is compiled once a target; what follows is the same for all of them.
#ifndef GTENGINE_KERNELS_EVENT_DECODE_CLOCK
#define GTENGINE_KERNELS_EVENT_DECODE_CLOCK

namespace gtengine::kernels {

// Turns the time differences of records into instants.
inline void AdvanceAll(EventClock* clock, EventRecord* records, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    records[i].time = static_cast<std::uint64_t>(clock->Advance(records[i].time));
  }
}

}  // namespace gtengine::kernels

#endif  // GTENGINE_KERNELS_EVENT_DECODE_CLOCK

// Emulated vectors are slower than plain code.
#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
#if HWY_TARGET == HWY_AVX3_DL
#include "kernels/event_index_512-inl.h"
#else
#include "kernels/event_index-inl.h"
#endif
#include "kernels/event_records-inl.h"
#endif

HWY_BEFORE_NAMESPACE();
namespace gtengine::kernels {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

template <bool kInstants>
HWY_INLINE DecodeResult Decode(const std::uint8_t* data, std::size_t begin, std::size_t size,
                               const ArgCounts& arg_counts, EventClock* clock, EventRecord* out,
                               std::size_t capacity) {
  const DecodeResult result = DecodeEventsScalar(data, begin, size, arg_counts, out, capacity);
  if constexpr (kInstants) AdvanceAll(clock, out, result.events);
  return result;
}

#else

static_assert(std::endian::native == std::endian::little, "records are built as bytes");

template <bool kInstants>
HWY_INLINE DecodeResult Decode(const std::uint8_t* data, std::size_t begin, std::size_t size,
                               const ArgCounts& arg_counts, EventClock* clock, EventRecord* out,
                               std::size_t capacity) {
  Steps steps;
  MakeSteps(arg_counts, &steps);
  Window window;
  [[maybe_unused]] const std::int64_t last_ns = kInstants ? clock->now_ns : 0;
  EventRecord* const out_end = out + capacity;
  EventRecord* next = out;
  std::size_t at = begin;
  const auto result = [&](DecodeStop stop) {
    // The passes leave what the next difference is added to.
    if constexpr (kInstants) {
      clock->now_ns = next == out ? last_ns : static_cast<std::int64_t>(next[-1].time);
    }
    return DecodeResult{static_cast<std::size_t>(next - out), at - begin, stop};
  };
  while (at < size) {
    const auto room = static_cast<std::size_t>(out_end - next);
    if (room == 0) return result(DecodeStop::kFull);
    // An event has about five bytes: to index many more than have room would be wasted, and a few
    // too few cost another window.
    const std::size_t window_bytes = std::min(
        {size - at, kWindowBytes, room < kWindowBytes ? 11 * room / 2 + 64 : kWindowBytes});
    const std::size_t window_at = at;
    if (!IndexUvarints(data, at, window_bytes, steps, &window)) {
      const DecodeResult rest = DecodeEventsScalar(data, at, size, arg_counts, next, room);
      if constexpr (kInstants) AdvanceAll(clock, next, rest.events);
      next += rest.events;
      at += rest.bytes;
      return result(rest.stop);
    }
    const DecodeStop stop =
        DecodeWindow<kInstants>(data, size, arg_counts, window, clock, &at, &next, out_end);
    if (stop != DecodeStop::kEnd) return result(stop);
    if (at != window_at) continue;
    // Not even one event ends in the window.
    const OneEvent event = DecodeOneEvent(data, at, size, arg_counts);
    if (event.stop != DecodeStop::kEnd) return result(event.stop);
    *next = event.record;
    if constexpr (kInstants) AdvanceAll(clock, next, 1);
    ++next;
    at += event.record.length;
  }
  return result(DecodeStop::kEnd);
}

#endif  // HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

DecodeResult DecodeEventsVector(const std::uint8_t* data, std::size_t begin, std::size_t size,
                                const ArgCounts& arg_counts, EventRecord* out,
                                std::size_t capacity) {
  return Decode<false>(data, begin, size, arg_counts, nullptr, out, capacity);
}

DecodeResult DecodeEventsAtInstantsVector(const std::uint8_t* data, std::size_t begin,
                                          std::size_t size, const ArgCounts& arg_counts,
                                          EventClock* clock, EventRecord* out,
                                          std::size_t capacity) {
  return Decode<true>(data, begin, size, arg_counts, clock, out, capacity);
}

}  // namespace HWY_NAMESPACE
}  // namespace gtengine::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gtengine::kernels {

HWY_EXPORT(DecodeEventsVector);
HWY_EXPORT(DecodeEventsAtInstantsVector);

DecodeResult DecodeEvents(const std::uint8_t* data, std::size_t begin, std::size_t size,
                          const ArgCounts& arg_counts, EventRecord* out, std::size_t capacity) {
  return HWY_DYNAMIC_DISPATCH(DecodeEventsVector)(data, begin, size, arg_counts, out, capacity);
}

DecodeResult DecodeEventsAtInstants(const std::uint8_t* data, std::size_t begin, std::size_t size,
                                    const ArgCounts& arg_counts, EventClock* clock,
                                    EventRecord* out, std::size_t capacity) {
  return HWY_DYNAMIC_DISPATCH(DecodeEventsAtInstantsVector)(data, begin, size, arg_counts, clock,
                                                            out, capacity);
}

}  // namespace gtengine::kernels
#endif  // HWY_ONCE
