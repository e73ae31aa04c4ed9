// Facts of a document, for short expectations.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "engine/analysis/document.h"

namespace gtengine {

// The number of a fact; -1 and a failure when there is none.
inline long long FactOf(const Document& document, std::string_view key) {
  for (const Fact& fact : document.facts) {
    if (fact.key == key && fact.value.integer() != nullptr) {
      return static_cast<long long>(*fact.value.integer());
    }
  }
  ADD_FAILURE() << "no number " << key;
  return -1;
}

}  // namespace gtengine
