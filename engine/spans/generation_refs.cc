#include "engine/spans/generation_refs.h"

namespace gtengine::spans {

void GenerationRefs::BeginGeneration(const wire::GenerationTables& tables) {
  tables_ = &tables;
  stacks_.assign(tables.stack_id_limit(), kNoStack);
  frames_.assign(tables.frames().size(), kUnknownFrame);
  strings_.assign(tables.string_id_limit(), kEmptyString);
}

StackRef GenerationRefs::InternStack(std::uint64_t id) {
  if (id == 0 || !tables_->HasStack(id)) return kNoStack;
  scratch_.clear();
  for (const std::uint32_t index : tables_->Stack(id)) scratch_.push_back(Frame(index));
  const StackRef ref = trace_tables_.stacks.InternStack(scratch_);
  if (id < stacks_.size()) stacks_[static_cast<std::size_t>(id)] = ref;
  return ref;
}

FrameRef GenerationRefs::Frame(std::uint32_t index) {
  if (frames_[index] == kUnknownFrame) {
    const wire::StackFrame& frame = tables_->frames()[index];
    frames_[index] =
        trace_tables_.stacks.InternFrame({.function = trace_tables_.strings.Intern(frame.function),
                                          .file = trace_tables_.strings.Intern(frame.file),
                                          .line = frame.line});
  }
  return frames_[index];
}

StringRef GenerationRefs::InternString(std::uint64_t id) {
  const auto text = tables_->String(id);
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
