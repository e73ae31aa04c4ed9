// Pairs of events whose stamps contradict their order: what clocks that differ among cores make.
#pragma once

#include <cstdint>

#include "tools/tracegen/machine.h"
#include "tools/tracegen/pools.h"
#include "tools/tracegen/settings.h"
#include "tools/tracegen/steps.h"

namespace gtengine::tracegen {

// One M does what another M's event depends on, but is stamped after it: a reader meets the second
// event first and has to wait. Borrows everything.
class Disorder {
 public:
  Disorder(const Settings& settings, Machine& machine, Pools& pools, Steps& steps, Random& random);

  // Makes as many pairs as are due after all events so far. Needs two active Ms.
  void Advance() {
    while (machine_.recorder().events() >= next_) {
      next_ += interval_;
      MakePair();
    }
  }

 private:
  enum class Pair : std::uint8_t {
    kUnblockStart,
    kBlockUnblock,
    kStopStart,
    kCreateStart,
    kProcStopStart,
    kSyscallSteal,
    kStealSyscallEnd,
    kCount,
  };

  void MakePair();
  // The event of `cause` comes late, that of `effect` in time.
  void Make(Pair pair, Index cause, Index effect);
  void StartLate(Pair pair, Index cause, Index effect);
  void UnblockBlocked(Index cause, Index effect);
  void StartStoppedProc(Index cause);
  void StealFromLate(Index cause, Index effect);
  void StealLate(Index cause, Index effect);
  // The event in between is late; the one after them is not, and then `effect` has told it.
  void BeginLate();
  void EndLate() { machine_.recorder().EndDelay(); }
  void Done(Index effect) { machine_.recorder().EndDisorder(machine_.thread(effect).stream.time); }

  Machine& machine_;
  Pools& pools_;
  Steps& steps_;
  Random& random_;
  std::uint64_t interval_;
  std::uint64_t next_;
  TimeNs least_delay_;
  TimeNs reach_;
};

}  // namespace gtengine::tracegen
