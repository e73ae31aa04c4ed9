#include "engine/run/state_reservation.h"

#include <utility>

namespace gtengine::run {

bool StateReservation::Cover(std::uint64_t bytes) {
  constexpr std::uint64_t kStep = std::uint64_t{1} << 20;
  const std::uint64_t in_steps = (bytes + kStep - 1) / kStep * kStep;
  if (bytes > bytes_) {
    if (budget_.TryReserve(in_steps - bytes_)) {
      bytes_ = in_steps;
    } else if (budget_.TryReserve(bytes - bytes_)) {
      bytes_ = bytes;
    } else {
      return false;
    }
  } else if (bytes_ > in_steps + kStep) {
    budget_.Release(bytes_ - in_steps);
    bytes_ = in_steps;
  }
  return true;
}

void StateReservation::Release() {
  if (bytes_ > 0) budget_.Release(std::exchange(bytes_, 0));
}

}  // namespace gtengine::run
