#include "tools/tracegen/scheduler.h"

#include <algorithm>
#include <limits>

namespace gtengine::tracegen {
namespace {

using wire::GoStatus;

constexpr std::uint64_t kMillion = 1'000'000;

}  // namespace

Scheduler::Scheduler(const Settings& settings, Machine& machine)
    : machine_(machine),
      random_(settings.seed),
      pools_(machine, settings.goroutines),
      steps_(settings, machine, pools_, random_),
      collector_(settings, machine, pools_, steps_),
      disorder_(settings, machine, pools_, steps_, random_),
      most_goroutines_(settings.goroutines),
      // Evenly distributed from 1 on, so that the mean is as wanted.
      longest_run_(2 * std::uint64_t{settings.run_length} - 1),
      sample_interval_(settings.samples_per_million == 0
                           ? 0
                           : std::max<std::uint64_t>(kMillion / settings.samples_per_million, 1)),
      next_sample_(sample_interval_ == 0 ? std::numeric_limits<std::uint64_t>::max()
                                         : sample_interval_) {
  FindMachine(settings);
}

void Scheduler::FindMachine(const Settings& settings) {
  for (Index m = 0; m < machine_.threads(); ++m) FindThread(m);
  const Index runnable = std::min(settings.procs, settings.goroutines / 2);
  for (Index i = 0; i < runnable; ++i) {
    if (const Index g = FindGoroutine(GoStatus::kRunnable); g != kNone) pools_.queue.Push(g);
  }
  // Room is left for goroutines to come.
  const Index most = settings.goroutines - settings.goroutines / 64;
  while (machine_.alive() < most) pools_.waiting.Push(machine_.Found(GoStatus::kWaiting));
}

Index Scheduler::FindGoroutine(GoStatus status) {
  return machine_.alive() < most_goroutines_ ? machine_.Found(status) : kNone;
}

// Most Ms run a goroutine; some are in a system call, with or without their P; some search.
void Scheduler::FindThread(Index m) {
  const bool has_proc = m < machine_.procs();
  const Index p = has_proc ? m : kNone;
  const std::uint64_t chance = random_.Below(16);
  Index g = kNone;
  if (has_proc && (m == 0 || chance < 10)) {
    g = FindGoroutine(GoStatus::kRunning);
  } else if (chance < 13) {
    g = FindGoroutine(GoStatus::kSyscall);
  }
  machine_.FoundOn(m, p, g);
  if (!has_proc) return (g == kNone ? pools_.spare : pools_.blocked).Add(m);
  const bool is_doomed =
      g != kNone && machine_.goroutine(g).status == GoStatus::kSyscall && random_.OnceIn(2);
  (is_doomed ? pools_.doomed : pools_.active).Add(m);
}

// Where stamps go in steps, what became possible in this one is better left for the next.
bool Scheduler::CanGoOn(TimeNs since) const {
  return pools_.active.empty() || !machine_.recorder().MustAwait(since);
}

Index Scheduler::NextThread(std::uint64_t random) {
  if (!pools_.doomed.empty() && (pools_.active.empty() || (random & 1) != 0)) {
    if (const Index m = steps_.StealFromDoomed(); m != kNone) return m;
  }
  const Index many = machine_.procs() / 8;
  if (!pools_.blocked.empty() && (pools_.blocked.size() > many || (random & 0x1e) == 0)) {
    const Index m = pools_.blocked.Pick(random_);
    if (CanGoOn(machine_.thread(m).robbed)) steps_.FinishBlocked(m);
  }
  if (!pools_.idle.empty() && !pools_.spare.empty()) {
    const bool has_work = !pools_.queue.empty() || !pools_.waiting.empty();
    if (pools_.active.empty() || (has_work && (random & 0x20) != 0)) {
      const Index p = pools_.idle.Pick(random_);
      if (CanGoOn(machine_.proc(p).time)) return steps_.Wake(pools_.spare.Pick(random_), p);
    }
  }
  if (pools_.active.empty()) return kNone;
  const Index m = pools_.active[static_cast<Index>(Random::Scale(random, pools_.active.size()))];
  if (m != last_ || pools_.active.size() == 1) return m;
  // Another one, or runs would be longer than wanted.
  const Index first = pools_.active[0];
  return first != last_ ? first : pools_.active[1];
}

void Scheduler::Run() {
  const std::uint64_t events = machine_.recorder().events();
  RunThread();
  // What everybody waits for comes with time.
  if (machine_.recorder().events() == events) machine_.recorder().Skip();
}

void Scheduler::RunThread() {
  const std::uint64_t random = random_.Next();
  last_ = NextThread(random);
  if (last_ == kNone) return;
  // The highest bits chose the M.
  std::uint64_t left = 1 + Random::Scale(random << 24, longest_run_);
  do {
    steps_.Step(last_);
  } while (--left > 0 && pools_.active.Has(last_));
  collector_.Advance(last_);
  disorder_.Advance();
  if (machine_.recorder().events() >= next_sample_) Sample(last_);
}

void Scheduler::Sample(Index m) {
  while (next_sample_ <= machine_.recorder().events()) {
    next_sample_ += sample_interval_;
    machine_.Sample(m, steps_.StackOf(StackKind::kSample, m));
  }
}

}  // namespace gtengine::tracegen
