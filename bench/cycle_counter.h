// Cycles of the calling thread, as far as the machine tells.
#pragma once

#include <cstdint>
#include <optional>

namespace gtengine::bench {

// Counts from its construction on. Costs some system calls then, and when it is read. One thread.
class CycleCounter {
 public:
  // What cycles these are.
  enum class Kind : std::uint8_t {
    // Of the core in user mode, from perf_event_open.
    kCore,
    // The thread's processor time in cycles of the time stamp counter (x86-64): that runs at one
    // rate, whatever the core's clock does. For where the counters are not there or not permitted.
    kTimeStamp,
  };
  struct Reading {
    Kind kind;
    double cycles;
  };

  CycleCounter();
  CycleCounter(const CycleCounter&) = delete;
  CycleCounter& operator=(const CycleCounter&) = delete;
  ~CycleCounter();

  // Cycles since construction; nothing where the machine tells neither.
  std::optional<Reading> Read() const;

 private:
  struct Clocks {
    std::uint64_t time_stamp = 0;
    std::int64_t wall_ns = 0;
    std::int64_t thread_ns = 0;  // processor time
  };

  static Clocks ReadClocks();

  int descriptor_ = -1;
  Clocks start_;
};

}  // namespace gtengine::bench
