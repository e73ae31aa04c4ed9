// The stage behind order: chunks of ordered events become spans and reports, in another thread
// where one is free.
#pragma once

#include <tbb/task_group.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "engine/order/event_stream.h"
#include "engine/run/help_trial.h"
#include "engine/run/memory_budget.h"
#include "engine/run/spare_threads.h"
#include "engine/run/state_reservation.h"
#include "engine/spans/span_builder.h"

namespace gtengine::run {

// Asked, in whatever thread feeds the builder, how many bytes its state takes at most until it has
// got another few thousand events.
using SpanBytes = std::function<std::uint64_t()>;

// Takes a stream's chunks, one after the other, to a builder. While no thread is spare, the caller
// does it, on the spot. As soon as one is (and memory for the chunks between the two), it goes on
// with that and decodes ahead for the caller, who only orders from then on, as long as this is
// faster. What the builder sees is the same in all cases.
//
// Used from one thread; the builder is in use from the first Take until the stage is gone. Borrows
// all that it is given. Memory: 5 MiB and 8 KiB a thread of the trace, when a thread was spare.
class SpanStage {
 public:
  SpanStage(order::EventStream& stream, MemoryBudget& memory, tbb::task_group& tasks,
            SpareThreads& threads, SpanBytes span_bytes)
      : stream_(stream),
        memory_(memory),
        tasks_(tasks),
        threads_(threads),
        span_bytes_(std::move(span_bytes)),
        reservation_(memory) {}
  // Waits for what was taken.
  ~SpanStage();
  SpanStage(const SpanStage&) = delete;
  SpanStage& operator=(const SpanStage&) = delete;

  // The stream's next chunk, as EventStream::Next gives it.
  Result<order::EventChunk> Next();
  // Takes it to the builder, which is the same each time. Not the empty chunk.
  void Take(spans::SpanBuilder& builder, const order::EventChunk& chunk);

  // Waits until the builder has all that was taken. No other thread uses it from then on.
  void Finish();
  // False when there was no memory for the builder's state: it has got nothing since. Final after
  // Finish.
  bool has_memory() const { return has_memory_.load(std::memory_order_relaxed); }

  // What chunks between two threads take. That is more than the near caches hold: a line that the
  // other core has let go of is written ten times faster than one that must be taken from it.
  static constexpr std::size_t kSlots = 128;
  static constexpr std::uint64_t kBytes = kSlots * order::EventBuffer::kBytes;

  // Chunks between two looks at the memory that state takes, and the events that come in them.
  static constexpr std::uint64_t kChunksBetween = 4;
  static constexpr std::size_t kEventsBetween = kChunksBetween * order::EventBuffer::kMostEvents;

 private:
  static constexpr std::size_t kCacheLine = 128;  // two, which are fetched together

  struct Slot {
    order::EventBuffer buffer;
    order::EventChunk chunk;
  };
  // The task in the other thread. Nobody waits for one that has not begun: it is called off.
  struct Helper {
    enum State : int { kCalled, kBegun, kCalledOff, kDone };
    std::atomic<int> state{kCalled};
  };
  struct HelperTask;

  static constexpr std::uint64_t kEnd = ~std::uint64_t{0};

  bool HasHelper();
  bool CallHelper();
  void DismissHelper();
  void WaitUntilInWork(std::uint64_t most);
  void Help();
  void Add(spans::SpanBuilder& builder, const order::EventChunk& chunk);

  alignas(kCacheLine) order::EventStream& stream_;
  MemoryBudget& memory_;
  tbb::task_group& tasks_;
  SpareThreads& threads_;
  HelpTrial trial_;
  const SpanBytes span_bytes_;
  std::shared_ptr<Helper> helper_or_null_;
  bool is_apart_ = false;  // chunks go to the helper
  spans::SpanBuilder* builder_or_null_ = nullptr;
  std::unique_ptr<std::array<Slot, kSlots>> slots_or_null_;
  // Chunks given to the helper, or kEnd; and those that it is done with.
  alignas(kCacheLine) std::atomic<std::uint64_t> given_ = 0;
  alignas(kCacheLine) std::atomic<std::uint64_t> done_ = 0;
  // Of whoever adds to the builder.
  StateReservation reservation_;
  std::uint64_t chunks_added_ = 0;
  std::atomic<bool> has_memory_ = true;
};

}  // namespace gtengine::run
