// How much memory the traces at work may take together.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/result.h"
#include "engine/io/stored_trace.h"

namespace gtengine::run {

// A number of bytes that many threads share. Safe from any thread. Nobody may wait while it holds a
// reservation, so that waiting always ends.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t total_bytes) : total_bytes_(total_bytes) {}

  std::uint64_t total_bytes() const { return total_bytes_; }

  // Waits until `bytes` are free and takes them; false, at once, when there are never so many. Who
  // waits first goes first.
  bool Reserve(std::uint64_t bytes);
  // Takes them if they are free now, also before those who wait: they wait for whoever holds some
  // already and needs more to come to an end.
  bool TryReserve(std::uint64_t bytes);
  void Release(std::uint64_t bytes);

  // That `what` needs more than there is: of a Reserve that was refused.
  Error Refusal(std::string_view what, std::uint64_t bytes) const;

 private:
  const std::uint64_t total_bytes_;
  std::mutex mutex_;
  std::condition_variable released_;
  std::uint64_t used_bytes_ = 0;
  std::uint64_t waits_begun_ = 0;
  std::uint64_t waits_over_ = 0;
};

// Bytes of a budget for the length of a scope, if there are ever so many.
class Reservation {
 public:
  // Waits as Reserve does. `bytes` is not 0.
  Reservation(MemoryBudget& budget, std::uint64_t bytes)
      : budget_(budget), bytes_(budget.Reserve(bytes) ? bytes : 0) {}
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;
  ~Reservation() {
    if (ok()) budget_.Release(bytes_);
  }

  bool ok() const { return bytes_ > 0; }

 private:
  MemoryBudget& budget_;
  std::uint64_t bytes_;
};

// Counts what expanding takes on a budget, which it borrows.
class ExpandingMemory : public io::MemoryGate {
 public:
  explicit ExpandingMemory(MemoryBudget& budget) : budget_(budget) {}
  Status Take(std::uint64_t bytes) override;
  void GiveBack(std::uint64_t bytes) override { budget_.Release(bytes); }

 private:
  MemoryBudget& budget_;
};

}  // namespace gtengine::run
