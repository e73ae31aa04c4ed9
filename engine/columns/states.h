// States of goroutines and Ps, as Go's reader names them (internal/trace/resources.go).
#pragma once

#include <cstdint>
#include <string_view>

namespace gtengine {

enum class GoState : std::uint8_t {
  kUndetermined,  // nothing is known yet
  kNotExist,
  kRunnable,
  kRunning,
  kWaiting,
  kSyscall,
};
inline constexpr std::size_t kGoStateCount = 6;

enum class ProcState : std::uint8_t { kUndetermined, kNotExist, kRunning, kIdle };

constexpr std::string_view Name(GoState state) {
  constexpr std::string_view kNames[] = {"Undetermined", "NotExist", "Runnable",
                                         "Running",      "Waiting",  "Syscall"};
  return kNames[static_cast<std::size_t>(state)];
}

constexpr std::string_view Name(ProcState state) {
  constexpr std::string_view kNames[] = {"Undetermined", "NotExist", "Running", "Idle"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace gtengine
