// The part of a memory budget that a trace's growing state has.
#pragma once

#include <cstdint>

#include "engine/run/memory_budget.h"

namespace gtengine::run {

// Follows a need that grows and shrinks, in steps of a MiB. It never waits, since whoever has state
// holds memory already. One thread at a time. Borrows the budget.
class StateReservation {
 public:
  explicit StateReservation(MemoryBudget& budget) : budget_(budget) {}
  StateReservation(const StateReservation&) = delete;
  StateReservation& operator=(const StateReservation&) = delete;
  ~StateReservation() { Release(); }

  // Holds at least so many bytes from now on, and not many more. False when they are not free: then
  // it holds what it held before.
  bool Cover(std::uint64_t bytes);
  // The same, but what it holds more stays.
  bool CoverAtLeast(std::uint64_t bytes) { return bytes <= bytes_ || Cover(bytes); }
  // Takes in bytes of the budget that somebody has reserved.
  void Adopt(std::uint64_t bytes) { bytes_ += bytes; }
  void Release();

  std::uint64_t bytes() const { return bytes_; }

 private:
  MemoryBudget& budget_;
  std::uint64_t bytes_ = 0;
};

}  // namespace gtengine::run
