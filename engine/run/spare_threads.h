// Threads of a scan that no trace is left for.
#pragma once

#include <atomic>

namespace gtengine::run {

// Counts them, so that a trace in work may take one. It is a hint: nobody depends on the thread
// that was taken ever to come. Safe from any thread.
class SpareThreads {
 public:
  explicit SpareThreads(int threads) : threads_(threads) {}

  // No more traces will be begun than have been.
  void SetAllBegun() { all_begun_ = true; }

  // One more thread is in use. Always when it is one for a trace; otherwise see TryTake.
  void Take() { ++used_; }
  void GiveBack() { --used_; }
  // Takes one if it has nothing else to do.
  bool TryTake() {
    if (!all_begun_.load(std::memory_order_relaxed)) return false;
    int used = used_.load(std::memory_order_relaxed);
    while (used < threads_) {
      if (used_.compare_exchange_weak(used, used + 1)) return true;
    }
    return false;
  }

 private:
  const int threads_;
  std::atomic<int> used_ = 0;
  std::atomic<bool> all_begun_ = false;
};

}  // namespace gtengine::run
