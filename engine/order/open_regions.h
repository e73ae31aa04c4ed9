// The user regions that are open, of all goroutines.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/base/ids.h"
#include "engine/columns/string_table.h"

namespace gtengine::order {

struct UserRegion {
  TaskId task{};
  StringRef name = kEmptyString;

  friend bool operator==(const UserRegion&, const UserRegion&) = default;
};

// Many stacks in one block of memory. The owner of a stack keeps one number, its innermost region;
// kNone is an empty stack. What was closed last is used again first, so that a region costs one
// cache line at most. Memory: 24 bytes for each region open at one time.
class OpenRegions {
 public:
  static constexpr std::uint32_t kNone = 0;

  // Opens `region` inside `innermost`, which becomes it.
  void Push(std::uint32_t& innermost, const UserRegion& region) {
    std::uint32_t fresh = free_;
    if (fresh != kNone) {
      free_ = nodes_[fresh].outer;
    } else {
      fresh = static_cast<std::uint32_t>(nodes_.size());
      nodes_.emplace_back();
    }
    nodes_[fresh] = {.region = region, .outer = innermost};
    innermost = fresh;
  }
  // `innermost` must not be kNone, here and below.
  const UserRegion& Get(std::uint32_t innermost) const { return nodes_[innermost].region; }
  // The one around it, or kNone.
  std::uint32_t Around(std::uint32_t innermost) const { return nodes_[innermost].outer; }
  // Closes `innermost`, which becomes the one around it.
  void Pop(std::uint32_t& innermost) {
    Node& closed = nodes_[innermost];
    closed.region = {};
    const std::uint32_t outer = closed.outer;
    closed.outer = free_;
    free_ = innermost;
    innermost = outer;
  }
  // Closes all.
  void Clear(std::uint32_t& innermost) {
    while (innermost != kNone) Pop(innermost);
  }
  // At most, while `more` regions are opened.
  std::size_t heap_bytes(std::size_t more) const { return HeapBytes(nodes_, more); }
  // Calls rename(name) for the name of each open region, which may be changed.
  template <class Rename>
  void ForEachName(Rename rename) {
    for (Node& node : nodes_) rename(node.region.name);
  }

 private:
  struct Node {
    UserRegion region;
    std::uint32_t outer = kNone;  // of a closed one: the next closed one
  };

  std::vector<Node> nodes_ = std::vector<Node>(1);  // kNone is no region
  std::uint32_t free_ = kNone;
};

}  // namespace gtengine::order
