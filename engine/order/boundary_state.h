// What goes over from one generation to the next, and how an order that began in the middle of a
// trace is shown to be the one that began at its start.
//
// Each generation restates the goroutines and Ps that it mentions. An order that begins anywhere
// therefore knows nearly all that matters after one generation, and notes down what it takes for
// granted about the rest. When the order of what is before gets there, both are compared.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/order/resource_states.h"
#include "engine/wire/format.h"

namespace gtengine::order {

// A region with its name, which no other table is needed for.
struct NamedRegion {
  TaskId task{};
  std::string name;

  friend bool operator==(const NamedRegion&, const NamedRegion&) = default;
};

// A scheduler's state behind a generation, whichever slots and refs it had. Sequences are not part
// of it: each generation begins its own. Everything is in order of its ids. About 24 bytes a live
// goroutine.
struct BoundaryState {
  enum class Gc : std::uint8_t { kUndetermined, kNotRunning, kRunning };

  struct Goroutine {
    GoId id = kNoGoroutine;
    wire::GoStatus status = wire::GoStatus::kBad;
    bool is_from_before = false;  // it has lived since before the assumptions began
    std::uint32_t ranges = 0;     // how many of those in `goroutine_ranges`
    std::uint32_t regions = 0;    // likewise
  };
  struct Proc {
    ProcId id = kNoProc;
    wire::ProcStatus status = wire::ProcStatus::kBad;
    std::vector<OpenRanges::Range> ranges;

    friend bool operator==(const Proc&, const Proc&) = default;
  };
  struct Thread {
    ThreadId id = kNoThread;
    GoId g = kNoGoroutine;
    ProcId p = kNoProc;

    bool IsBound() const { return g != kNoGoroutine || p != kNoProc; }
    friend bool operator==(const Thread&, const Thread&) = default;
  };
  struct Task {
    std::uint64_t id = 0;
    TaskId parent = kNoTask;
    std::string name;

    friend bool operator==(const Task&, const Task&) = default;
  };

  TimeNs last_ns = 0;
  Gc gc = Gc::kUndetermined;
  std::uint64_t gc_sequence = 0;
  std::vector<Goroutine> goroutines;
  std::vector<OpenRanges::Range> goroutine_ranges;  // of one goroutine after the other
  std::vector<NamedRegion> regions;                 // likewise, each one's innermost first
  std::vector<Proc> procs;
  std::vector<Thread> threads;
  std::vector<Task> tasks;
};

// What an order that began in the middle of a trace has taken for granted about what was before
// its first whole generation ("the boundary"), and touched since.
struct Assumptions {
  static constexpr std::size_t kMost = std::size_t{1} << 16;

  struct RegionEnd {
    GoId g = kNoGoroutine;
    NamedRegion region;
  };

  bool is_on = false;
  bool are_too_many = false;               // there were more than kMost of a kind
  std::vector<ProcId> new_procs;           // no status was known of them
  std::vector<ThreadId> new_threads;       // nothing was known of them when a status bound them
  std::vector<std::uint64_t> ended_tasks;  // not known to be open
  std::vector<RegionEnd> region_ends;      // outside of any that was known to be open
  std::uint64_t least_task = std::numeric_limits<std::uint64_t>::max();  // of those begun
  std::optional<std::uint64_t> first_gc;  // sequence of the first GCBegin, if no state was known

  template <class T>
  void Note(std::vector<T>& list, T item) {
    if (list.size() < kMost) {
      list.push_back(std::move(item));
    } else {
      are_too_many = true;
    }
  }
};

// What an order that began in the middle of a trace says of itself.
struct PartialOrder {
  BoundaryState begin;  // at the boundary
  Assumptions assumptions;
  BoundaryState end;  // of its last generation
};

// The true state at a part's end, given the true one at its boundary; nothing when the part's order
// may be another than that of the whole trace. Cost: a few ns a goroutine.
std::optional<BoundaryState> Continue(const BoundaryState& truth, const PartialOrder& part);

}  // namespace gtengine::order
