// Garbage collections of the simulated machine, which stop the world twice each.
#pragma once

#include <cstdint>

#include "tools/tracegen/machine.h"
#include "tools/tracegen/pools.h"
#include "tools/tracegen/settings.h"
#include "tools/tracegen/steps.h"

namespace gtengine::tracegen {

// Borrows everything.
class Collector {
 public:
  Collector(const Settings& settings, Machine& machine, Pools& pools, Steps& steps);

  // Begins or ends a collection, where it is time to, on an active M whose goroutine runs.
  void Advance(Index m) {
    if (machine_.recorder().events() >= next_) Go(m);
  }

 private:
  void Go(Index m);
  void Begin(Index m);
  void End(Index m);
  // Until EndStop no other M has a P.
  void StopTheWorld(Index leader, Text reason);

  Machine& machine_;
  Pools& pools_;
  Steps& steps_;
  std::uint64_t interval_;  // events from one collection to the next
  std::uint64_t next_;      // the count of events at which something happens
  std::uint64_t goal_bytes_ = 128 << 20;
};

}  // namespace gtengine::tracegen
