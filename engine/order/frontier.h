// The threads that still have events, by the time of their next one.
#pragma once

#include <cstddef>
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

  void SiftDown(std::size_t i) {
    while (true) {
      std::size_t least = i;
      for (const std::size_t child : {2 * i + 1, 2 * i + 2}) {
        if (child < heap_.size() && heap_[child].time_ns < heap_[least].time_ns) least = child;
      }
      if (least == i) return;
      std::swap(heap_[i], heap_[least]);
      i = least;
    }
  }

  std::vector<Entry> heap_;
};

}  // namespace gtengine::order
