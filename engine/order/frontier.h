// The threads that still have events, by the time of their next one.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/go_sort.h"

namespace gtengine::order {

// A binary min-heap with the exact sift rules of Go's reader (internal/trace/batchcursor.go): among
// equal times it decides which thread goes first, so another kind of queue would give another
// order. No allocation once it has held as many threads before.
template <class Cursor>
class Frontier {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  void Clear() {
    heap_.clear();
    SetSize(0);
  }

  Cursor& At(std::size_t i) { return *heap_[i].cursor; }
  // Earliest next event. The frontier must not be empty.
  TimeNs top_time_ns() const { return heap_.front().time_ns; }

  // The top stays the top while its time is not above this: the earliest of the others.
  TimeNs runner_up_time_ns() const {
    TimeNs earliest = std::numeric_limits<TimeNs>::max();
    if (size_ > 1) earliest = std::min(heap_[1].time_ns, heap_[2].time_ns);
    return earliest;
  }
  // Tells the time of the top, which stays the top.
  void SetTopTime(TimeNs time_ns) { heap_.front().time_ns = time_ns; }

  void Insert(TimeNs time_ns, Cursor& cursor) {
    // All levels in full, so that whoever has a left child has room for a right one.
    if (size_ == heap_.size()) heap_.resize(2 * size_ + 1, kNobody);
    heap_[size_] = {.time_ns = time_ns, .cursor = &cursor};
    SetSize(size_ + 1);
    SiftUp(size_ - 1);
  }

  // The next event of the thread at `i` has another time now.
  void Update(std::size_t i, TimeNs time_ns) {
    heap_[i].time_ns = time_ns;
    if (i == 0 || SiftUp(i) == i) SiftDown(i);
  }

  // The thread at `i` has no more events.
  void Remove(std::size_t i) {
    for (; i > 0; i = Parent(i)) std::swap(heap_[Parent(i)], heap_[i]);
    heap_.front() = heap_[size_ - 1];
    heap_[size_ - 1] = kNobody;
    SetSize(size_ - 1);
    SiftDown(0);
  }

  // Puts all threads in order of time. A sorted array is a heap, and stays as one.
  void Sort() {
    GoSort(std::span(heap_.data(), size_),
           [](const Entry& a, const Entry& b) { return a.time_ns < b.time_ns; });
  }

  // Update(0, time_ns), at a cost that does not depend on the times: neither which of two children
  // is the lesser nor how far the top sinks can be foretold, so no branch depends on them. On the
  // way past the lesser children each level keeps the earlier of what stands there and what comes
  // from above; below the place where the top stays, that changes nothing.
  void MoveTop(TimeNs time_ns) {
    Entry* const heap = heap_.data();
    Entry moved = {.time_ns = time_ns, .cursor = heap[0].cursor};
    std::size_t i = 0;
    for (int level = 0; level < levels_; ++level) {
      const std::size_t left = 2 * i + 1;
      const std::size_t child = left + IsEarlier(heap[left + 1], heap[left]);
      const Entry lesser = heap[child];
      const std::uint64_t swap = 0 - IsEarlier(lesser, moved);
      const std::uint64_t time_bits = (Bits(moved.time_ns) ^ Bits(lesser.time_ns)) & swap;
      const std::uint64_t cursor_bits = (Bits(moved.cursor) ^ Bits(lesser.cursor)) & swap;
      heap[i] = moved.Flipped(time_bits, cursor_bits);
      moved = lesser.Flipped(time_bits, cursor_bits);
      i = child;
    }
    heap[i] = moved;
  }

  // Takes the last MoveTop back that has not been taken back: it moved this cursor, whose time was
  // this. All stand where they stood.
  void TakeBack(TimeNs time_ns, Cursor& cursor) {
    std::size_t i = 0;
    while (heap_[i].cursor != &cursor) ++i;
    for (; i > 0; i = Parent(i)) heap_[i] = heap_[Parent(i)];
    heap_[0] = {.time_ns = time_ns, .cursor = &cursor};
  }

 private:
  struct Entry {
    TimeNs time_ns;
    Cursor* cursor;

    Entry Flipped(std::uint64_t time_bits, std::uint64_t cursor_bits) const {
      return {.time_ns = static_cast<TimeNs>(Bits(time_ns) ^ time_bits),
              .cursor = reinterpret_cast<Cursor*>(Bits(cursor) ^ cursor_bits)};
    }
  };
  static std::uint64_t Bits(TimeNs time_ns) { return static_cast<std::uint64_t>(time_ns); }
  static std::uint64_t Bits(Cursor* cursor) { return reinterpret_cast<std::uintptr_t>(cursor); }

  // Fills the heap up where a level is not full: it never goes before anybody.
  static constexpr Entry kNobody = {.time_ns = std::numeric_limits<TimeNs>::max(),
                                    .cursor = nullptr};

  // 1 or 0. The compiler cannot see which, and so makes no branch of it.
  static std::uint64_t IsEarlier(const Entry& a, const Entry& b) {
    std::uint64_t is_earlier = a.time_ns < b.time_ns ? 1 : 0;
    asm("" : "+r"(is_earlier));
    return is_earlier;
  }
  static std::size_t Parent(std::size_t i) { return (i - 1) / 2; }

  void SetSize(std::size_t size) {
    size_ = size;
    levels_ = size == 0 ? 0 : static_cast<int>(std::bit_width(size)) - 1;
  }

  std::size_t SiftUp(std::size_t i) {
    for (; i > 0 && heap_[Parent(i)].time_ns > heap_[i].time_ns; i = Parent(i)) {
      std::swap(heap_[Parent(i)], heap_[i]);
    }
    return i;
  }

  void SiftDown(std::size_t i) {
    if (i >= size_) return;
    const Entry moved = heap_[i];
    while (true) {
      std::size_t child = 2 * i + 1;
      if (child >= size_) break;
      if (heap_[child + 1].time_ns < heap_[child].time_ns) ++child;
      if (heap_[child].time_ns >= moved.time_ns) break;
      heap_[i] = heap_[child];
      i = child;
    }
    heap_[i] = moved;
  }

  std::vector<Entry> heap_;  // all levels in full
  std::size_t size_ = 0;
  int levels_ = 0;  // below the top
};

}  // namespace gtengine::order
