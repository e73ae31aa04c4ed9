// What a generated trace is to be like.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/wire/format.h"

namespace gtengine::tracegen {

// How often a running goroutine does what next, as weights. The defaults are about what a busy web
// service's goroutines do.
struct Mix {
  std::uint32_t block = 450;     // wait for something
  std::uint32_t unblock = 450;   // wake another goroutine
  std::uint32_t stop = 70;       // yield or be preempted
  std::uint32_t create = 190;    // begin another goroutine or, as often, end
  std::uint32_t syscall = 255;   // a system call that keeps its P
  std::uint32_t steal = 4;       // a system call that loses its P
  std::uint32_t switching = 10;  // create, enter, leave and end coroutines (from format 23 on)
  std::uint32_t task = 240;      // begin or end a task
  std::uint32_t region = 220;    // begin or end a region
  std::uint32_t log = 30;        // a log message
  std::uint32_t label = 1;       // a label
  std::uint32_t heap = 87;       // tell the heap's size
  std::uint32_t park = 70;       // with nothing to do: give the P back
};

struct Settings {
  wire::Version version = wire::Version::k26;
  std::uint64_t seed = 1;

  std::uint32_t procs = 64;  // Ms that run at once, each with a P of its own
  std::uint32_t goroutines = 100'000;

  std::uint64_t generations = 2;
  std::uint64_t generation_bytes = 32 << 20;  // about
  std::size_t batch_bytes = wire::kMaxBatchBytes;

  Mix mix = {};
  std::uint64_t gc_per_million = 4;         // collections, of a million events
  std::uint64_t samples_per_million = 500;  // CPU samples, of a million events

  std::uint32_t strings = 1500;
  std::uint32_t stacks = 400;
  std::uint32_t stack_depth = 16;  // at most

  std::uint32_t run_length = 3;  // events of an M, on average, before another has the earliest
  std::uint64_t frequency_hz = 15'625'000;    // ticks a second
  std::uint64_t events_per_second = 100'000;  // of each running M
  std::uint64_t clock_step_ns = 0;            // stamps are multiples of it; 0: no two are equal

  std::uint64_t disorder_per_million = 0;  // events that are stamped before what they depend on
  std::uint32_t disorder_reach = 0;        // events by which, at most
};

}  // namespace gtengine::tracegen
