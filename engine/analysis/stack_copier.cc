#include "engine/analysis/stack_copier.h"

#include <cstddef>

namespace gtengine {
namespace {

// The place of `ref` in `known`, grown as needed.
template <class Ref>
std::uint32_t& Slot(std::vector<std::uint32_t>& known, Ref ref) {
  const auto index = static_cast<std::size_t>(ref);
  if (index >= known.size()) known.resize(index + 1);
  return known[index];
}

}  // namespace

StringRef StackCopier::Copy(StringRef ref) {
  std::uint32_t& slot = Slot(strings_, ref);
  if (slot == 0) slot = static_cast<std::uint32_t>(to_.strings.Intern(from_.strings.Get(ref))) + 1;
  return StringRef{slot - 1};
}

FrameRef StackCopier::Copy(FrameRef ref) {
  std::uint32_t& slot = Slot(frames_, ref);
  if (slot == 0) {
    const Frame frame = from_.stacks.GetFrame(ref);
    const Frame copy{Copy(frame.function), Copy(frame.file), frame.line};
    slot = static_cast<std::uint32_t>(to_.stacks.InternFrame(copy)) + 1;
  }
  return FrameRef{slot - 1};
}

StackRef StackCopier::Copy(StackRef ref) {
  std::uint32_t& slot = Slot(stacks_, ref);
  if (slot == 0) {
    stack_.clear();
    for (const FrameRef frame : from_.stacks.GetStack(ref)) stack_.push_back(Copy(frame));
    slot = static_cast<std::uint32_t>(to_.stacks.InternStack(stack_)) + 1;
  }
  return StackRef{slot - 1};
}

}  // namespace gtengine
