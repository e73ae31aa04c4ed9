#include "tools/tracegen/disorder.h"

#include <algorithm>
#include <limits>

namespace gtengine::tracegen {
namespace {

constexpr std::uint64_t kMillion = 1'000'000;

}  // namespace

Disorder::Disorder(const Settings& settings, Machine& machine, Pools& pools, Steps& steps,
                   Random& random)
    : machine_(machine),
      pools_(pools),
      steps_(steps),
      random_(random),
      interval_(settings.disorder_per_million == 0
                    ? 0
                    : std::max<std::uint64_t>(kMillion / settings.disorder_per_million, 1)),
      next_(interval_ == 0 ? std::numeric_limits<std::uint64_t>::max() : interval_) {
  const TraceClock& clock = machine.recorder().clock();
  // A whole tick, whatever was rounded.
  least_delay_ = clock.tick() + 2;
  reach_ = clock.spacing() * settings.disorder_reach;
}

void Disorder::BeginLate() {
  const std::uint64_t more = random_.Below(static_cast<std::uint64_t>(reach_) + 1);
  machine_.BeginDisorder(least_delay_ + static_cast<TimeNs>(more));
}

void Disorder::MakePair() {
  if (pools_.active.size() < 2) return;
  const Index cause = pools_.active.Pick(random_);
  Index effect = pools_.active.Pick(random_);
  while (effect == cause) effect = pools_.active.Pick(random_);
  Make(static_cast<Pair>(random_.Below(static_cast<std::uint64_t>(Pair::kCount))), cause, effect);
}

void Disorder::Make(Pair pair, Index cause, Index effect) {
  switch (pair) {
    case Pair::kUnblockStart:
    case Pair::kStopStart:
    case Pair::kCreateStart:
      return StartLate(pair, cause, effect);
    case Pair::kBlockUnblock:
      return UnblockBlocked(cause, effect);
    case Pair::kProcStopStart:
      return StartStoppedProc(cause);
    case Pair::kSyscallSteal:
      return StealFromLate(cause, effect);
    case Pair::kStealSyscallEnd:
      return StealLate(cause, effect);
    case Pair::kCount:
      return;
  }
}

// A goroutine starts before it was made runnable.
void Disorder::StartLate(Pair pair, Index cause, Index effect) {
  steps_.Settle(effect);
  Index g = kNone;
  if (pair == Pair::kStopStart) {
    steps_.Occupy(cause);
    g = machine_.thread(cause).g;
    if (g == kNone) return;
    BeginLate();
    machine_.Stop(cause, machine_.tables().IdOf(Text::kGosched),
                  steps_.StackOf(StackKind::kStop, cause));
  } else {
    steps_.Awaken(cause);
    BeginLate();
    g = pair == Pair::kCreateStart ? steps_.TryCreate(cause) : steps_.TryUnblock(cause);
  }
  EndLate();
  if (g != kNone) machine_.Start(effect, g);
  Done(effect);
}

void Disorder::UnblockBlocked(Index cause, Index effect) {
  steps_.Awaken(effect);
  steps_.Occupy(cause);
  const Index g = machine_.thread(cause).g;
  if (g == kNone) return;
  BeginLate();
  machine_.Block(cause, machine_.tables().IdOf(Text::kSync),
                 steps_.StackOf(StackKind::kBlock, cause));
  EndLate();
  machine_.Unblock(effect, g, steps_.StackOf(StackKind::kUnblock, effect));
  Done(effect);
  pools_.queue.Push(g);
}

void Disorder::StartStoppedProc(Index cause) {
  if (pools_.spare.empty()) return;
  steps_.Settle(cause);
  const Index m = pools_.spare.Pick(random_);
  const Index p = machine_.thread(cause).p;
  BeginLate();
  steps_.Park(cause);
  EndLate();
  steps_.Wake(m, p);
  Done(m);
}

void Disorder::StealFromLate(Index cause, Index effect) {
  steps_.Awaken(effect);
  steps_.Occupy(cause);
  if (machine_.thread(cause).g == kNone) return;
  BeginLate();
  machine_.BeginSyscall(cause, steps_.StackOf(StackKind::kSyscall, cause));
  EndLate();
  steps_.Steal(effect, cause);
  Done(effect);
}

void Disorder::StealLate(Index cause, Index effect) {
  steps_.Awaken(cause);
  steps_.Occupy(effect);
  const Index g = machine_.thread(effect).g;
  if (g == kNone) return;
  machine_.BeginSyscall(effect, steps_.StackOf(StackKind::kSyscall, effect));
  BeginLate();
  steps_.Steal(cause, effect);
  EndLate();
  pools_.blocked.Remove(effect);
  pools_.spare.Add(effect);
  machine_.EndBlockedSyscall(effect);
  Done(effect);
  pools_.queue.Push(g);
}

}  // namespace gtengine::tracegen
