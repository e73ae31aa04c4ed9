// The first k items of a set, under a total order.
#pragma once

#include <algorithm>
#include <cstddef>
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
    return items_.size() < k_ || (k_ > 0 && Before()(item, items_.front()));
  }

  // The last of the items once there are k, so that nothing behind it will be kept; null before.
  // O(1).
  const Item* last_kept() const {
    return items_.size() == k_ && k_ > 0 ? &items_.front() : nullptr;
  }

  // O(log k).
  void Add(Item item) {
    if (!Keeps(item)) return;
    if (items_.size() == k_) {
      std::pop_heap(items_.begin(), items_.end(), Before());
      items_.pop_back();
    }
    items_.push_back(std::move(item));
    std::push_heap(items_.begin(), items_.end(), Before());
  }

  // Adds all items of `other`, which may be this one. O(k log k).
  void Combine(const TopK& other) {
    if (&other == this) {
      const std::vector<Item> items = other.items_;
      for (const Item& item : items) Add(item);
    } else if (items_.empty() && other.size() <= k_) {
      items_ = other.items_;
    } else {
      for (const Item& item : other.items_) {
        if (Keeps(item)) Add(item);
      }
    }
  }

  // In order. O(k log k).
  std::vector<Item> Sorted() const {
    std::vector<Item> sorted = items_;
    std::sort_heap(sorted.begin(), sorted.end(), Before());
    return sorted;
  }

  std::size_t size() const { return items_.size(); }
  std::size_t k() const { return k_; }

 private:
  std::size_t k_;
  std::vector<Item> items_;  // a heap with the last of them in front
};

}  // namespace gtengine
