#include "bench/cycle_counter.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace gtengine::bench {
namespace {

int OpenCoreCycles() {
  perf_event_attr attributes{};
  attributes.size = sizeof(attributes);
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.config = PERF_COUNT_HW_CPU_CYCLES;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  return static_cast<int>(
      ::syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

std::int64_t ReadClock(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

CycleCounter::CycleCounter() : descriptor_(OpenCoreCycles()), start_(ReadClocks()) {}

CycleCounter::~CycleCounter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

CycleCounter::Clocks CycleCounter::ReadClocks() {
  Clocks clocks;
#if defined(__x86_64__)
  clocks.time_stamp = __rdtsc();
#endif
  clocks.wall_ns = ReadClock(CLOCK_MONOTONIC);
  clocks.thread_ns = ReadClock(CLOCK_THREAD_CPUTIME_ID);
  return clocks;
}

std::optional<CycleCounter::Reading> CycleCounter::Read() const {
  std::uint64_t cycles = 0;
  if (descriptor_ >= 0 && ::read(descriptor_, &cycles, sizeof(cycles)) == sizeof(cycles)) {
    return Reading{Kind::kCore, static_cast<double>(cycles)};
  }
  const Clocks now = ReadClocks();
  if (now.time_stamp == start_.time_stamp || now.wall_ns == start_.wall_ns) return std::nullopt;
  const double stamps_per_ns = static_cast<double>(now.time_stamp - start_.time_stamp) /
                               static_cast<double>(now.wall_ns - start_.wall_ns);
  return Reading{Kind::kTimeStamp,
                 static_cast<double>(now.thread_ns - start_.thread_ns) * stamps_per_ns};
}

}  // namespace gtengine::bench
