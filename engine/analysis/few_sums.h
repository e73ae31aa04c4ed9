// Sums of time under each of a few names.
#pragma once

#include <utility>
#include <vector>

#include "engine/base/int128.h"
#include "engine/columns/string_table.h"

namespace gtengine {

// For names of which there are a handful, such as reasons: they are looked for one after the other.
class FewSums {
 public:
  Uint128& operator[](StringRef name) {
    for (auto& [known, sum] : sums_) {
      if (known == name) return sum;
    }
    return sums_.emplace_back(name, 0).second;
  }
  void Combine(const FewSums& other) {
    for (const auto& [name, sum] : other.sums_) (*this)[name] += sum;
  }
  // Forgets all; keeps the memory.
  void Clear() { sums_.clear(); }
  auto begin() const { return sums_.begin(); }
  auto end() const { return sums_.end(); }

 private:
  std::vector<std::pair<StringRef, Uint128>> sums_;
};

}  // namespace gtengine
