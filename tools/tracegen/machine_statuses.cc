// What a generation states of goroutines, Ps and Ms before it mentions them, and at its end of
// those that it did not mention.
#include "engine/base/check.h"
#include "tools/tracegen/machine.h"

namespace gtengine::tracegen {
namespace {

using wire::EventType;
using wire::GoStatus;
using wire::ProcStatus;

constexpr std::uint64_t kNobody = ~std::uint64_t{0};
// A status event: type, difference, id, the M (no M being a number of ten bytes), status and stack.
constexpr std::uint64_t kStatusBytes = 17;

std::uint64_t IdOf(const Thread& thread) {
  return static_cast<std::uint64_t>(Raw(thread.stream.m));
}

}  // namespace

// Its M's, its P's and its goroutine's status begin what a thread tells in a generation.
void Machine::StateThread(Index m) {
  Thread& thread = threads_[m];
  thread.generation = generation();
  if (thread.p != kNone) StateProc(thread.stream, thread.p, procs_[thread.p].status);
  if (thread.g == kNone) return;
  StateGoroutine(thread.stream, thread.g, IdOf(thread));
  if (is_collecting_ && collection_generation_ != generation() &&
      goroutines_[thread.g].status == GoStatus::kRunning) {
    collection_generation_ = generation();
    recorder_.Await(collection_time_);
    recorder_.Write(thread.stream, EventType::kGcActive, ++collection_);
    collection_time_ = thread.stream.time;
  }
}

void Machine::StateProc(Stream& stream, Index p, ProcStatus status) {
  Proc& proc = procs_[p];
  if (proc.generation == generation()) return;
  proc.generation = generation();
  proc.sequence = 0;
  recorder_.Write(stream, EventType::kProcStatus, std::uint64_t{p},
                  static_cast<std::uint64_t>(status));
  if (proc.is_sweeping) recorder_.Write(stream, EventType::kGcSweepActive, std::uint64_t{p});
}

void Machine::StateGoroutine(Stream& stream, Index g, std::uint64_t m) {
  Goroutine& goroutine = goroutines_[g];
  if (goroutine.generation == generation()) return;
  goroutine.generation = generation();
  goroutine.sequence = 0;
  --unmentioned_;
  const auto status = static_cast<std::uint64_t>(goroutine.status);
  if (goroutine.status == GoStatus::kWaiting && recorder_.version() >= wire::Version::k23) {
    const std::uint64_t stack =
        tables().Stack(StackKind::kBlock, goroutine.start, Scramble(goroutine.id));
    recorder_.Write(stream, EventType::kGoStatusStack, goroutine.id, m, status, stack);
  } else {
    recorder_.Write(stream, EventType::kGoStatus, goroutine.id, m, status);
  }
  if (goroutine.is_assisting) {
    recorder_.Write(stream, EventType::kGcMarkAssistActive, goroutine.id);
  }
}

void Machine::MentionProc(Index m, Index p, ProcStatus status) {
  if (procs_[p].generation == generation()) return;
  if (threads_[m].generation != generation()) StateThread(m);
  StateProc(threads_[m].stream, p, status);
}

void Machine::MentionGoroutine(Index m, Index g) {
  if (goroutines_[g].generation == generation()) return;
  if (threads_[m].generation != generation()) StateThread(m);
  StateGoroutine(threads_[m].stream, g, kNobody);
}

void Machine::BeginGeneration() {
  recorder_.BeginGeneration();
  unmentioned_ = alive_;
}

std::uint64_t Machine::EndBytes() const {
  return kStatusBytes * unmentioned_ + recorder_.table_bytes();
}

void Machine::EndGeneration() {
  Thread* teller = nullptr;
  for (Index m = 0; m < threads(); ++m) {
    Thread& thread = threads_[m];
    if (thread.generation != generation() && thread.p != kNone) StateThread(m);
    if (thread.generation == generation()) teller = &thread;
  }
  // The world never stands still: somebody told something.
  GTENGINE_CHECK(teller != nullptr);
  for (Index p = 0; p < procs(); ++p) StateProc(teller->stream, p, procs_[p].status);
  for (const Thread& thread : threads_) {
    // In a system call all the while.
    if (thread.g != kNone) StateGoroutine(nobody_, thread.g, IdOf(thread));
  }
  for (Index g = 0; g < goroutines_.size(); ++g) {
    if (goroutines_[g].status != GoStatus::kBad) StateGoroutine(nobody_, g, kNobody);
  }
  for (Thread& thread : threads_) recorder_.Flush(thread.stream);
  recorder_.Flush(nobody_);
  recorder_.EndGeneration();
}

}  // namespace gtengine::tracegen
