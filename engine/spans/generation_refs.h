// From the ids of one generation to refs that are good for the whole trace.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/columns/stack_table.h"
#include "engine/order/event_stream.h"

namespace gtengine::spans {

// Interns what a generation's tables hold in the trace's, each thing when it is first asked for.
// The second question about an id is an array look-up (where ids are as dense as in real traces;
// else one by content). Borrows the trace's tables; the generation's for the time between two calls
// of BeginGeneration.
class GenerationRefs {
 public:
  explicit GenerationRefs(TraceTables& trace_tables) : trace_tables_(trace_tables) {}

  void BeginGeneration(const wire::GenerationTables& tables);
  // From here on, ids are refs of these tables, which stay borrowed until the next Begin.
  void BeginPart(const TraceTables& tables);

  // Ref of a stack id that the generation has; of any other id, kNoStack.
  StackRef Stack(std::uint64_t id) {
    if (id < stacks_.size()) [[likely]] {
      const StackRef known = stacks_[static_cast<std::size_t>(id)];
      if (known != kNoStack || id == 0) [[likely]]
        return known;
    }
    return InternStack(id);
  }
  // Likewise of a string id; unknown ids are the empty string.
  StringRef String(std::uint64_t id) {
    if (id < strings_.size()) [[likely]] {
      const StringRef known = strings_[static_cast<std::size_t>(id)];
      if (known != kEmptyString || id == 0) [[likely]]
        return known;
    }
    return InternString(id);
  }
  // What the two above know by id: kNoStack and kEmptyString stand for what nobody has asked for
  // yet, too. Valid until the next call of BeginGeneration; what is asked for meanwhile is seen in
  // it.
  std::span<const StackRef> known_stacks() const { return stacks_; }
  std::span<const StringRef> known_strings() const { return strings_; }
  std::size_t heap_bytes() const {
    return HeapBytes(stacks_) + HeapBytes(frames_) + HeapBytes(strings_) + HeapBytes(scratch_);
  }
  // Function of a stack's root frame: the one a goroutine was started with.
  StringRef RootFunction(StackRef stack) const;

 private:
  StackRef InternStack(std::uint64_t id);
  StringRef InternString(std::uint64_t id);
  FrameRef Frame(std::uint32_t index);
  gtengine::Frame CopyOfFrame(std::uint32_t index);

  static constexpr FrameRef kUnknownFrame{~std::uint32_t{0}};

  TraceTables& trace_tables_;
  const wire::GenerationTables* tables_ = nullptr;  // null: ids are those of `part_tables_`
  const TraceTables* part_tables_ = nullptr;
  std::vector<StackRef> stacks_;    // by id; kNoStack: not asked for yet
  std::vector<FrameRef> frames_;    // by position; kUnknownFrame: not asked for yet
  std::vector<StringRef> strings_;  // by id; kEmptyString: not asked for yet, or empty
  std::vector<FrameRef> scratch_;
};

}  // namespace gtengine::spans
