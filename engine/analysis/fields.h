// What a type is made of, told once: combining and writing follow from it.
//
//   struct Stay {
//     std::uint64_t count = 0;
//     Distribution length_ns;
//     static constexpr auto Fields() { return std::tuple(&Stay::count, &Stay::length_ns); }
//   };
//
// A state of a report is a struct of such fields. They may be
//   - unsigned integers, Uint128: sums (which wrap; corpora do not come near),
//   - Greatest, Distribution, TopK of exemplars: as they combine themselves,
//   - structs with Fields, std::array: field by field,
//   - std::map: by key; a key is an integer, an enum, a bool, a string, a ref, or a struct of these
//     that is ordered.
// Refs (StringRef, StackRef) are of one TraceTables for the whole state.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

#include "engine/analysis/top_k.h"
#include "engine/base/int128.h"

namespace gtengine {

template <class T>
concept HasFields = requires {
  T::Fields();
};

// Calls visit(member) for every field of T: a pointer to a member, in order.
template <HasFields T, class Visit>
constexpr void ForEachField(Visit visit) {
  std::apply([&](auto... member) { (visit(member), ...); }, T::Fields());
}

template <class T>
struct IsMap : std::false_type {};
template <class Key, class Value>
struct IsMap<std::map<Key, Value>> : std::true_type {};

template <class T>
struct IsArray : std::false_type {};
template <class T, std::size_t kSize>
struct IsArray<std::array<T, kSize>> : std::true_type {};

template <class T>
struct IsTopK : std::false_type {};
template <class Item, class Before>
struct IsTopK<TopK<Item, Before>> : std::true_type {};

// The greatest of some numbers; 0 when there are none.
class Greatest {
 public:
  Greatest() = default;
  explicit Greatest(std::uint64_t value) : value_(value) {}

  void Add(std::uint64_t value) { value_ = std::max(value_, value); }
  void Combine(const Greatest& other) { Add(other.value_); }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

}  // namespace gtengine
