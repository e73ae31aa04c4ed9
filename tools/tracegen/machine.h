// The simulated Go runtime: goroutines, Ps and Ms, and the events of their every step. It sees to
// it that a reader accepts them; whoever drives it decides which step is next.
#pragma once

#include <cstdint>
#include <vector>

#include "tools/tracegen/recorder.h"
#include "tools/tracegen/settings.h"

namespace gtengine::tracegen {

// Places of goroutines, Ps and Ms in the machine's lists.
using Index = std::uint32_t;
inline constexpr Index kNone = ~Index{0};

struct Goroutine {
  std::uint64_t id = 0;
  std::uint64_t task = 0;        // that it works for; 0: none
  TimeNs time = 0;               // since when others can go on with it
  Index m = kNone;               // which saw to that
  std::uint32_t sequence = 0;    // of its last event that has one, in this generation
  std::uint32_t generation = 0;  // which mentioned it last
  std::uint32_t start = 0;       // the function that it began with, see Tables
  Index partner = kNone;         // of a coroutine and of who created it: the other one
  wire::GoStatus status = wire::GoStatus::kBad;  // bad: there is no such goroutine
  std::uint8_t regions = 0;                      // that are open
  bool owns_task = false;                        // has begun it, and will end it
  bool is_assisting = false;                     // is in a mark assist
  bool is_coroutine = false;
};

struct Proc {
  TimeNs time = 0;  // since when others can go on with it
  std::uint32_t sequence = 0;
  std::uint32_t generation = 0;
  wire::ProcStatus status = wire::ProcStatus::kIdle;
  bool is_sweeping = false;
  Index m = kNone;  // which has it
};

struct Thread {
  Thread(ThreadId id, std::size_t batch_bytes) : stream(id, batch_bytes) {}

  Index p = kNone;
  Index g = kNone;
  std::uint32_t generation = 0;  // in which it told last
  TimeNs robbed = 0;             // when it last lost its P to another M
  Stream stream;
};

// Each step states what it needs of its M: a P, a goroutine; `kNone` would be our own mistake. An
// event with a stack takes its id in the current generation's tables. Steps cost some ten ns.
class Machine {
 public:
  // All goroutines and Ms that there may be; none is running yet.
  explicit Machine(const Settings& settings, Index threads);

  Recorder& recorder() { return recorder_; }
  const Recorder& recorder() const { return recorder_; }
  const Tables& tables() const { return recorder_.tables(); }
  const Goroutine& goroutine(Index g) const { return goroutines_[g]; }
  const Proc& proc(Index p) const { return procs_[p]; }
  const Thread& thread(Index m) const { return threads_[m]; }
  Index alive() const { return alive_; }
  // Says that a goroutine will be looked at soon.
  void Expect(Index g) const { __builtin_prefetch(&goroutines_[g], 1); }
  Index procs() const { return static_cast<Index>(procs_.size()); }
  Index threads() const { return static_cast<Index>(threads_.size()); }

  // Before the first event: what there was when the trace began.
  Index Found(wire::GoStatus status);
  void FoundOn(Index m, Index p, Index g);

  void BeginGeneration();
  // States what was not mentioned in this generation and ends it. Takes time with the number of
  // goroutines.
  void EndGeneration();
  // The bytes that takes, about.
  std::uint64_t EndBytes() const;

  // An M without a P takes an idle one; it gives it back; it takes one away from an M in a system
  // call.
  void StartProc(Index m, Index p);
  void StopProc(Index m);
  void StealProc(Index thief, Index p);
  void ChangeProcs(Index m, std::uint64_t stack);

  // Goroutines begin runnable, coroutines waiting. The M needs a P. The new one may work for the
  // task of its creator.
  Index CreateGoroutine(Index m, bool inherits_task, std::uint32_t start, std::uint64_t stack);
  Index CreateCoroutine(Index m, std::uint32_t start, std::uint64_t stack);
  // A runnable goroutine on an M with a P and no goroutine.
  void Start(Index m, Index g);
  // What the M's running goroutine does.
  void Stop(Index m, std::uint64_t reason, std::uint64_t stack);
  void Block(Index m, std::uint64_t reason, std::uint64_t stack);
  void Destroy(Index m);
  // To a waiting one, which it leaves its M to.
  void Switch(Index m, Index next);
  void SwitchDestroy(Index m, Index next);
  // Makes a waiting goroutine runnable.
  void Unblock(Index m, Index g, std::uint64_t stack);

  // Stamps are late from here on, up to Recorder::EndDelay. The time is one at which no M told
  // anything: an event that readers cannot put in order yet must be the only one with its stamp,
  // or Go's reader may pass over the one that could go on (it sorts, then skips the first).
  void BeginDisorder(TimeNs delay);

  void BeginSyscall(Index m, std::uint64_t stack);
  void EndSyscall(Index m);
  // After the M has lost its P. Its goroutine is runnable then, the M has none.
  void EndBlockedSyscall(Index m);

  void BeginStop(Index m, std::uint64_t kind, std::uint64_t stack);
  void EndStop(Index m);
  void BeginCollection(Index m, std::uint64_t stack);
  void EndCollection(Index m);
  void BeginSweep(Index m, std::uint64_t stack);
  void EndSweep(Index m, std::uint64_t swept, std::uint64_t reclaimed);
  void BeginAssist(Index m, std::uint64_t stack);
  void EndAssist(Index m);
  void TellHeap(Index m, std::uint64_t bytes);
  void TellHeapGoal(Index m, std::uint64_t bytes);

  // A part of the task that the goroutine works for, if any, which it works for from now on.
  void BeginTask(Index m, std::uint64_t stack);
  void EndTask(Index m, std::uint64_t stack);
  void BeginRegion(Index m, std::uint64_t stack);
  void EndRegion(Index m, std::uint64_t stack);
  void Log(Index m, std::uint64_t key, std::uint64_t value, std::uint64_t stack);
  void Label(Index m, std::uint64_t label);
  void Sample(Index m, std::uint64_t stack);

 private:
  template <class... Args>
  void Emit(Index m, wire::EventType type, Args... args) {
    Thread& thread = threads_[m];
    if (thread.generation != generation()) StateThread(m);
    recorder_.Write(thread.stream, type, args...);
  }
  std::uint32_t generation() const { return static_cast<std::uint32_t>(recorder_.generation()); }
  TimeNs TimeOf(Index m) const { return threads_[m].stream.time; }
  // Others can go on with a goroutine; `m` does.
  void Release(Index m, Goroutine& goroutine) {
    goroutine.time = TimeOf(m);
    goroutine.m = m;
  }
  void Await(Index m, const Goroutine& goroutine) {
    if (goroutine.m != m) recorder_.Await(goroutine.time);
  }
  Goroutine& Running(Index m) { return goroutines_[threads_[m].g]; }
  Index NewGoroutine(wire::GoStatus status, std::uint32_t start);
  void Forget(Index g);
  std::uint64_t NameOfRegion(const Goroutine& goroutine, std::uint8_t depth) const;
  // To be called before the first mention of each in a generation.
  void StateThread(Index m);
  void StateProc(Stream& stream, Index p, wire::ProcStatus status);
  void StateGoroutine(Stream& stream, Index g, std::uint64_t m);
  void MentionProc(Index m, Index p, wire::ProcStatus status);
  void MentionGoroutine(Index m, Index g);

  Recorder recorder_;
  std::vector<Goroutine> goroutines_;
  std::vector<Proc> procs_;
  std::vector<Thread> threads_;
  Stream nobody_;  // tells of what was idle
  std::vector<Index> free_;
  Index alive_ = 0;
  Index unmentioned_ = 0;  // goroutines of which this generation has told nothing yet
  std::uint64_t next_goroutine_ = 1;
  std::uint64_t next_task_ = 1;
  std::uint64_t collection_ = 0;  // the last sequence number of a collection
  TimeNs collection_time_ = 0;    // when that was
  bool is_collecting_ = false;
  std::uint32_t collection_generation_ = 0;  // which mentioned it last
};

}  // namespace gtengine::tracegen
