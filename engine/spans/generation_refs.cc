#include "engine/spans/generation_refs.h"

#include <optional>

namespace gtengine::spans {

void GenerationRefs::BeginGeneration(const wire::GenerationTables& tables) {
  tables_ = &tables;
  stacks_.assign(tables.stack_id_limit(), kNoStack);
  frames_.assign(tables.frames().size(), kUnknownFrame);
  strings_.assign(tables.string_id_limit(), kEmptyString);
}

void GenerationRefs::BeginPart(const TraceTables& tables) {
  tables_ = nullptr;
  part_tables_ = &tables;
  stacks_.assign(tables.stacks.size(), kNoStack);
  frames_.assign(tables.stacks.frame_count(), kUnknownFrame);
  strings_.assign(tables.strings.size(), kEmptyString);
}

StackRef GenerationRefs::InternStack(std::uint64_t id) {
  if (id == 0) return kNoStack;
  scratch_.clear();
  if (tables_ == nullptr) {
    for (const FrameRef frame :
         part_tables_->stacks.GetStack(StackRef{static_cast<std::uint32_t>(id)})) {
      scratch_.push_back(Frame(static_cast<std::uint32_t>(frame)));
    }
  } else {
    if (!tables_->HasStack(id)) return kNoStack;
    for (const std::uint32_t index : tables_->Stack(id)) scratch_.push_back(Frame(index));
  }
  const StackRef ref = trace_tables_.stacks.InternStack(scratch_);
  if (id < stacks_.size()) stacks_[static_cast<std::size_t>(id)] = ref;
  return ref;
}

FrameRef GenerationRefs::Frame(std::uint32_t index) {
  if (frames_[index] == kUnknownFrame) {
    frames_[index] = trace_tables_.stacks.InternFrame(CopyOfFrame(index));
  }
  return frames_[index];
}

Frame GenerationRefs::CopyOfFrame(std::uint32_t index) {
  StringTable& strings = trace_tables_.strings;
  if (tables_ != nullptr) {
    const wire::StackFrame& frame = tables_->frames()[index];
    return {.function = strings.Intern(frame.function),
            .file = strings.Intern(frame.file),
            .line = frame.line};
  }
  const gtengine::Frame& frame = part_tables_->stacks.GetFrame(FrameRef{index});
  return {.function = String(static_cast<std::uint64_t>(frame.function)),
          .file = String(static_cast<std::uint64_t>(frame.file)),
          .line = frame.line};
}

StringRef GenerationRefs::InternString(std::uint64_t id) {
  const auto text =
      tables_ != nullptr
          ? tables_->String(id)
          : std::optional(part_tables_->strings.Get(StringRef{static_cast<std::uint32_t>(id)}));
  if (!text) return kEmptyString;
  const StringRef ref = trace_tables_.strings.Intern(*text);
  if (id < strings_.size()) strings_[static_cast<std::size_t>(id)] = ref;
  return ref;
}

StringRef GenerationRefs::RootFunction(StackRef stack) const {
  const auto frames = trace_tables_.stacks.GetStack(stack);
  return frames.empty() ? kEmptyString : trace_tables_.stacks.GetFrame(frames.back()).function;
}

}  // namespace gtengine::spans
