// Adds one state to another by its fields (engine/analysis/fields.h).
#pragma once

#include <cstddef>
#include <type_traits>

#include "engine/analysis/distribution.h"
#include "engine/analysis/fields.h"
#include "engine/analysis/stack_copier.h"
#include "engine/columns/stack_table.h"

namespace gtengine {

// A key of a map in terms of the copier's destination.
template <class Key>
Key CopyKey(const Key& key, StackCopier& copier) {
  if constexpr (std::is_same_v<Key, StringRef> || std::is_same_v<Key, StackRef>) {
    return copier.Copy(key);
  } else if constexpr (HasFields<Key>) {
    Key copy;
    ForEachField<Key>([&](auto member) { copy.*member = CopyKey(key.*member, copier); });
    return copy;
  } else {
    return key;
  }
}

// Adds `from` to `to`, whose refs are of the copier's tables. They may be the same. Any order of
// adding gives the same content.
template <class T>
void CombineFields(T& to, const T& from, StackCopier& copier) {
  if constexpr (std::is_integral_v<T> || std::is_same_v<T, Uint128>) {
    static_assert(std::is_same_v<T, Uint128> || std::is_unsigned_v<T>, "a sum");
    to += from;
  } else if constexpr (HasFields<T>) {
    ForEachField<T>([&](auto member) { CombineFields(to.*member, from.*member, copier); });
  } else if constexpr (IsArray<T>::value) {
    for (std::size_t i = 0; i < to.size(); ++i) CombineFields(to[i], from[i], copier);
  } else if constexpr (IsMap<T>::value) {
    for (const auto& [key, value] : from) CombineFields(to[CopyKey(key, copier)], value, copier);
  } else {
    to.Combine(from);
  }
}

}  // namespace gtengine
