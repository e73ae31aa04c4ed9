// One row is one stay of a goroutine in one state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/columns/span_flags.h"
#include "engine/columns/stack_table.h"
#include "engine/columns/states.h"
#include "engine/columns/string_table.h"

namespace gtengine {

// What brought a goroutine into the state of a span.
enum class SpanCause : std::uint8_t {
  kRestated,      // it was found in the state: at the trace's start, its beginning is unknown
  kCreated,       // it was created in the state
  kUnblocked,     // somebody, or a coroutine switch, made it runnable
  kYielded,       // it yielded or was preempted
  kSyscallEnded,  // it left a system call
  kStarted,       // it got a P
  kBlocked,       // it blocked
  kSyscallBegun,  // it entered a system call
};
inline constexpr std::size_t kSpanCauseCount = 8;

// Bits of the flags column, besides those of span_flags.h.
inline constexpr std::uint8_t kNeverRanYet =
    4;  // the goroutine had not run before this span's start
inline constexpr std::uint8_t kAfterForever =
    8;  // it had blocked "forever" before this span's start
inline constexpr std::uint8_t kEndsGoroutine = 16;  // the goroutine's last: it ended with it

// What the program as a whole was doing, at one time.
enum class World : std::uint8_t {
  kUnknown,  // GOMAXPROCS was not told yet
  kStopped,  // from the request to stop it to its restart
  kBusy,     // as many Ps ran as GOMAXPROCS allows
  kIdle,     // some P was idle
};
inline constexpr std::size_t kWorldCount = 4;

// How much of a span the program did what; the parts in `ns` add up to the span.
struct Overlaps {
  std::array<std::uint64_t, kWorldCount> ns{};  // by World
  std::uint64_t marking_ns = 0;                 // a mark phase was under way, whatever else was

  Overlaps Minus(const Overlaps& before) const {
    Overlaps rest = *this;
    for (std::size_t i = 0; i < kWorldCount; ++i) rest.ns[i] -= before.ns[i];
    rest.marking_ns -= before.marking_ns;
    return rest;
  }
};

// The columns of up to kRows spans, all of one state. A small fixed block of memory that stays in
// the near caches and is filled again and again. Rows are in order of their end. A column that no
// consumer has declared (engine/spans/span_consumer.h) holds garbage.
struct GoroutineSpans {
  static constexpr std::size_t kRows = 1024;

  GoState state = GoState::kUndetermined;
  std::size_t rows = 0;
  std::array<GoId, kRows> g;
  // Dense number of the goroutine while it lives, used again after its end.
  std::array<std::uint32_t, kRows> goroutine;
  // Function that the goroutine was started with; empty when no stack has told it yet.
  std::array<StringRef, kRows> start_function;
  std::array<TimeNs, kRows> start_ns;
  std::array<TimeNs, kRows> end_ns;
  // Stack of the event that began the span: the creator's or the unblocker's for a runnable
  // goroutine, its own where it yielded or blocked.
  std::array<StackRef, kRows> start_stack;
  std::array<StackRef, kRows> end_stack;
  // Why it waits or yields, as the runtime words it; empty in other states.
  std::array<StringRef, kRows> reason;
  std::array<SpanCause, kRows> cause;
  std::array<std::uint8_t, kRows> flags;
  // The thread and P of the event that ended the span, and the goroutine running where the event
  // that began it happened (the creator or unblocker).
  std::array<ThreadId, kRows> m;
  std::array<ProcId, kRows> p;
  std::array<GoId, kRows> by_g;
  std::array<Overlaps, kRows> overlaps;
};

}  // namespace gtengine
