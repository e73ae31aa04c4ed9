// Drives the simulated machine: which M is next, and for how long.
#pragma once

#include <cstdint>

#include "tools/tracegen/collector.h"
#include "tools/tracegen/disorder.h"
#include "tools/tracegen/machine.h"
#include "tools/tracegen/pools.h"
#include "tools/tracegen/settings.h"
#include "tools/tracegen/steps.h"

namespace gtengine::tracegen {

// Borrows the machine. Events depend on the settings alone.
class Scheduler {
 public:
  // Ms for a number of Ps: some can be in a system call without one.
  static Index ThreadsFor(Index procs) { return procs + procs / 4 + 2; }

  Scheduler(const Settings& settings, Machine& machine);

  // One M's events in a row.
  void Run();

 private:
  // What the trace finds when it begins.
  void FindMachine(const Settings& settings);
  Index FindGoroutine(wire::GoStatus status);
  void FindThread(Index m);
  // The M that is next; kNone: none has a P, but somebody told something.
  Index NextThread(std::uint64_t random);
  void RunThread();
  bool CanGoOn(TimeNs since) const;
  void Sample(Index m);

  Machine& machine_;
  Random random_;
  Pools pools_;
  Steps steps_;
  Collector collector_;
  Disorder disorder_;
  Index most_goroutines_;
  std::uint64_t longest_run_;
  std::uint64_t sample_interval_;
  std::uint64_t next_sample_;
  Index last_ = kNone;
};

}  // namespace gtengine::tracegen
