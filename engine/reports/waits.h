// The waits of one call site, function, service or cause, told apart as far as the ways of counting
// differ.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/analysis/distribution.h"
#include "engine/columns/goroutine_spans.h"

namespace gtengine {

// `go tool trace` 1.27 clips each goroutine to what lies between its first run and its end
// (cmd/trace/pprof.go, pprofMatchingGoroutines), and takes blocking "forever" as an end
// (internal/trace/summary.go). What it loses by that are the last two.
enum class WaitKind : std::uint8_t {
  kOrdinary,
  kBeforeFirstRun,  // before the goroutine ran for the first time
  kAfterEnd,        // after it had blocked forever
};
inline constexpr std::size_t kWaitKindCount = 3;

// The kind that the flags of a span tell.
constexpr WaitKind KindOfWait(std::uint8_t span_flags) {
  if (span_flags & kNeverRanYet) return WaitKind::kBeforeFirstRun;
  return span_flags & kAfterForever ? WaitKind::kAfterEnd : WaitKind::kOrdinary;
}

// What a table of causes calls one.
constexpr std::string_view TextOfCause(SpanCause cause) {
  constexpr std::array<std::string_view, kSpanCauseCount> kTexts = {
      "found runnable at the trace's start",
      "first run after creation",
      "after unblock",
      "after yield or preemption",
      "after syscall",
      "after running",
      "after blocking",
      "after entering a syscall"};
  return kTexts[static_cast<std::size_t>(cause)];
}

// Mergeable as Distribution is.
struct Waits {
  std::array<Distribution, kWaitKindCount> by_kind;

  Distribution& operator[](WaitKind kind) { return by_kind[static_cast<std::size_t>(kind)]; }
  const Distribution& operator[](WaitKind kind) const {
    return by_kind[static_cast<std::size_t>(kind)];
  }

  bool empty() const {
    for (const Distribution& distribution : by_kind) {
      if (!distribution.empty()) return false;
    }
    return true;
  }

  void Combine(const Waits& other) {
    for (std::size_t kind = 0; kind < kWaitKindCount; ++kind) {
      by_kind[kind].Combine(other.by_kind[kind]);
    }
  }

  // All of them, or only those that `go tool trace` counts.
  Distribution Counted(bool compat_go_tool_trace) const {
    Distribution counted = (*this)[WaitKind::kOrdinary];
    if (!compat_go_tool_trace) {
      counted.Combine((*this)[WaitKind::kBeforeFirstRun]);
      counted.Combine((*this)[WaitKind::kAfterEnd]);
    }
    return counted;
  }
};

}  // namespace gtengine
