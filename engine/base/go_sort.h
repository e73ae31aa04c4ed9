// Sorting with the same answer as Go's slices.SortFunc, equal elements included.
//
// The sort is not stable, and where two events or samples have equal times its answer decides the
// order of the trace. So it follows the algorithm of Go's slices package step by step: insertion
// sort up to 12 elements, pattern-defeating quicksort above, heap sort when partitions stay bad,
// and a pseudo-random generator seeded by the length. Deterministic.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace gtengine {

template <class T, class Less>
class GoSorter {
 public:
  GoSorter(std::span<T> data, Less less) : data_(data), less_(less) {}

  void Sort() {
    const auto n = static_cast<Index>(data_.size());
    Quicksort(0, n, static_cast<int>(std::bit_width(data_.size())));
  }

 private:
  // Signed, since partitions count down past the left end.
  using Index = std::ptrdiff_t;
  enum class Hint { kUnknown, kIncreasing, kDecreasing };
  struct Pivot {
    Index at;
    Hint hint;
  };
  struct Partition {
    Index middle;
    bool was_partitioned;
  };

  static constexpr Index kMaxInsertion = 12;
  static constexpr Index kShortestNinther = 50;
  static constexpr Index kShortestShifting = 50;
  static constexpr int kMaxSteps = 5;
  static constexpr int kMaxSwaps = 12;

  T& At(Index i) { return data_[static_cast<std::size_t>(i)]; }
  bool LessAt(Index i, Index j) { return less_(At(i), At(j)); }
  void Swap(Index i, Index j) { std::swap(At(i), At(j)); }

  void InsertionSort(Index a, Index b) {
    for (Index i = a + 1; i < b; ++i) {
      for (Index j = i; j > a && LessAt(j, j - 1); --j) Swap(j, j - 1);
    }
  }

  void SiftDown(Index low, Index high, Index first) {
    for (Index root = low;;) {
      Index child = 2 * root + 1;
      if (child >= high) return;
      if (child + 1 < high && LessAt(first + child, first + child + 1)) ++child;
      if (!LessAt(first + root, first + child)) return;
      Swap(first + root, first + child);
      root = child;
    }
  }

  void HeapSort(Index a, Index b) {
    const Index n = b - a;
    for (Index i = (n - 1) / 2; i >= 0; --i) SiftDown(i, n, a);
    for (Index i = n - 1; i >= 0; --i) {
      Swap(a, a + i);
      SiftDown(0, i, a);
    }
  }

  void Quicksort(Index a, Index b, int limit) {
    bool was_balanced = true;
    bool was_partitioned = true;
    while (true) {
      const Index length = b - a;
      if (length <= kMaxInsertion) return InsertionSort(a, b);
      if (limit == 0) return HeapSort(a, b);
      if (!was_balanced) {
        BreakPatterns(a, b);
        --limit;
      }
      Pivot pivot = ChoosePivot(a, b);
      if (pivot.hint == Hint::kDecreasing) {
        Reverse(a, b);
        pivot = {.at = (b - 1) - (pivot.at - a), .hint = Hint::kIncreasing};
      }
      if (was_balanced && was_partitioned && pivot.hint == Hint::kIncreasing &&
          PartialInsertionSort(a, b)) {
        return;
      }
      if (a > 0 && !LessAt(a - 1, pivot.at)) {
        a = PartitionEqual(a, b, pivot.at);
        continue;
      }
      const Partition parts = PartitionAround(a, b, pivot.at);
      was_partitioned = parts.was_partitioned;
      const Index left = parts.middle - a;
      const Index right = b - parts.middle;
      const Index threshold = length / 8;
      if (left < right) {
        was_balanced = left >= threshold;
        Quicksort(a, parts.middle, limit);
        a = parts.middle + 1;
      } else {
        was_balanced = right >= threshold;
        Quicksort(parts.middle + 1, b, limit);
        b = parts.middle;
      }
    }
  }

  // Smaller elements to the left of the pivot, the others to its right.
  Partition PartitionAround(Index a, Index b, Index pivot) {
    Swap(a, pivot);
    Index i = a + 1;
    Index j = b - 1;
    const auto advance = [&] {
      while (i <= j && LessAt(i, a)) ++i;
      while (i <= j && !LessAt(j, a)) --j;
      return i <= j;
    };
    if (!advance()) {
      Swap(j, a);
      return {.middle = j, .was_partitioned = true};
    }
    do {
      Swap(i++, j--);
    } while (advance());
    Swap(j, a);
    return {.middle = j, .was_partitioned = false};
  }

  // Elements equal to the pivot to the left, greater ones to the right; there are no smaller ones.
  Index PartitionEqual(Index a, Index b, Index pivot) {
    Swap(a, pivot);
    Index i = a + 1;
    Index j = b - 1;
    while (true) {
      while (i <= j && !LessAt(a, i)) ++i;
      while (i <= j && LessAt(a, j)) --j;
      if (i > j) return i;
      Swap(i++, j--);
    }
  }

  // Mends a few elements that are out of place; true when that made the range sorted.
  bool PartialInsertionSort(Index a, Index b) {
    Index i = a + 1;
    for (int step = 0; step < kMaxSteps; ++step) {
      while (i < b && !LessAt(i, i - 1)) ++i;
      if (i == b) return true;
      if (b - a < kShortestShifting) return false;
      Swap(i, i - 1);
      if (i - a >= 2) {
        for (Index j = i - 1; j >= 1 && LessAt(j, j - 1); --j) Swap(j, j - 1);
      }
      if (b - i >= 2) {
        for (Index j = i + 1; j < b && LessAt(j, j - 1); ++j) Swap(j, j - 1);
      }
    }
    return false;
  }

  void BreakPatterns(Index a, Index b) {
    const Index length = b - a;
    if (length < 8) return;
    auto random = static_cast<std::uint64_t>(length);
    const std::uint64_t mask =
        (std::uint64_t{1} << std::bit_width(static_cast<std::uint64_t>(length))) - 1;
    const Index middle = a + (length / 4) * 2;
    for (Index i = middle - 1; i <= middle + 1; ++i) {
      random ^= random << 13;
      random ^= random >> 7;
      random ^= random << 17;
      auto other = static_cast<Index>(random & mask);
      if (other >= length) other -= length;
      Swap(i, a + other);
    }
  }

  Pivot ChoosePivot(Index a, Index b) {
    const Index length = b - a;
    int swaps = 0;
    Index i = a + length / 4;
    Index j = a + length / 4 * 2;
    Index k = a + length / 4 * 3;
    if (length >= 8) {
      if (length >= kShortestNinther) {
        i = Median(i - 1, i, i + 1, swaps);
        j = Median(j - 1, j, j + 1, swaps);
        k = Median(k - 1, k, k + 1, swaps);
      }
      j = Median(i, j, k, swaps);
    }
    if (swaps == 0) return {.at = j, .hint = Hint::kIncreasing};
    if (swaps == kMaxSwaps) return {.at = j, .hint = Hint::kDecreasing};
    return {.at = j, .hint = Hint::kUnknown};
  }

  Index Median(Index a, Index b, Index c, int& swaps) {
    const auto order = [&](Index& x, Index& y) {
      if (!LessAt(y, x)) return;
      ++swaps;
      std::swap(x, y);
    };
    order(a, b);
    order(b, c);
    order(a, b);
    return b;
  }

  void Reverse(Index a, Index b) {
    for (Index j = b - 1; a < j; ++a, --j) Swap(a, j);
  }

  std::span<T> data_;
  Less less_;
};

template <class T, class Less>
void GoSort(std::span<T> data, Less less) {
  GoSorter<T, Less>(data, less).Sort();
}

}  // namespace gtengine
