// Runs of events that another thread may decode ahead of the one that orders them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

namespace gtengine::order {

class ThreadCursor;

// From the thread that orders to one that decodes, in order of need. An offer is a hint: the one
// that orders decodes itself what it needs before anybody has begun to, and an offer that finds no
// room is not kept. 8 KiB.
class DecodeQueue {
 public:
  // From the thread that orders.
  void Offer(ThreadCursor& cursor);

  // From the other one: decodes the oldest run that is still on offer. False when there is none.
  bool DecodeOne();

 private:
  static constexpr std::size_t kCapacity = 1024;
  static constexpr std::size_t kCacheLine = 64;

  std::array<ThreadCursor*, kCapacity> offers_ = {};
  alignas(kCacheLine) std::atomic<std::size_t> offered_ = 0;  // ever
  alignas(kCacheLine) std::atomic<std::size_t> taken_ = 0;
};

}  // namespace gtengine::order
