#include "tools/tracegen/collector.h"

#include <algorithm>
#include <limits>

namespace gtengine::tracegen {
namespace {

constexpr std::uint64_t kMillion = 1'000'000;

}  // namespace

Collector::Collector(const Settings& settings, Machine& machine, Pools& pools, Steps& steps)
    : machine_(machine),
      pools_(pools),
      steps_(steps),
      interval_(settings.gc_per_million == 0
                    ? 0
                    : std::max<std::uint64_t>(kMillion / settings.gc_per_million, 1)),
      next_(interval_ == 0 ? std::numeric_limits<std::uint64_t>::max() : interval_ / 2) {}

// Marking takes a third of the time, sweeping at most another.
void Collector::Go(Index m) {
  const Index g = machine_.thread(m).g;
  if (!pools_.active.Has(m) || g == kNone ||
      machine_.goroutine(g).status != wire::GoStatus::kRunning ||
      machine_.goroutine(g).is_assisting || machine_.proc(machine_.thread(m).p).is_sweeping) {
    return;
  }
  switch (steps_.phase()) {
    case CollectionPhase::kOff:
      Begin(m);
      break;
    case CollectionPhase::kMark:
      End(m);
      break;
    case CollectionPhase::kSweep:
      steps_.BeginPhase(CollectionPhase::kOff);
      break;
  }
  next_ = machine_.recorder().events() + interval_ / 3;
}

void Collector::Begin(Index m) {
  machine_.BeginCollection(m, steps_.StackOf(StackKind::kRuntime, m));
  StopTheWorld(m, Text::kSweepTermination);
  machine_.TellHeapGoal(m, goal_bytes_);
  machine_.ChangeProcs(m, steps_.StackOf(StackKind::kRuntime, m));
  machine_.EndStop(m);
  steps_.BeginPhase(CollectionPhase::kMark);
}

void Collector::End(Index m) {
  StopTheWorld(m, Text::kMarkTermination);
  machine_.EndCollection(m);
  goal_bytes_ ^= 64 << 20;
  machine_.TellHeapGoal(m, goal_bytes_);
  machine_.ChangeProcs(m, steps_.StackOf(StackKind::kRuntime, m));
  machine_.EndStop(m);
  steps_.BeginPhase(CollectionPhase::kSweep);
}

void Collector::StopTheWorld(Index leader, Text reason) {
  machine_.BeginStop(leader, machine_.tables().IdOf(reason),
                     steps_.StackOf(StackKind::kRuntime, leader));
  while (!pools_.doomed.empty()) steps_.Steal(leader, pools_.doomed[0]);
  while (pools_.active.size() > 1) {
    const Index m = pools_.active[pools_.active[0] == leader ? 1 : 0];
    const Index g = machine_.thread(m).g;
    if (g != kNone && machine_.goroutine(g).status == wire::GoStatus::kSyscall) {
      steps_.Steal(leader, m);
    } else {
      steps_.Preempt(m);
    }
  }
}

}  // namespace gtengine::tracegen
