// Numbers of the legacy trace format (Go 1.11 to 1.21), each as Go's
// internal/trace/internal/tracev1 states it.
//
// A trace is a series of records. Each begins with a byte that holds its type and, in the top two
// bits, how many numbers follow: 0 to 2 mean one to three, 3 means that the length of the numbers
// in bytes comes first. A batch record begins what one P wrote; the records behind it are the P's,
// up to the next batch record. Strings and stacks stand among them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gtengine::wire::v1 {

enum class EventType : std::uint8_t {
  kNone,
  // Structure of the file.
  kBatch,
  kFrequency,
  kStack,
  // Ps.
  kGomaxprocs,
  kProcStart,
  kProcStop,
  // Garbage collection.
  kGcStart,
  kGcDone,
  kStwStart,
  kStwDone,
  kGcSweepStart,
  kGcSweepDone,
  // Goroutines.
  kGoCreate,
  kGoStart,
  kGoEnd,
  kGoStop,
  kGoSched,
  kGoPreempt,
  kGoSleep,
  kGoBlock,
  kGoUnblock,
  kGoBlockSend,
  kGoBlockRecv,
  kGoBlockSelect,
  kGoBlockSync,
  kGoBlockCond,
  kGoBlockNet,
  kGoSysCall,
  kGoSysExit,
  kGoSysBlock,
  kGoWaiting,
  kGoInSyscall,
  kHeapAlloc,
  kHeapGoal,
  kTimerGoroutine,  // tells a goroutine that serves timers
  kFutileWakeup,
  kString,
  // As those without "Local", where the P is the one that the goroutine was on before.
  kGoStartLocal,
  kGoUnblockLocal,
  kGoSysExitLocal,
  kGoStartLabel,
  kGoBlockGc,
  kGcMarkAssistStart,
  kGcMarkAssistDone,
  kUserTaskCreate,
  kUserTaskEnd,
  kUserRegion,
  kUserLog,
  kCpuSample,  // from format 19 on
};
inline constexpr std::size_t kEventTypes = 50;

// Arguments of an event after its time difference and without its stack.
inline constexpr std::size_t kMaxArgs = 4;
// Of one record, where their length comes first.
inline constexpr std::size_t kMaxNumberBytes = 2048;
inline constexpr std::size_t kMaxStringBytes = 1'000'000;
inline constexpr std::size_t kMaxStackFrames = 1000;

// Ps that do not exist: Go's reader moves events there that happen on none.
inline constexpr std::int32_t kTimerProc = 1'000'001;
inline constexpr std::int32_t kNetworkProc = 1'000'002;
inline constexpr std::int32_t kSyscallProc = 1'000'003;
inline constexpr std::int32_t kCollectorProc = 1'000'004;
inline constexpr std::int32_t kProfilerProc = 1'000'005;

}  // namespace gtengine::wire::v1
