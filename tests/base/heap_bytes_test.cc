#include "engine/base/heap_bytes.h"

#include <gtest/gtest.h>
#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <cstdint>
#include <functional>
#include <unordered_map>

namespace gtengine {
namespace {

std::size_t held = 0;  // bytes, by all counting allocators
std::size_t most = 0;

template <class T>
struct CountingAllocator {
  using value_type = T;
  CountingAllocator() = default;
  template <class U>
  CountingAllocator(const CountingAllocator<U>&) {}
  T* allocate(std::size_t count) {
    held += count * sizeof(T);
    most = std::max(most, held);
    return std::allocator<T>().allocate(count);
  }
  void deallocate(T* at, std::size_t count) {
    held -= count * sizeof(T);
    std::allocator<T>().deallocate(at, count);
  }
  friend bool operator==(CountingAllocator, CountingAllocator) { return true; }
};

// Lets a container grow by so many elements from every size up to some thousand on, and compares
// what it takes with what was said before.
template <class Container, class Add, class Bytes>
void CheckGrowth(Add add, Bytes bytes, double looseness) {
  for (const std::size_t more :
       {std::size_t{0}, std::size_t{1}, std::size_t{100}, std::size_t{5000}}) {
    for (std::size_t size = 1; size < 20'000; size = size * 3 / 2 + 1) {
      Container container;
      for (std::size_t i = 0; i < size; ++i) add(container, i);
      const std::size_t said = bytes(container, more);
      most = held;
      for (std::size_t i = 0; i < more; ++i) add(container, size + i);
      EXPECT_GE(said, most) << size << " and " << more << " more";
      EXPECT_LE(static_cast<double>(said), looseness * static_cast<double>(most) + 2000.0)
          << size << " and " << more << " more";
    }
  }
  EXPECT_EQ(held, 0u);
}

TEST(HeapBytesTest, VectorsTakeNoMoreThanIsSaid) {
  struct Element {
    std::uint64_t words[3];
  };
  CheckGrowth<std::vector<Element, CountingAllocator<Element>>>(
      [](auto& vector, std::size_t) { vector.emplace_back(); },
      [](const auto& vector, std::size_t more) { return HeapBytes(vector, more); }, 1.0);
}

TEST(HeapBytesTest, DequesTakeNoMoreThanIsSaid) {
  CheckGrowth<std::deque<std::uint64_t, CountingAllocator<std::uint64_t>>>(
      [](auto& deque, std::size_t i) { deque.push_back(i); },
      [](const auto& deque, std::size_t more) { return HeapBytes(deque, more); }, 1.2);
}

TEST(HeapBytesTest, UnorderedMapsTakeNoMoreThanIsSaid) {
  using Map =
      std::unordered_map<std::uint64_t, std::uint32_t, std::hash<std::uint64_t>, std::equal_to<>,
                         CountingAllocator<std::pair<const std::uint64_t, std::uint32_t>>>;
  CheckGrowth<Map>([](auto& map, std::size_t i) { map.emplace(i, 0); },
                   [](const auto& map, std::size_t more) { return HeapBytes(map, more); }, 3.0);
}

TEST(HeapBytesTest, MapsTakeNoMoreThanIsSaid) {
  using Map = std::map<std::uint64_t, std::uint32_t, std::less<>,
                       CountingAllocator<std::pair<const std::uint64_t, std::uint32_t>>>;
  Map map;
  for (std::uint64_t i = 0; i < 1000; ++i) map.emplace(i, 0);
  EXPECT_GE(HeapBytes(map), held);
  EXPECT_LE(HeapBytes(map), 2 * held);
}

TEST(HeapBytesTest, RobinMapsTakeNoMoreThanIsSaid) {
  using Map = tsl::robin_map<std::int64_t, std::uint32_t, std::hash<std::int64_t>, std::equal_to<>,
                             CountingAllocator<std::pair<std::int64_t, std::uint32_t>>>;
  CheckGrowth<Map>([](auto& map, std::size_t i) { map.emplace(static_cast<std::int64_t>(i), 0); },
                   [](const auto& map, std::size_t more) { return RobinBytes(map, more); }, 3.0);
  using Set = tsl::robin_set<std::int64_t, std::hash<std::int64_t>, std::equal_to<>,
                             CountingAllocator<std::int64_t>>;
  CheckGrowth<Set>([](auto& set, std::size_t i) { set.insert(static_cast<std::int64_t>(i)); },
                   [](const auto& set, std::size_t more) { return RobinBytes(set, more); }, 3.0);
}

}  // namespace
}  // namespace gtengine
