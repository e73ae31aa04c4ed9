#include "engine/columns/stack_table.h"

#include <algorithm>

namespace gtengine {
namespace {

constexpr std::uint64_t Mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 29);
}

}  // namespace

std::size_t StackTable::FrameHash::operator()(const Frame& frame) const {
  const auto function = static_cast<std::uint64_t>(frame.function);
  const auto file = static_cast<std::uint64_t>(frame.file);
  return static_cast<std::size_t>(Mix(Mix(function, file << 32), frame.line));
}

StackTable::StackTable() {
  ends_.push_back(0);  // kNoStack
}

FrameRef StackTable::InternFrame(const Frame& frame) {
  const auto [entry, is_new] =
      frame_refs_.try_emplace(frame, FrameRef{static_cast<std::uint32_t>(frames_.size())});
  if (is_new) frames_.push_back(frame);
  return entry->second;
}

StackRef StackTable::InternStack(std::span<const FrameRef> frames) {
  if (frames.empty()) return kNoStack;
  std::uint64_t hash = frames.size();
  for (const FrameRef frame : frames) hash = Mix(hash, static_cast<std::uint64_t>(frame));
  const auto [first, last] = stack_refs_.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    if (std::ranges::equal(GetStack(it->second), frames)) return it->second;
  }
  const StackRef ref{static_cast<std::uint32_t>(ends_.size())};
  stack_frames_.insert(stack_frames_.end(), frames.begin(), frames.end());
  ends_.push_back(stack_frames_.size());
  stack_refs_.emplace(hash, ref);
  return ref;
}

std::span<const FrameRef> StackTable::GetStack(StackRef ref) const {
  const auto index = static_cast<std::size_t>(ref);
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::span(stack_frames_).subspan(begin, ends_[index] - begin);
}

}  // namespace gtengine
