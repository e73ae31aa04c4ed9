// The tables of a generation that no batches of tables describe: those of a legacy trace.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/wire/generation_tables.h"

namespace gtengine::wire {

// Fills tables entry by entry. Texts are borrowed, for as long as the tables are used. The caller
// adds no id twice, and none that is 0.
class GenerationTables::Builder {
 public:
  // Empties the tables, whose memory is used again.
  explicit Builder(GenerationTables& tables) : tables_(tables) { tables_.Clear(); }

  void SetFrequency(std::uint64_t frequency_hz);
  void AddString(std::uint64_t id, std::string_view text);
  // Its position, for stacks.
  std::uint32_t AddFrame(const StackFrame& frame);
  // Positions of frames, leaf first.
  void AddStack(std::uint64_t id, std::span<const std::uint32_t> frames);
  // Makes everything findable.
  void Finish();

 private:
  GenerationTables& tables_;
};

}  // namespace gtengine::wire
