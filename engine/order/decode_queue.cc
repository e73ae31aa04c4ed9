#include "engine/order/decode_queue.h"

#include "engine/order/thread_cursor.h"

namespace gtengine::order {

void DecodeQueue::Offer(ThreadCursor& cursor) {
  const std::size_t offered = offered_.load(std::memory_order_relaxed);
  if (offered - taken_.load(std::memory_order_acquire) == kCapacity) return;
  offers_[offered % kCapacity] = &cursor;
  offered_.store(offered + 1, std::memory_order_release);
}

bool DecodeQueue::DecodeOne() {
  std::size_t taken = taken_.load(std::memory_order_relaxed);
  while (taken != offered_.load(std::memory_order_acquire)) {
    ThreadCursor& cursor = *offers_[taken % kCapacity];
    taken_.store(++taken, std::memory_order_release);
    if (cursor.DecodeOffered()) return true;
  }
  return false;
}

}  // namespace gtengine::order
