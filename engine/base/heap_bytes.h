// How much memory containers take, for whoever keeps an account of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <utility>
#include <vector>

namespace gtengine {

// Elements that containers are about to get.
struct Growth {
  std::size_t goroutines = 0;  // alive
  std::size_t born = 0;        // that there have been
  std::size_t tasks = 0;       // open, as regions are
  std::size_t regions = 0;
};

// Bytes on the heap, at most, while a container gets `more` elements one by one: also those that
// are there for a moment only, when it moves to a larger place. What its elements own is not
// counted. A few ns.
template <class T, class Allocator>
std::size_t HeapBytes(const std::vector<T, Allocator>& vector, std::size_t more = 0) {
  std::size_t capacity = vector.capacity();
  std::size_t old_capacity = 0;
  while (capacity < vector.size() + more) {
    old_capacity = capacity;
    capacity = std::max(2 * capacity, std::size_t{1});
  }
  return (capacity + old_capacity) * sizeof(T);
}

template <class T, class Allocator>
std::size_t HeapBytes(const std::deque<T, Allocator>& deque, std::size_t more = 0) {
  // Blocks of 512 bytes or one element, and a list of them.
  constexpr std::size_t kBlock = std::max<std::size_t>(512, sizeof(T));
  const std::size_t blocks = (deque.size() + more) / std::max<std::size_t>(512 / sizeof(T), 1) + 2;
  return blocks * (kBlock + 3 * sizeof(void*));
}

// Of an unordered_map or unordered_multimap.
template <class Map>
requires requires { typename Map::local_iterator; }
std::size_t HeapBytes(const Map& map, std::size_t more = 0) {
  // A node has a link and a hash beside its value, and what the heap adds to it.
  constexpr std::size_t kNode = sizeof(typename Map::value_type) + 2 * sizeof(void*) + 16;
  return (map.size() + more) * kNode +
         std::max(map.bucket_count(), 3 * (map.size() + more)) * sizeof(void*);
}

template <class Key, class Value, class... Traits>
std::size_t HeapBytes(const std::map<Key, Value, Traits...>& map) {
  // A node has four words beside its value, and what the heap adds to it.
  return map.size() * (sizeof(std::pair<const Key, Value>) + 4 * sizeof(void*) + 16);
}

// Of a tsl::robin_map or robin_set.
template <class Map>
std::size_t RobinBytes(const Map& map, std::size_t more = 0) {
  constexpr std::size_t kBucket = sizeof(typename Map::value_type) + 8;
  std::size_t buckets = map.bucket_count();
  std::size_t old_buckets = 0;
  while (static_cast<double>(buckets) * map.max_load_factor() <
         static_cast<double>(map.size() + more)) {
    old_buckets = buckets;
    buckets = std::max(2 * buckets, std::size_t{2});
  }
  return (buckets + old_buckets) * kBucket;
}

}  // namespace gtengine
