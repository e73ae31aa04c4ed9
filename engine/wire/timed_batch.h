// A batch of timed events that is written fast: what a generator of large traces appends to.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/wire/encoder.h"
#include "engine/wire/format.h"

namespace gtengine::wire {

// The most that a timed event takes: its type, its time difference, its arguments.
inline constexpr std::size_t kMaxTimedEventBytes = 1 + (1 + kMaxTimedArgs) * kMaxVarintBytes;

// Unlike BatchEncoder it checks neither the type nor the number of arguments: the caller knows its
// events. Its memory is taken once. One thread at a time. Cost: about a ns a byte.
class TimedBatch {
 public:
  // At most `limit` bytes of data: from kMaxTimedEventBytes to kMaxBatchBytes.
  explicit TimedBatch(std::size_t limit) : data_(limit) {
    GTENGINE_CHECK(limit >= kMaxTimedEventBytes && limit <= kMaxBatchBytes);
  }

  // Forgets the data; differences count from `base`.
  void Begin(Ticks base) {
    base_ = base;
    size_ = 0;
  }

  std::size_t size() const { return size_; }
  // Whether any event still fits.
  bool HasRoom() const { return data_.size() - size_ >= kMaxTimedEventBytes; }

  // There must be room.
  template <std::same_as<std::uint64_t>... Args>
  requires(sizeof...(Args) <= kMaxTimedArgs) void Append(EventType type, Ticks difference,
                                                         Args... args) {
    std::uint8_t* next = data_.data() + size_;
    *next++ = static_cast<std::uint8_t>(type);
    next = Put(difference, next);
    ((next = Put(args, next)), ...);
    size_ = static_cast<std::size_t>(next - data_.data());
  }

  // Appends the batch to `out`.
  void Finish(std::uint64_t generation, ThreadId m, ByteBuffer& out) const {
    AppendBatchHeader(generation, m, base_, size_, out);
    out.insert(out.end(), data_.begin(), data_.begin() + static_cast<std::ptrdiff_t>(size_));
  }

 private:
  static std::uint8_t* Put(std::uint64_t value, std::uint8_t* next) {
    for (; value >= 0x80; value >>= 7) *next++ = static_cast<std::uint8_t>(value | 0x80);
    *next++ = static_cast<std::uint8_t>(value);
    return next;
  }

  Ticks base_ = 0;
  std::size_t size_ = 0;
  ByteBuffer data_;
};

}  // namespace gtengine::wire
