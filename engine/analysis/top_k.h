// The first k items of a set, under a total order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace gtengine {

// Keeps the k items that come first under `Before`, a strict total order over everything that tells
// two items apart: then any order of Add and Combine gives the same items. Equal items are kept as
// often as they were added. Not safe for concurrent writing.
template <class Item, class Before>
class TopK {
 public:
  explicit TopK(std::size_t k) : k_(k) {}

  // Whether Add would keep the item. O(1).
  bool Keeps(const Item& item) const {
    return items_.size() < k_ || (k_ > 0 && Before()(item, items_[heap_.front()]));
  }

  // The last of the items once there are k, so that nothing behind it will be kept; null before.
  // O(1).
  const Item* last_kept() const {
    return items_.size() == k_ && k_ > 0 ? &items_[heap_.front()] : nullptr;
  }

  // O(log k).
  void Add(Item item) {
    if (!Keeps(item)) return;
    if (items_.size() < k_) {
      heap_.push_back(static_cast<std::uint32_t>(items_.size()));
      items_.push_back(std::move(item));
    } else {
      std::pop_heap(heap_.begin(), heap_.end(), HeapOrder{items_});
      items_[heap_.back()] = std::move(item);
    }
    std::push_heap(heap_.begin(), heap_.end(), HeapOrder{items_});
  }

  // Adds all items of `other`, which may be this one. O(k log k).
  void Combine(const TopK& other) {
    if (&other == this) {
      const std::vector<Item> items = other.items_;
      for (const Item& item : items) Add(item);
    } else if (items_.empty() && other.size() <= k_) {
      items_ = other.items_;
      heap_ = other.heap_;
    } else {
      for (const Item& item : other.items_) {
        if (Keeps(item)) Add(item);
      }
    }
  }

  // In order. O(k log k).
  std::vector<Item> Sorted() const {
    std::vector<Item> sorted = items_;
    std::sort(sorted.begin(), sorted.end(), Before());
    return sorted;
  }

  std::size_t size() const { return items_.size(); }
  std::size_t k() const { return k_; }

 private:
  struct HeapOrder {
    const std::vector<Item>& items;
    bool operator()(std::uint32_t a, std::uint32_t b) const { return Before()(items[a], items[b]); }
  };

  std::size_t k_;
  std::vector<Item> items_;          // in no order, so that none is moved for another
  std::vector<std::uint32_t> heap_;  // their positions, a heap with that of the last in front
};

}  // namespace gtengine
