// Decodes an event of each of four batches in turn.
//
// Without an index, the way from a type to the next is a chain of some fifteen cycles: two loads, a
// search of as many ends of uvarints as the event has, and a sum. That is several times what the
// rest of an event takes, so that one batch would mostly wait; four do not.
#include "kernels/event_lockstep.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/event_decode.h"
#include "kernels/event_decode_one.h"
#include "kernels/event_shapes.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/event_lockstep.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

// This file is compiled once a target; what follows is the same for all of them.
#ifndef GTENGINE_KERNELS_EVENT_LOCKSTEP_LANES
#define GTENGINE_KERNELS_EVENT_LOCKSTEP_LANES

namespace gtengine::kernels {

inline constexpr std::size_t kLanes = 4;

// How far a job is.
struct Lane {
  DecodeJob* job;
  const std::uint8_t* data;  // the job's
  std::size_t at;            // where the next event begins
  EventRecord* next;         // its record

  std::size_t Room() const { return job->capacity - static_cast<std::size_t>(next - job->out); }
  // Events that there is room for and that surely end in the batch, if their shapes are complete.
  std::size_t SafeEvents() const { return std::min(Room(), (job->size - at) / (1 + kShapeBytes)); }
};

inline Lane Begin(DecodeJob* job) { return {job, job->data, job->begin, job->out}; }

// Sets the result of a lane's job, from here on `rest`.
inline void End(const Lane& lane, const DecodeResult& rest) {
  DecodeJob& job = *lane.job;
  job.result = {static_cast<std::size_t>(lane.next - job.out) + rest.events,
                lane.at - job.begin + rest.bytes, rest.stop};
}

// Decodes the rest of a lane's job alone.
inline void Finish(const Lane& lane, const ArgCounts& arg_counts) {
  const DecodeJob& job = *lane.job;
  if (lane.Room() == 0) {
    End(lane, {0, 0, lane.at == job.size ? DecodeStop::kEnd : DecodeStop::kFull});
    return;
  }
  End(lane, DecodeEvents(job.data, lane.at, job.size, arg_counts, lane.next, lane.Room()));
}

// Decodes the next event of a lane, which there is room for; false when it is bad: the job ends.
inline bool DecodeOne(const ArgCounts& arg_counts, Lane* lane) {
  const OneEvent event = DecodeOneEvent(lane->job->data, lane->at, lane->job->size, arg_counts);
  if (event.stop != DecodeStop::kEnd) {
    End(*lane, {0, 0, event.stop});
    return false;
  }
  *lane->next++ = event.record;
  lane->at += event.record.length;
  return true;
}

}  // namespace gtengine::kernels

#endif  // GTENGINE_KERNELS_EVENT_LOCKSTEP_LANES

// The search is one instruction of BMI2, which Highway has with AVX2. Better targets still index by
// 64 bytes at once, which is as fast.
#undef GTENGINE_LOCKSTEP
#if HWY_ARCH_X86_64 && (HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3) && \
    !defined(HWY_DISABLE_BMI2_FMA)
#define GTENGINE_LOCKSTEP 1
#include "kernels/event_records-inl.h"
#else
#define GTENGINE_LOCKSTEP 0
#endif

HWY_BEFORE_NAMESPACE();
namespace gtengine::kernels {
namespace HWY_NAMESPACE {

#if GTENGINE_LOCKSTEP

// Bit n is set where an event ends with the n-th end of a uvarint among its bytes, from 0; no bit
// for no event's type.
using LastEnds = std::array<std::uint8_t, 256>;

HWY_INLINE void MakeLastEnds(const ArgCounts& arg_counts, LastEnds* last_ends) {
  alignas(16) static constexpr std::uint8_t kBit[16] = {0, 1, 2, 4, 8, 16, 32};
  const auto bit = hn::LoadDup128(kBytes, kBit);
  for (std::size_t type = 0; type < 256; type += kStride) {
    const auto counts = hn::LoadU(kBytes, arg_counts.data() + type);
    // Types from 128 do not end a uvarint.
    const auto type_itself = hn::Set(kBytes, static_cast<std::uint8_t>(type < 128 ? 1 : 0));
    const auto ends =
        hn::IfThenElseZero(hn::Ne(counts, hn::Zero(kBytes)), hn::Add(counts, type_itself));
    hn::StoreU(hn::TableLookupBytes(bit, ends), kBytes, last_ends->data() + type);
  }
}

// Decodes `events` events of each lane, 1 to as many as are safe in all, and returns kLanes; or
// fewer, and returns the lane of which the next event is unusual or bad.
HWY_NOINLINE std::size_t DecodeRounds(const LastEnds& last_ends, std::size_t events,
                                      std::array<Lane, kLanes>* lanes) {
  auto value_bits = ValueBits(0);
  const auto* shape_of = reinterpret_cast<const std::uint8_t*>(kShapeOf.data());
  const std::uint16_t* mask_of = kShapeMaskOf.data();
  const std::uint8_t* last_ends_of = last_ends.data();
  const std::uint8_t* at[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i) {
    Lane& lane = (*lanes)[i];
    at[i] = lane.data + lane.at;
    lane.next += events;
  }
  // Without this GCC makes them anew for each event.
  __asm__("" : "+x"(value_bits.raw), "+r"(shape_of), "+r"(mask_of), "+r"(last_ends_of));
  auto left = static_cast<std::ptrdiff_t>(events);
  const std::size_t stopped = [&]() HWY_ATTR {
    do {
#pragma GCC unroll 4
      for (std::size_t i = 0; i < kLanes; ++i) {
        const auto bytes = hn::LoadDup128(kBytes, at[i]);
        const std::uint32_t ends = EndMask(at[i], bytes);
        // 33 where there are too few ends.
        const std::size_t length = 1 + _tzcnt_u32(_pdep_u32(last_ends_of[*at[i]], ends));
        const std::uint32_t shape_ends = ends & mask_of[length];
        const auto& shape = *reinterpret_cast<const Shape*>(
            shape_of + std::uint32_t{sizeof(Shape) / 2} * shape_ends);
        if (HWY_UNLIKELY(shape.flag != kComplete)) return i;
        // What comes from the lane stays in memory: the places have need of the registers.
        EventRecord* const record = (*lanes)[i].next - left;
        StoreHalf<0>(bytes, shape, value_bits, record);
        record->offset = static_cast<std::uint32_t>(at[i] - (*lanes)[i].data);
        record->length = static_cast<std::uint16_t>(length);
        at[i] += length;
      }
    } while (--left != 0);
    return kLanes;
  }();
  for (std::size_t i = 0; i < kLanes; ++i) {
    Lane& lane = (*lanes)[i];
    lane.at = static_cast<std::size_t>(at[i] - lane.data);
    // In the round that was stopped, the lanes before are one event further.
    lane.next -= stopped < kLanes && i < stopped ? left - 1 : left;
  }
  return stopped;
}

// The search takes older processors of AMD some twenty times as long.
HWY_INLINE bool HasFastSearch() { return !__builtin_cpu_is("amdfam17h"); }

void DecodeLockstep(std::span<DecodeJob> jobs, const ArgCounts& arg_counts) {
  // For fewer events, or among more unusual ones, a job alone is faster.
  constexpr std::size_t kMinEvents = 8;
  const auto is_unusual = [](std::size_t rounds, std::size_t stops) {
    return stops > 4 + rounds / 32;
  };
  LastEnds last_ends;
  MakeLastEnds(arg_counts, &last_ends);
  std::array<Lane, kLanes> lanes;
  std::size_t busy = 0;
  std::size_t begun = 0;
  std::size_t rounds = 0;
  std::size_t stops = 0;
  for (;;) {
    while (busy < kLanes && begun < jobs.size()) lanes[busy++] = Begin(&jobs[begun++]);
    if (busy < kLanes || !HasFastSearch() || is_unusual(rounds, stops)) break;
    Lane* const shortest = std::min_element(
        lanes.begin(), lanes.end(),
        [](const Lane& a, const Lane& b) { return a.SafeEvents() < b.SafeEvents(); });
    const std::size_t wanted = shortest->SafeEvents();
    if (wanted < kMinEvents) {
      Finish(*shortest, arg_counts);
      *shortest = lanes[--busy];
      continue;
    }
    const EventRecord* const before = lanes[0].next;
    const std::size_t stopped = DecodeRounds(last_ends, wanted, &lanes);
    rounds += static_cast<std::size_t>(lanes[0].next - before);
    if (stopped == kLanes) continue;
    ++stops;
    if (!DecodeOne(arg_counts, &lanes[stopped])) lanes[stopped] = lanes[--busy];
  }
  for (std::size_t i = 0; i < busy; ++i) Finish(lanes[i], arg_counts);
  for (; begun < jobs.size(); ++begun) Finish(Begin(&jobs[begun]), arg_counts);
}

#else

void DecodeLockstep(std::span<DecodeJob> jobs, const ArgCounts& arg_counts) {
  for (DecodeJob& job : jobs) Finish(Begin(&job), arg_counts);
}

#endif  // GTENGINE_LOCKSTEP

}  // namespace HWY_NAMESPACE
}  // namespace gtengine::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gtengine::kernels {

HWY_EXPORT(DecodeLockstep);

void DecodeEventsLockstep(std::span<DecodeJob> jobs, const ArgCounts& arg_counts) {
  HWY_DYNAMIC_DISPATCH(DecodeLockstep)(jobs, arg_counts);
}

}  // namespace gtengine::kernels
#endif  // HWY_ONCE
