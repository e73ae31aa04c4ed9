// Interned call stacks: each distinct list of (function, file, line) once, under a small dense
// number. PCs are left out: they differ between builds of one program, and no report needs them.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/columns/string_table.h"

namespace gtengine {

// Number of a frame, and of a stack, in one StackTable. Stack 0 is "no stack" (no frames).
enum class FrameRef : std::uint32_t {};
enum class StackRef : std::uint32_t {};
inline constexpr StackRef kNoStack{0};

struct Frame {
  StringRef function = kEmptyString;
  StringRef file = kEmptyString;
  std::uint64_t line = 0;

  friend bool operator==(const Frame&, const Frame&) = default;
};

// Frames name strings of a StringTable that the caller keeps beside this table. Refs are dense, in
// order of first Intern. Not safe for concurrent Intern.
class StackTable {
 public:
  StackTable();

  FrameRef InternFrame(const Frame& frame);
  // `frames`: leaf first, as in the trace; an empty list is kNoStack. Amortised O(frames).
  StackRef InternStack(std::span<const FrameRef> frames);

  const Frame& GetFrame(FrameRef ref) const { return frames_[static_cast<std::size_t>(ref)]; }
  // The frames of a stack, leaf first. Valid until the next InternStack.
  std::span<const FrameRef> GetStack(StackRef ref) const;
  // Number of stacks, kNoStack included.
  std::size_t size() const { return ends_.size(); }
  std::size_t frame_count() const { return frames_.size(); }
  // Bytes of memory beyond the object itself, at most.
  std::size_t heap_bytes() const {
    return HeapBytes(frames_) + HeapBytes(frame_refs_) + HeapBytes(stack_frames_) +
           HeapBytes(ends_) + HeapBytes(stack_refs_);
  }

 private:
  struct FrameHash {
    std::size_t operator()(const Frame& frame) const;
  };

  std::vector<Frame> frames_;
  std::unordered_map<Frame, FrameRef, FrameHash> frame_refs_;
  std::vector<FrameRef> stack_frames_;                           // all stacks, one after the other
  std::vector<std::size_t> ends_;                                // of each stack in stack_frames_
  std::unordered_multimap<std::uint64_t, StackRef> stack_refs_;  // by hash of the frames
};

// The strings and stacks that the columns of one trace refer to. Refs are good for the whole trace,
// across its generations.
struct TraceTables {
  std::size_t heap_bytes() const { return strings.heap_bytes() + stacks.heap_bytes(); }

  StringTable strings;
  StackTable stacks;
};

}  // namespace gtengine
