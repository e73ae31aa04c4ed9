// Brings stacks of one set of tables into another.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/columns/stack_table.h"

namespace gtengine {

// Remembers what it has copied, so that each string, frame and stack is looked up by content once.
// Both tables must outlive it; they may be the same. One thread.
class StackCopier {
 public:
  StackCopier(const TraceTables& from, TraceTables& to) : from_(from), to_(to) {}

  // The ref in `to` of a string or stack of `from`. Amortised O(content) for the first time, then
  // O(1).
  StringRef Copy(StringRef ref);
  StackRef Copy(StackRef ref);

 private:
  FrameRef Copy(FrameRef ref);

  const TraceTables& from_;
  TraceTables& to_;
  // By ref in `from`: 0 is not copied yet, else 1 + the ref in `to`.
  std::vector<std::uint32_t> strings_;
  std::vector<std::uint32_t> frames_;
  std::vector<std::uint32_t> stacks_;
  std::vector<FrameRef> stack_;  // the one at hand
};

}  // namespace gtengine
