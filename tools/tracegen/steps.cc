#include "tools/tracegen/steps.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"

namespace gtengine::tracegen {
namespace {

using wire::GoStatus;

constexpr std::uint8_t kMostRegions = 3;
constexpr std::uint64_t kAllocation = 8 << 10;
constexpr std::uint64_t kMostHeap = 512 << 20;

}  // namespace

Steps::Steps(const Settings& settings, Machine& machine, Pools& pools, Random& random)
    : machine_(machine),
      pools_(pools),
      random_(random),
      most_goroutines_(settings.goroutines),
      slack_(settings.goroutines / 32),
      longest_queue_(settings.procs),
      next_(settings.procs, kNone) {
  FillChoices(settings.mix, settings.version);
}

// As many of the choices as its weight says are of each kind.
void Steps::FillChoices(const Mix& mix, wire::Version version) {
  const std::uint32_t switching = version >= wire::Version::k23 ? mix.switching : 0;
  const std::pair<Kind, std::uint32_t> weights[] = {
      {Kind::kBlock, mix.block},   {Kind::kUnblock, mix.unblock}, {Kind::kStop, mix.stop},
      {Kind::kCreate, mix.create}, {Kind::kSyscall, mix.syscall}, {Kind::kSteal, mix.steal},
      {Kind::kSwitch, switching},  {Kind::kTask, mix.task},       {Kind::kRegion, mix.region},
      {Kind::kLog, mix.log},       {Kind::kLabel, mix.label},     {Kind::kHeap, mix.heap}};
  std::uint64_t total = 0;
  for (const auto& [kind, weight] : weights) total += weight;
  GTENGINE_CHECK(total > 0);
  // What has any weight is there at least once.
  const std::size_t shared = kChoices - std::size(weights);
  std::uint64_t sum = 0;
  std::size_t filled = 0;
  std::size_t extra = 0;
  for (const auto& [kind, weight] : weights) {
    if (weight == 0) continue;
    sum += weight;
    const std::size_t end = sum * shared / total + ++extra;
    while (filled < end) choices_[filled++] = kind;
  }
  // The few that are left over.
  while (filled < kChoices) choices_[filled++] = choices_[0];
  const std::uint64_t searches =
      std::uint64_t{mix.block} + mix.stop + mix.create / 2 + mix.park + 1;
  park_share_ = (std::uint64_t{mix.park} << 32) / searches;
}

void Steps::Step(Index m) {
  const Index g = machine_.thread(m).g;
  if (g == kNone) return StepSearching(m);
  if (machine_.goroutine(g).status == GoStatus::kSyscall) return machine_.EndSyscall(m);
  StepRunning(m);
}

void Steps::StepSearching(Index m) {
  const Index p = machine_.thread(m).p;
  if (next_[p] != kNone) return machine_.Start(m, std::exchange(next_[p], kNone));
  const std::uint64_t random = random_.Next();
  const bool may_park = pools_.active.size() > 1;
  if (may_park && random >> 32 < park_share_) return Park(m);
  // Now and then the network has something.
  if ((random & 15) == 0 && pools_.queue.size() < longest_queue_) {
    if (const Index g = TryUnblock(m); g != kNone) return pools_.queue.Push(g);
  }
  if (!pools_.queue.empty()) return machine_.Start(m, pools_.queue.Pop());
  if (const Index g = TryUnblock(m); g != kNone) return pools_.queue.Push(g);
  if (const Index g = TryCreate(m); g != kNone) return pools_.queue.Push(g);
  if (const Index g = TakeFromOthers(); g != kNone) return machine_.Start(m, g);
  if (may_park) return Park(m);
  // All goroutines are in system calls that have lost their P.
  if (!pools_.blocked.empty()) FinishBlocked(pools_.blocked[0]);
}

void Steps::Enqueue(Index m, Index g, bool is_next) {
  if (is_next) std::swap(g, next_[machine_.thread(m).p]);
  if (g != kNone) pools_.queue.Push(g);
}

// Where nothing else is left to do.
Index Steps::TakeFromOthers() {
  for (Index& next : next_) {
    if (next != kNone) return std::exchange(next, kNone);
  }
  return kNone;
}

void Steps::StepRunning(Index m) {
  const std::uint64_t random = random_.Next();
  if (machine_.proc(machine_.thread(m).p).is_sweeping ||
      machine_.goroutine(machine_.thread(m).g).is_assisting) {
    return EndDuties(m);
  }
  if (phase_ != CollectionPhase::kOff && StepCollection(m, random)) return;
  switch (choices_[random % kChoices]) {
    case Kind::kBlock:
      return Block(m, random);
    case Kind::kUnblock:
      if (pools_.waiting.empty() || pools_.queue.size() >= longest_queue_) return Block(m, random);
      if ((random >> 16 & 0xfff) == 0) longest_queue_ = random_.Below(4 * next_.size()) + 8;
      return Enqueue(m, TryUnblock(m), (random >> 12 & 1) != 0);
    case Kind::kStop: {
      const Index g = machine_.thread(m).g;
      const Text reason = random >> 12 & 7 ? Text::kGosched : Text::kPreempted;
      machine_.Stop(m, machine_.tables().IdOf(reason), StackOf(StackKind::kStop, m, random));
      return pools_.queue.Push(g);
    }
    case Kind::kCreate:
      if (!MayCreate(random)) return End(m, random);
      return Enqueue(m, TryCreate(m), (random >> 13 & 1) != 0);
    case Kind::kSyscall:
      return machine_.BeginSyscall(m, StackOf(StackKind::kSyscall, m, random));
    case Kind::kSteal:
      machine_.BeginSyscall(m, StackOf(StackKind::kSyscall, m, random));
      pools_.active.Remove(m);
      return pools_.doomed.Add(m);
    case Kind::kSwitch:
      return Switch(m, random);
    case Kind::kTask:
      return StepTask(m, random);
    case Kind::kRegion:
      return StepRegion(m, random);
    case Kind::kLog:
      return machine_.Log(m, machine_.tables().LogKey(random >> 12),
                          machine_.tables().LogValue(random), StackOf(StackKind::kLog, m, random));
    case Kind::kLabel:
      return machine_.Label(m, machine_.tables().TaskName(random >> 12));
    case Kind::kHeap:
      return TellHeap(m, random);
  }
}

// Their number moves between the most there may be and a little less.
bool Steps::MayCreate(std::uint64_t random) const {
  if (machine_.alive() + slack_ < most_goroutines_) return true;
  return machine_.alive() < most_goroutines_ && (random >> 12 & 1) != 0;
}

bool Steps::StepCollection(Index m, std::uint64_t random) {
  const std::uint64_t chance = random >> 24 & 127;
  if (phase_ == CollectionPhase::kMark && chance == 0) {
    machine_.BeginAssist(m, StackOf(StackKind::kRuntime, m, random));
    return true;
  }
  if (phase_ == CollectionPhase::kMark && chance == 1 && (random & 7) == 0) {
    constexpr std::array kLabels{Text::kGcDedicated, Text::kGcFractional, Text::kGcIdle};
    machine_.Label(m, machine_.tables().IdOf(kLabels[random % kLabels.size()]));
    return true;
  }
  if (phase_ == CollectionPhase::kSweep && chance < 4 && sweeps_left_ > 0) {
    --sweeps_left_;
    machine_.BeginSweep(m, StackOf(StackKind::kRuntime, m, random));
    return true;
  }
  return false;
}

// What must end before anything else happens.
void Steps::EndDuties(Index m) {
  if (machine_.proc(machine_.thread(m).p).is_sweeping) {
    const std::uint64_t pages = random_.Below(64);
    return machine_.EndSweep(m, pages * kAllocation, pages / 2 * kAllocation);
  }
  // Some must wait for the collection's own work.
  if (random_.OnceIn(4)) return Block(m, random_.Next());
  machine_.EndAssist(m);
}

void Steps::Block(Index m, std::uint64_t random) {
  const Index g = machine_.thread(m).g;
  const auto reason = static_cast<Text>((random >> 12) % kWaitReasons);
  machine_.Block(m, machine_.tables().IdOf(reason), StackOf(StackKind::kBlock, m, random));
  pools_.waiting.Push(g);
}

Index Steps::TryUnblock(Index m) {
  if (pools_.waiting.empty()) return kNone;
  const Index g = pools_.waiting.Take(random_);
  machine_.Expect(pools_.waiting.newest());
  // The network poller has no stack.
  const bool by_goroutine = machine_.thread(m).g != kNone;
  machine_.Unblock(m, g, by_goroutine ? StackOf(StackKind::kUnblock, m) : 0);
  return g;
}

Index Steps::TryCreate(Index m) {
  if (machine_.alive() == most_goroutines_) return kNone;
  const std::uint32_t start = machine_.tables().Start(random_.Next());
  // Compilers draw for arguments in an order of their own.
  const std::uint64_t stack = StackOf(StackKind::kCreate, m);
  const bool inherits_task = random_.OnceIn(2);
  return machine_.CreateGoroutine(m, inherits_task, start, stack);
}

// Step by step: what is open ends before the goroutine does.
void Steps::End(Index m, std::uint64_t random) {
  const Goroutine& goroutine = machine_.goroutine(machine_.thread(m).g);
  if (goroutine.regions > 0) return machine_.EndRegion(m, StackOf(StackKind::kRegion, m, random));
  if (goroutine.owns_task) return machine_.EndTask(m, StackOf(StackKind::kTask, m, random));
  if (goroutine.partner == kNone) return machine_.Destroy(m);
  if (goroutine.is_coroutine) return machine_.SwitchDestroy(m, goroutine.partner);
  machine_.Switch(m, goroutine.partner);
}

void Steps::Switch(Index m, std::uint64_t random) {
  const Goroutine& goroutine = machine_.goroutine(machine_.thread(m).g);
  if (goroutine.partner != kNone) {
    if (goroutine.is_coroutine && (random >> 12 & 3) == 0) return End(m, random);
    return machine_.Switch(m, goroutine.partner);
  }
  if (machine_.alive() >= most_goroutines_) return Block(m, random);
  machine_.CreateCoroutine(m, machine_.tables().Start(random_.Next()),
                           StackOf(StackKind::kCreate, m, random));
}

// Tasks begin and end outside of regions, so that a region's task is the same at both its ends. One
// that begins while the goroutine works for another is part of that.
void Steps::StepTask(Index m, std::uint64_t random) {
  const Goroutine& goroutine = machine_.goroutine(machine_.thread(m).g);
  if (goroutine.regions > 0) return machine_.EndRegion(m, StackOf(StackKind::kRegion, m, random));
  if (goroutine.owns_task) return machine_.EndTask(m, StackOf(StackKind::kTask, m, random));
  machine_.BeginTask(m, StackOf(StackKind::kTask, m, random));
}

void Steps::StepRegion(Index m, std::uint64_t random) {
  const std::uint8_t regions = machine_.goroutine(machine_.thread(m).g).regions;
  const bool ends = regions == kMostRegions || (regions > 0 && (random >> 12 & 1) != 0);
  const std::uint64_t stack = StackOf(StackKind::kRegion, m, random);
  if (ends) return machine_.EndRegion(m, stack);
  machine_.BeginRegion(m, stack);
}

void Steps::TellHeap(Index m, std::uint64_t random) {
  heap_bytes_ += (1 + (random >> 12) % 16) * kAllocation;
  if (heap_bytes_ > kMostHeap) heap_bytes_ /= 2;
  machine_.TellHeap(m, heap_bytes_);
}

void Steps::Awaken(Index m) {
  const Index g = machine_.thread(m).g;
  if (g != kNone && machine_.goroutine(g).status == GoStatus::kSyscall) machine_.EndSyscall(m);
}

void Steps::Settle(Index m) {
  Awaken(m);
  if (machine_.proc(machine_.thread(m).p).is_sweeping) EndDuties(m);
  if (machine_.thread(m).g != kNone) Block(m, random_.Next());
}

void Steps::Occupy(Index m) {
  Awaken(m);
  if (machine_.thread(m).g == kNone) {
    if (const Index g = TakeRunnable(m); g != kNone) machine_.Start(m, g);
  }
  if (machine_.proc(machine_.thread(m).p).is_sweeping) EndDuties(m);
}

Index Steps::TakeRunnable(Index m) {
  if (!pools_.queue.empty()) return pools_.queue.Pop();
  const Index g = TryUnblock(m);
  return g != kNone ? g : TryCreate(m);
}

Index Steps::Wake(Index m, Index p) {
  machine_.StartProc(m, p);
  pools_.spare.Remove(m);
  pools_.idle.Remove(p);
  pools_.active.Add(m);
  return m;
}

void Steps::Park(Index m) {
  pools_.idle.Add(machine_.thread(m).p);
  machine_.StopProc(m);
  pools_.active.Remove(m);
  pools_.spare.Add(m);
}

void Steps::Steal(Index thief, Index victim) {
  const Index p = machine_.thread(victim).p;
  machine_.StealProc(thief, p);
  (pools_.doomed.Has(victim) ? pools_.doomed : pools_.active).Remove(victim);
  pools_.blocked.Add(victim);
  pools_.idle.Add(p);
}

Index Steps::StealFromDoomed() {
  const Index victim = pools_.doomed.Pick(random_);
  const TimeNs since = machine_.proc(machine_.thread(victim).p).time;
  if (!pools_.active.empty() && machine_.recorder().MustAwait(since)) return kNone;
  if (pools_.spare.empty()) {
    if (pools_.active.empty()) {
      // Nobody is there to steal.
      machine_.EndSyscall(victim);
      pools_.doomed.Remove(victim);
      pools_.active.Add(victim);
      return victim;
    }
    Steal(pools_.active.Pick(random_), victim);
    return kNone;
  }
  // As the runtime's monitor does, which hands the P to an M at once.
  const Index p = machine_.thread(victim).p;
  const Index thief = pools_.spare.Pick(random_);
  Steal(thief, victim);
  return Wake(thief, p);
}

void Steps::FinishBlocked(Index m) {
  const Index g = machine_.thread(m).g;
  pools_.blocked.Remove(m);
  if (!pools_.idle.empty() && random_.OnceIn(2)) {
    // It finds another P and goes on with it.
    const Index p = pools_.idle.Pick(random_);
    machine_.StartProc(m, p);
    pools_.idle.Remove(p);
    pools_.active.Add(m);
  } else {
    pools_.spare.Add(m);
  }
  machine_.EndBlockedSyscall(m);
  pools_.queue.Push(g);
}

void Steps::Preempt(Index m) {
  const Index g = machine_.thread(m).g;
  if (g != kNone) {
    if (machine_.proc(machine_.thread(m).p).is_sweeping) EndDuties(m);
    machine_.Stop(m, machine_.tables().IdOf(Text::kPreempted), StackOf(StackKind::kStop, m));
    pools_.queue.Push(g);
  }
  Park(m);
}

}  // namespace gtengine::tracegen
