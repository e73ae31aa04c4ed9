#include "engine/run/span_stage.h"

#include "engine/base/spin.h"
#include "engine/run/task_hand_off.h"

namespace gtengine::run {
namespace {

// Awake for so long, and then asleep: a chunk takes a few microseconds.
constexpr int kPauses = 5000;

// Waits until `is_enough` of a count that another thread raises, and does `meanwhile` as long as
// that says there is something to do.
template <class IsEnough, class Meanwhile>
void WaitForCount(const std::atomic<std::uint64_t>& count, IsEnough is_enough,
                  Meanwhile meanwhile) {
  for (int pauses = 0; pauses < kPauses;) {
    if (is_enough(count.load(std::memory_order_acquire))) return;
    if (meanwhile()) continue;
    Pause();
    ++pauses;
  }
  for (std::uint64_t now = count.load(std::memory_order_acquire); !is_enough(now);
       now = count.load(std::memory_order_acquire)) {
    count.wait(now, std::memory_order_acquire);
  }
}

}  // namespace

struct SpanStage::HelperTask {
  SpanStage* stage;
  std::shared_ptr<Helper> helper;
  PublishedByCopy published = {};

  // An exception ends the program, as without this task: the other thread would wait for ever.
  void operator()() const noexcept {
    const TaskScope scope;
    int called = Helper::kCalled;
    if (!helper->state.compare_exchange_strong(called, Helper::kBegun)) return;
    stage->Help();
    helper->state.store(Helper::kDone);
    helper->state.notify_one();
  }
};

SpanStage::~SpanStage() { Finish(); }

void SpanStage::Finish() {
  if (helper_or_null_) DismissHelper();
}

Result<order::EventChunk> SpanStage::Next() {
  trial_.Count(is_apart_);
  if (is_apart_ && trial_.HasFailed()) DismissHelper();
  // Not before the first chunk: the stream may wait for memory then, and nobody may do so who holds
  // some.
  if (!is_apart_ && trial_.IsDue() && HasHelper()) {
    is_apart_ = true;
    if (!slots_or_null_) slots_or_null_ = std::make_unique<std::array<Slot, kSlots>>();
    stream_.OfferDecoding();
  }
  if (!is_apart_) return stream_.Next();
  WaitUntilInWork(stream_.NeedsGeneration() ? 0 : kSlots - 1);
  return stream_.Next((*slots_or_null_)[given_ % kSlots].buffer);
}

void SpanStage::Take(spans::SpanBuilder& builder, const order::EventChunk& chunk) {
  if (!is_apart_) return Add(builder, chunk);
  if (builder_or_null_ == nullptr) builder_or_null_ = &builder;
  (*slots_or_null_)[given_ % kSlots].chunk = chunk;
  given_.fetch_add(1, std::memory_order_release);
  given_.notify_one();
}

// Whether a thread has come; calls one when one is spare.
bool SpanStage::HasHelper() {
  if (!helper_or_null_ && !CallHelper()) return false;
  return helper_or_null_->state.load(std::memory_order_acquire) != Helper::kCalled;
}

bool SpanStage::CallHelper() {
  if (!threads_.TryTake()) return false;
  if (!memory_.TryReserve(kBytes)) {
    threads_.GiveBack();
    return false;
  }
  helper_or_null_ = std::make_shared<Helper>();
  const HelperTask task{.stage = this, .helper = helper_or_null_};
  ReceiveFromTasks();  // the memory of tasks is used again
  tasks_.run(task);
  return true;
}

void SpanStage::DismissHelper() {
  int called = Helper::kCalled;
  if (!helper_or_null_->state.compare_exchange_strong(called, Helper::kCalledOff)) {
    WaitUntilInWork(0);
    given_.store(kEnd, std::memory_order_release);
    given_.notify_one();
    helper_or_null_->state.wait(Helper::kBegun);
  }
  helper_or_null_.reset();
  is_apart_ = false;
  given_ = done_ = 0;
  memory_.Release(kBytes);
  threads_.GiveBack();
}

void SpanStage::Add(spans::SpanBuilder& builder, const order::EventChunk& chunk) {
  if (!has_memory()) return;
  if (chunks_added_++ % kChunksBetween == 0 && !reservation_.Cover(span_bytes_())) {
    has_memory_.store(false, std::memory_order_relaxed);
    return;
  }
  builder.Add(chunk);
}

// Waits until the helper has so few chunks.
void SpanStage::WaitUntilInWork(std::uint64_t most) {
  const std::uint64_t enough = given_ > most ? given_ - most : 0;
  WaitForCount(
      done_, [enough](std::uint64_t done) { return done >= enough; }, [] { return false; });
}

// What the other thread does, from its beginning to the end of the run.
void SpanStage::Help() {
  for (std::uint64_t done = 0;;) {
    WaitForCount(
        given_, [done](std::uint64_t given) { return given != done; },
        [this] { return stream_.DecodeAhead(); });
    if (given_.load(std::memory_order_relaxed) == kEnd) return;
    while (stream_.DecodeAhead()) {  // first: the other thread is the one that is behind
    }
    Add(*builder_or_null_, (*slots_or_null_)[done % kSlots].chunk);
    done_.store(++done, std::memory_order_release);
    done_.notify_one();
  }
}

}  // namespace gtengine::run
