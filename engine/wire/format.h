// Numbers of the v2 trace format (Go 1.22 and later), each as Go's internal/trace/tracev2 states
// it. Those of the legacy format are in engine/wire/v1/.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gtengine::wire {

// The format version in a trace's header: the NN of "go 1.NN trace". A format outlives a release:
// 11 is written by Go 1.11 to 1.18, 19 by Go 1.19 and 1.20, 23 by Go 1.23 and 1.24, 26 by Go 1.26
// and 1.27.
enum class Version : std::uint8_t {
  k11 = 11,
  k19 = 19,
  k21 = 21,
  k22 = 22,
  k23 = 23,
  k25 = 25,
  k26 = 26
};

// Whether it is the legacy format, which has nothing but the header in common with the others:
// engine/wire/v1/ and engine/order/legacy_stream.h read it, and nothing else does.
constexpr bool IsLegacy(Version version) { return version < Version::k22; }

inline constexpr std::size_t kHeaderBytes = 16;

inline constexpr std::size_t kMaxBatchBytes = 64 << 10;
inline constexpr std::size_t kMaxStringBytes = 1 << 10;
inline constexpr std::size_t kMaxStackFrames = 128;
inline constexpr std::size_t kMaxVarintBytes = 10;
// Arguments of a timed event after its time difference.
inline constexpr std::size_t kMaxTimedArgs = 4;

// Type bytes. Types from 128 on belong to experiments.
enum class EventType : std::uint8_t {
  kNone = 0,
  // Structure of the file.
  kEventBatch,
  kStacks,
  kStack,
  kStrings,
  kString,
  kCpuSamples,
  kCpuSample,
  kFrequency,
  // Ps.
  kProcsChange,
  kProcStart,
  kProcStop,
  kProcSteal,
  kProcStatus,
  // Goroutines.
  kGoCreate,
  kGoCreateSyscall,
  kGoStart,
  kGoDestroy,
  kGoDestroySyscall,
  kGoStop,
  kGoBlock,
  kGoUnblock,
  kGoSyscallBegin,
  kGoSyscallEnd,
  kGoSyscallEndBlocked,
  kGoStatus,
  // Stop-the-world and garbage collection.
  kStwBegin,
  kStwEnd,
  kGcActive,
  kGcBegin,
  kGcEnd,
  kGcSweepActive,
  kGcSweepBegin,
  kGcSweepEnd,
  kGcMarkAssistActive,
  kGcMarkAssistBegin,
  kGcMarkAssistEnd,
  kHeapAlloc,
  kHeapGoal,
  // Annotations of the program.
  kGoLabel,
  kUserTaskBegin,
  kUserTaskEnd,
  kUserRegionBegin,
  kUserRegionEnd,
  kUserLog,
  // From format 23 on.
  kGoSwitch,
  kGoSwitchDestroy,
  kGoCreateBlocked,
  kGoStatusStack,
  kExperimentalBatch,
  // From format 25 on.
  kSync,
  kClockSnapshot,
  // From format 26 on.
  kEndOfGeneration,
  // Experiment AllocFree.
  kSpan = 128,
  kSpanAlloc,
  kSpanFree,
  kHeapObject,
  kHeapObjectAlloc,
  kHeapObjectFree,
  kGoroutineStack,
  kGoroutineStackAlloc,
  kGoroutineStackFree,
};

// Experiments that have a name, 0 (none) included. A later Go may write batches of others.
inline constexpr std::uint8_t kExperimentCount = 2;
inline constexpr std::uint8_t kAllocFreeExperiment = 1;

// Status of a goroutine, and of a P, on the wire.
enum class GoStatus : std::uint8_t { kBad, kRunnable, kRunning, kSyscall, kWaiting };
enum class ProcStatus : std::uint8_t {
  kBad,
  kRunning,
  kIdle,
  kSyscall,
  // First seen in a generation as the victim of a steal: nobody can say which thread it was on.
  kSyscallAbandoned,
};
inline constexpr std::uint8_t kStatusCount = 5;  // of either

}  // namespace gtengine::wire
