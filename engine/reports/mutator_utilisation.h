// How much of its Ps the collector leaves to the program in the worst window of time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/heap_bytes.h"
#include "engine/columns/gc_work.h"

namespace gtengine {

// What is taken off, by column of the table: each has all that the one before has. In terms of Go's
// internal/trace/gc.go: UtilSTW, with UtilAssist, with UtilBackground, with UtilSweep; and all of
// them with UtilPerProc, which looks at one P at a time and leaves dedicated mark workers out, as
// nobody waits on their Ps.
enum class Utilisation : std::uint8_t { kStops, kAssists, kMarking, kAll, kEachP };
inline constexpr std::size_t kUtilisationCount = 5;

inline constexpr std::array<std::uint64_t, 10> kUtilisationWindowsMs = {1,  2,   5,   10,  20,
                                                                        50, 100, 200, 500, 1000};

// One trace, from where GOMAXPROCS is told to its end. Memory: 24 bytes a piece of work, a stop and
// a change of GOMAXPROCS.
class MutatorUtilisation {
 public:
  // By Utilisation and window: the greatest part of it that was lost, in billionths.
  using Losses =
      std::array<std::array<std::uint64_t, kUtilisationWindowsMs.size()>, kUtilisationCount>;

  // All in any order but these, which come in order.
  void AddProcs(TimeNs time_ns, std::uint64_t procs);
  void AddWork(const GcWork& work);
  // A stop-the-world of the collector.
  void AddStop(TimeNs start_ns, TimeNs end_ns);

  // Nothing is lost where GOMAXPROCS is not told. A trace shorter than a window counts as a whole.
  // O(n log n). Call once.
  Losses Finish(TimeNs end_ns);

  std::size_t state_bytes() const { return HeapBytes(changes_); }

 private:
  enum class Kind : std::uint8_t { kWorkBegins, kWorkEnds, kStopBegins, kStopEnds, kProcs };
  struct Change {
    TimeNs time_ns;
    std::uint64_t value;  // the P, or how many Ps
    Kind kind;
    GcWorkKind work;
  };

  std::array<std::uint64_t, kUtilisationWindowsMs.size()> LossesOf(Utilisation which,
                                                                   TimeNs end_ns) const;
  void AddLossesOfEachP(TimeNs end_ns,
                        std::array<std::uint64_t, kUtilisationWindowsMs.size()>& losses) const;

  std::vector<Change> changes_;
  TimeNs told_ns_ = 0;
  bool is_told_ = false;
};

}  // namespace gtengine
