// The threads that still have events, by the time of their next one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
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
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  void Clear() { heap_.clear(); }

  Cursor& At(std::size_t i) { return *heap_[i].cursor; }
  // Earliest next event. The frontier must not be empty.
  TimeNs top_time_ns() const { return heap_.front().time_ns; }
  // The top stays the top while its time is not above this: the earliest of the others.
  TimeNs runner_up_time_ns() const {
    TimeNs earliest = std::numeric_limits<TimeNs>::max();
    for (std::size_t child = 1; child <= 2 && child < heap_.size(); ++child) {
      earliest = std::min(earliest, heap_[child].time_ns);
    }
    return earliest;
  }
  // Tells the time of the top, which stays the top.
  void SetTopTime(TimeNs time_ns) { heap_.front().time_ns = time_ns; }

  void Insert(TimeNs time_ns, Cursor& cursor) {
    heap_.push_back({.time_ns = time_ns, .cursor = &cursor});
    SiftUp(heap_.size() - 1);
  }

  // The next event of the thread at `i` has another time now.
  void Update(std::size_t i, TimeNs time_ns) {
    heap_[i].time_ns = time_ns;
    if (i == 0 || SiftUp(i) == i) SiftDown(i);
  }

  // The thread at `i` has no more events.
  void Remove(std::size_t i) {
    for (; i > 0; i = Parent(i)) std::swap(heap_[Parent(i)], heap_[i]);
    std::swap(heap_.front(), heap_.back());
    heap_.pop_back();
    SiftDown(0);
  }

  // Puts all threads in order of time. A sorted array is a heap, and stays as one.
  void Sort() {
    GoSort(std::span(heap_), [](const Entry& a, const Entry& b) { return a.time_ns < b.time_ns; });
  }

 private:
  struct Entry {
    TimeNs time_ns;
    Cursor* cursor;
  };

  static std::size_t Parent(std::size_t i) { return (i - 1) / 2; }

  std::size_t SiftUp(std::size_t i) {
    for (; i > 0 && heap_[Parent(i)].time_ns > heap_[i].time_ns; i = Parent(i)) {
      std::swap(heap_[Parent(i)], heap_[i]);
    }
    return i;
  }

  // Which of two children is the lesser is hard to foretell: no branch depends on it.
  void SiftDown(std::size_t i) {
    if (i >= heap_.size()) return;
    const Entry moved = heap_[i];
    while (true) {
      std::size_t child = 2 * i + 1;
      if (child >= heap_.size()) break;
      const std::size_t right = child + 1 < heap_.size() ? child + 1 : child;
      child = heap_[right].time_ns < heap_[child].time_ns ? right : child;
      if (heap_[child].time_ns >= moved.time_ns) break;
      heap_[i] = heap_[child];
      i = child;
    }
    heap_[i] = moved;
  }

  std::vector<Entry> heap_;
};

}  // namespace gtengine::order
