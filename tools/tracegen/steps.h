// What the Ms of the simulated machine do next.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "tools/tracegen/machine.h"
#include "tools/tracegen/pools.h"
#include "tools/tracegen/settings.h"

namespace gtengine::tracegen {

enum class CollectionPhase : std::uint8_t { kOff, kMark, kSweep };

// Single steps, chosen at random by the settings' mix; the pools are kept right. Borrows
// everything.
class Steps {
 public:
  Steps(const Settings& settings, Machine& machine, Pools& pools, Random& random);

  // The next thing that an active M does; one event, rarely two.
  void Step(Index m);

  // Steps that bring an active M where it is wanted: with a goroutine that runs, without one, or
  // wherever, but in no system call.
  void Occupy(Index m);
  void Settle(Index m);
  void Awaken(Index m);

  // A runnable goroutine for an M, which makes one if there is none; kNone if it cannot.
  Index TakeRunnable(Index m);

  // Makes a goroutine runnable that is not in the queue; kNone if there is none.
  Index TryUnblock(Index m);
  Index TryCreate(Index m);

  // A spare M takes an idle P. Gives the M.
  Index Wake(Index m, Index p);
  void Park(Index m);
  // `thief` takes the P of an M that is in a system call with it.
  void Steal(Index thief, Index victim);
  // Some M may lose the P that it was to lose; gives the M that has it then, or kNone.
  Index StealFromDoomed();
  // A system call without a P is over.
  void FinishBlocked(Index m);
  // The goroutine of `m` stops, the M goes without.
  void Preempt(Index m);

  // A stack of the goroutine that runs on an M.
  std::uint64_t StackOf(StackKind kind, Index m) { return StackOf(kind, m, random_.Next()); }

  // Goroutines assist while a collection marks; each P sweeps about once after it.
  CollectionPhase phase() const { return phase_; }
  void BeginPhase(CollectionPhase phase) {
    phase_ = phase;
    sweeps_left_ = machine_.procs();
  }

 private:
  enum class Kind : std::uint8_t {
    kBlock,
    kUnblock,
    kStop,
    kCreate,
    kSyscall,
    kSteal,
    kSwitch,
    kTask,
    kRegion,
    kLog,
    kLabel,
    kHeap,
  };
  static constexpr std::size_t kChoices = 4096;

  void FillChoices(const Mix& mix, wire::Version version);
  void StepRunning(Index m);
  void StepSearching(Index m);
  bool MayCreate(std::uint64_t random) const;
  // What the collection has a running goroutine do; false: nothing.
  bool StepCollection(Index m, std::uint64_t random);
  void EndDuties(Index m);
  // A goroutine that `m` has made runnable: it is next on that M's P, or goes to the queue.
  void Enqueue(Index m, Index g, bool is_next);
  Index TakeFromOthers();
  void Block(Index m, std::uint64_t random);
  void End(Index m, std::uint64_t random);
  void Switch(Index m, std::uint64_t random);
  void StepTask(Index m, std::uint64_t random);
  void StepRegion(Index m, std::uint64_t random);
  void TellHeap(Index m, std::uint64_t random);
  std::uint64_t StackOf(StackKind kind, Index m, std::uint64_t random) const {
    const Index g = machine_.thread(m).g;
    const std::uint32_t start = g == kNone ? 0 : machine_.goroutine(g).start;
    return machine_.tables().Stack(kind, start, random);
  }

  Machine& machine_;
  Pools& pools_;
  Random& random_;
  std::array<Kind, kChoices> choices_{};
  std::uint64_t park_share_ = 0;  // of 2^32 searches
  Index most_goroutines_;
  Index slack_;                // goroutines below that at which others may still end
  std::size_t longest_queue_;  // of runnable goroutines; changes with the load
  std::vector<Index> next_;    // of each P: the goroutine that runs before those in the queue
  CollectionPhase phase_ = CollectionPhase::kOff;
  Index sweeps_left_ = 0;
  std::uint64_t heap_bytes_ = 64 << 20;
};

}  // namespace gtengine::tracegen
