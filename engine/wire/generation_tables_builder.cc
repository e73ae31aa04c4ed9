#include "engine/wire/generation_tables_builder.h"

#include "engine/base/check.h"

namespace gtengine::wire {

void GenerationTables::Builder::SetFrequency(std::uint64_t frequency_hz) {
  tables_.frequency_hz_ = frequency_hz;
  tables_.has_frequency_ = true;
  tables_.unit_ = TickUnit(frequency_hz);
}

void GenerationTables::Builder::AddString(std::uint64_t id, std::string_view text) {
  tables_.string_index_.Add(id);
  tables_.strings_.push_back(text);
}

std::uint32_t GenerationTables::Builder::AddFrame(const StackFrame& frame) {
  tables_.frames_.push_back(frame);
  return static_cast<std::uint32_t>(tables_.frames_.size() - 1);
}

void GenerationTables::Builder::AddStack(std::uint64_t id, std::span<const std::uint32_t> frames) {
  tables_.stack_index_.Add(id);
  tables_.stack_frames_.insert(tables_.stack_frames_.end(), frames.begin(), frames.end());
  tables_.stack_ends_.push_back(tables_.stack_frames_.size());
}

void GenerationTables::Builder::Finish() {
  GTENGINE_CHECK(!tables_.string_index_.Seal());
  GTENGINE_CHECK(!tables_.stack_index_.Seal());
}

}  // namespace gtengine::wire
