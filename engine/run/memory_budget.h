// How much memory the traces at work may take together.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace gtengine::run {

// A number of bytes that many threads share. Safe from any thread. Nobody may wait while it holds a
// reservation, so that waiting always ends.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t total_bytes) : total_bytes_(total_bytes) {}

  std::uint64_t total_bytes() const { return total_bytes_; }

  // Waits until `bytes` are free and takes them; false, at once, when there are never so many.
  bool Reserve(std::uint64_t bytes);
  // Takes them if they are free now.
  bool TryReserve(std::uint64_t bytes);
  void Release(std::uint64_t bytes);

 private:
  const std::uint64_t total_bytes_;
  std::mutex mutex_;
  std::condition_variable released_;
  std::uint64_t used_bytes_ = 0;
};

}  // namespace gtengine::run
