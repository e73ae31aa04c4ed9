#include "engine/run/memory_budget.h"

#include <fmt/format.h>

#include "engine/base/check.h"

namespace gtengine::run {

bool MemoryBudget::Reserve(std::uint64_t bytes) {
  if (bytes > total_bytes_) return false;
  {
    std::unique_lock lock(mutex_);
    const std::uint64_t place = waits_begun_++;
    released_.wait(lock,
                   [&] { return place == waits_over_ && total_bytes_ - used_bytes_ >= bytes; });
    ++waits_over_;
    used_bytes_ += bytes;
  }
  released_.notify_all();
  return true;
}

bool MemoryBudget::TryReserve(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (bytes > total_bytes_ - used_bytes_) return false;
  used_bytes_ += bytes;
  return true;
}

void MemoryBudget::Release(std::uint64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    GTENGINE_CHECK(bytes <= used_bytes_);
    used_bytes_ -= bytes;
  }
  released_.notify_all();
}

Error MemoryBudget::Refusal(std::string_view what, std::uint64_t bytes) const {
  return {.code = ErrorCode::kLimit,
          .what = fmt::format("{} needs about {} MiB of memory, but {} MiB are allowed", what,
                              (bytes >> 20) + 1, total_bytes_ >> 20)};
}

Status ExpandingMemory::Take(std::uint64_t bytes) {
  if (budget_.Reserve(bytes)) return {};
  return budget_.Refusal("expanding", bytes);
}

}  // namespace gtengine::run
