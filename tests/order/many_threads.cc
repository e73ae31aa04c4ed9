#include "tests/order/many_threads.h"

#include <initializer_list>
#include <map>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/check.h"

namespace gtengine::testing {
namespace {

using wire::BatchEncoder;
using wire::BatchKind;
using wire::EventType;
using wire::GoStatus;
using wire::ProcStatus;

constexpr std::uint64_t kNone = ~std::uint64_t{0};

std::uint64_t Number(GoStatus status) { return static_cast<std::uint64_t>(status); }
std::uint64_t Number(ProcStatus status) { return static_cast<std::uint64_t>(status); }

class Scheduler {
 public:
  explicit Scheduler(const ManyThreads& parameters)
      : parameters_(parameters), random_(parameters.seed), threads_(parameters.threads) {}

  wire::ByteBuffer Run();

 private:
  struct Goroutine {
    GoStatus status = GoStatus::kRunnable;
    std::uint64_t sequence = 0;
  };
  struct Proc {
    ProcStatus status = ProcStatus::kIdle;
    std::uint64_t sequence = 0;
  };
  struct Thread {
    std::uint64_t p = kNone;
    std::uint64_t g = kNone;
    Ticks base = 0;  // of the open batch
    Ticks time = 0;
    BatchEncoder batch;
  };

  std::uint64_t Random(std::uint64_t limit) { return random_() % limit; }
  void Begin();
  void End();
  void Step();
  void StepInCall(std::uint64_t m);
  void StepIdle(std::uint64_t m);
  void StepRunning(std::uint64_t m);
  void Steal(std::uint64_t thief);
  // Any goroutine or P of this status; kNone without one.
  std::uint64_t AnyGoroutine(GoStatus status);
  std::uint64_t AnyProc(ProcStatus status);

  void Emit(std::uint64_t m, EventType type, std::initializer_list<std::uint64_t> args);
  void Append(BatchEncoder& batch, EventType type, Ticks difference,
              std::initializer_list<std::uint64_t> args) {
    GTENGINE_CHECK(batch.Event(type, difference, std::span(args.begin(), args.size())).ok());
  }
  void Write(const BatchEncoder& batch, std::uint64_t m, Ticks base) {
    batch.Finish(generation_, ThreadId{static_cast<std::int64_t>(m)}, base, out_);
  }
  Ticks Now() const { return 1000 + step_ / parameters_.coarseness; }

  ManyThreads parameters_;
  std::mt19937_64 random_;
  std::vector<Thread> threads_;
  std::map<std::uint64_t, Goroutine> goroutines_;
  std::map<std::uint64_t, Proc> procs_;
  std::uint64_t next_g_ = 1;
  std::uint64_t generation_ = 0;
  std::uint64_t step_ = 0;
  // What is bound to no thread when a generation begins, stated on no thread.
  BatchEncoder idle_;
  wire::ByteBuffer out_;
};

wire::ByteBuffer Scheduler::Run() {
  wire::AppendHeader(parameters_.version, out_);
  // Fewer Ps than threads.
  for (std::uint64_t p = 0; p < threads_.size() - threads_.size() / 4; ++p) {
    threads_[p].p = p;
    procs_[p].status = ProcStatus::kRunning;
  }
  for (std::size_t i = 0; i < 2 * threads_.size(); ++i) {
    goroutines_[next_g_++].status = i % 3 == 0 ? GoStatus::kWaiting : GoStatus::kRunnable;
  }
  for (generation_ = 1; generation_ <= parameters_.generations; ++generation_) {
    Begin();
    for (std::size_t i = 0; i < parameters_.steps; ++i) Step();
    End();
  }
  return std::move(out_);
}

void Scheduler::Begin() {
  BatchEncoder sync;
  sync.Begin(BatchKind::kSync, parameters_.version);
  GTENGINE_CHECK(sync.Frequency(1'000'000'000).ok());
  if (parameters_.version >= wire::Version::k25) {
    GTENGINE_CHECK(sync.Snapshot(0, 0, 0, 0).ok());
  }
  Write(sync, 0, Now());

  for (auto& [id, goroutine] : goroutines_) goroutine.sequence = 0;
  for (auto& [id, proc] : procs_) proc.sequence = 0;
  for (std::uint64_t m = 0; m < threads_.size(); ++m) {
    Thread& thread = threads_[m];
    thread.batch.Begin(BatchKind::kEvents, parameters_.version);
    thread.base = thread.time = Now();
    if (thread.p != kNone) {
      Emit(m, EventType::kProcStatus, {thread.p, Number(procs_[thread.p].status)});
    }
    if (thread.g != kNone) {
      Emit(m, EventType::kGoStatus, {thread.g, m, Number(goroutines_[thread.g].status)});
    }
  }
  idle_.Begin(BatchKind::kEvents, parameters_.version);
  for (const auto& [id, goroutine] : goroutines_) {
    if (goroutine.status != GoStatus::kRunnable && goroutine.status != GoStatus::kWaiting) continue;
    Append(idle_, EventType::kGoStatus, 0, {id, kNone, Number(goroutine.status)});
  }
  for (const auto& [id, proc] : procs_) {
    if (proc.status != ProcStatus::kIdle) continue;
    Append(idle_, EventType::kProcStatus, 0, {id, Number(proc.status)});
  }
}

// The statuses of what was idle come last and late: what needs them has to wait.
void Scheduler::End() {
  for (std::uint64_t m = 0; m < threads_.size(); ++m) {
    Write(threads_[m].batch, m, threads_[m].base);
  }
  Write(idle_, kNone, Now());
  BatchEncoder samples;
  samples.Begin(BatchKind::kCpuSamples, parameters_.version);
  for (std::size_t i = 1; i <= 5 * threads_.size(); ++i) {
    const wire::CpuSample sample{.ticks = Now() - Random(20),
                                 .m = ThreadId{0},
                                 .p = ProcId{0},
                                 .g = GoId{static_cast<std::int64_t>(i)}};
    GTENGINE_CHECK(samples.Sample(sample).ok());
  }
  Write(samples, kNone, Now());
  if (parameters_.version >= wire::Version::k26) wire::AppendEndOfGeneration(out_);
}

void Scheduler::Step() {
  ++step_;
  const std::uint64_t m = Random(threads_.size());
  const Thread& thread = threads_[m];
  if (thread.g == kNone) {
    StepIdle(m);
  } else if (goroutines_[thread.g].status == GoStatus::kSyscall) {
    StepInCall(m);
  } else {
    StepRunning(m);
  }
}

void Scheduler::StepInCall(std::uint64_t m) {
  Thread& thread = threads_[m];
  Goroutine& goroutine = goroutines_[thread.g];
  if (thread.p == kNone) {
    Emit(m, EventType::kGoSyscallEndBlocked, {});
    goroutine.status = GoStatus::kRunnable;
    thread.g = kNone;
  } else if (Random(3) == 0) {
    Emit(m, EventType::kProcStop, {});
    procs_[thread.p].status = ProcStatus::kIdle;
    thread.p = kNone;
  } else {
    Emit(m, EventType::kGoSyscallEnd, {});
    procs_[thread.p].status = ProcStatus::kRunning;
    goroutine.status = GoStatus::kRunning;
  }
}

void Scheduler::StepIdle(std::uint64_t m) {
  Thread& thread = threads_[m];
  if (thread.p == kNone) {
    const std::uint64_t p = AnyProc(ProcStatus::kIdle);
    if (p == kNone) return Steal(m);
    Emit(m, EventType::kProcStart, {p, ++procs_[p].sequence});
    procs_[p].status = ProcStatus::kRunning;
    thread.p = p;
    return;
  }
  const std::uint64_t g = AnyGoroutine(GoStatus::kRunnable);
  if (g == kNone || Random(8) == 0) {
    Emit(m, EventType::kProcStop, {});
    procs_[thread.p].status = ProcStatus::kIdle;
    thread.p = kNone;
    return;
  }
  Emit(m, EventType::kGoStart, {g, ++goroutines_[g].sequence});
  goroutines_[g].status = GoStatus::kRunning;
  thread.g = g;
}

void Scheduler::StepRunning(std::uint64_t m) {
  Thread& thread = threads_[m];
  const auto leave = [&](GoStatus status) {
    goroutines_[thread.g].status = status;
    thread.g = kNone;
  };
  const std::uint64_t waiting = AnyGoroutine(GoStatus::kWaiting);
  switch (Random(10)) {
    case 0:
      Emit(m, EventType::kGoBlock, {0, 0});
      return leave(GoStatus::kWaiting);
    case 1:
      Emit(m, EventType::kGoStop, {0, 0});
      return leave(GoStatus::kRunnable);
    case 2:
      goroutines_[next_g_] = {};
      return Emit(m, EventType::kGoCreate, {next_g_++, 0, 0});
    case 3:
      if (goroutines_.size() < threads_.size()) return;
      Emit(m, EventType::kGoDestroy, {});
      goroutines_.erase(thread.g);
      thread.g = kNone;
      return;
    case 4:
    case 5:
      Emit(m, EventType::kGoSyscallBegin, {++procs_[thread.p].sequence, 0});
      procs_[thread.p].status = ProcStatus::kSyscall;
      goroutines_[thread.g].status = GoStatus::kSyscall;
      return;
    case 6:
      return Steal(m);
    case 7:
      if (waiting == kNone || parameters_.version < wire::Version::k23) return;
      Emit(m, EventType::kGoSwitch, {waiting, ++goroutines_[waiting].sequence});
      goroutines_[waiting].status = GoStatus::kRunning;
      leave(GoStatus::kWaiting);
      thread.g = waiting;
      return;
    default:
      if (waiting == kNone) return Emit(m, EventType::kHeapAlloc, {step_});
      Emit(m, EventType::kGoUnblock, {waiting, ++goroutines_[waiting].sequence, 0});
      goroutines_[waiting].status = GoStatus::kRunnable;
  }
}

void Scheduler::Steal(std::uint64_t thief) {
  const std::uint64_t p = AnyProc(ProcStatus::kSyscall);
  if (p == kNone) return;
  std::uint64_t victim = 0;
  while (threads_[victim].p != p) ++victim;
  Emit(thief, EventType::kProcSteal, {p, ++procs_[p].sequence, victim});
  procs_[p].status = ProcStatus::kIdle;
  threads_[victim].p = kNone;
}

std::uint64_t Scheduler::AnyGoroutine(GoStatus status) {
  std::vector<std::uint64_t> found;
  for (const auto& [id, goroutine] : goroutines_) {
    if (goroutine.status == status) found.push_back(id);
  }
  return found.empty() ? kNone : found[Random(found.size())];
}

std::uint64_t Scheduler::AnyProc(ProcStatus status) {
  std::vector<std::uint64_t> found;
  for (const auto& [id, proc] : procs_) {
    if (proc.status == status) found.push_back(id);
  }
  return found.empty() ? kNone : found[Random(found.size())];
}

void Scheduler::Emit(std::uint64_t m, EventType type, std::initializer_list<std::uint64_t> args) {
  Thread& thread = threads_[m];
  const Ticks clock = Now() + Random(parameters_.skew);
  const Ticks time = clock > thread.time ? clock : thread.time;
  Append(thread.batch, type, time - thread.time, args);
  thread.time = time;
  constexpr std::size_t kBatchBytes = 1000;
  if (thread.batch.size() < kBatchBytes) return;
  Write(thread.batch, m, thread.base);
  thread.batch.Begin(BatchKind::kEvents, parameters_.version);
  thread.base = thread.time;
}

}  // namespace

wire::ByteBuffer MakeManyThreads(const ManyThreads& parameters) {
  return Scheduler(parameters).Run();
}

}  // namespace gtengine::testing
