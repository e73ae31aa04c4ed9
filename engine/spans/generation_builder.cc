#include "engine/spans/generation_builder.h"

namespace gtengine::spans {

void GenerationBuilder::BeginGeneration(const order::LoadedGeneration& loaded) {
  Finish();
  const wire::GenerationTables& tables = loaded.tables;
  open_ = {.number = loaded.generation.number,
           .begin_byte = loaded.generation.begin,
           .end_byte = loaded.generation.end,
           .batches = loaded.generation.batches.size(),
           .strings = tables.string_count(),
           .stacks = tables.stack_count(),
           .frequency_hz = tables.frequency_hz(),
           .has_clock_snapshot = tables.clock_snapshot().has_value()};
  if (!open_.has_clock_snapshot) return;
  open_.snapshot = *tables.clock_snapshot();
  open_.clock_ns = tables.unit().ToNs(open_.snapshot.ticks);
}

void GenerationBuilder::Add(const order::EventChunk& chunk) {
  if (chunk.generation_or_null == nullptr) return;
  if (open_.events == 0) open_.first_ns = chunk.events.front().time_ns;
  open_.events += chunk.events.size();
  open_.last_ns = chunk.events.back().time_ns;
}

void GenerationBuilder::Finish() {
  if (open_.events == 0) return;
  const auto [generations, row] = sink_.AddRow();
  generations.number[row] = open_.number;
  generations.begin_byte[row] = open_.begin_byte;
  generations.end_byte[row] = open_.end_byte;
  generations.batches[row] = open_.batches;
  generations.strings[row] = open_.strings;
  generations.stacks[row] = open_.stacks;
  generations.events[row] = open_.events;
  generations.first_ns[row] = open_.first_ns;
  generations.last_ns[row] = open_.last_ns;
  generations.frequency_hz[row] = open_.frequency_hz;
  generations.has_clock_snapshot[row] = open_.has_clock_snapshot;
  generations.clock_ns[row] = open_.clock_ns;
  generations.mono_ns[row] = open_.snapshot.mono_ns;
  generations.wall_seconds[row] = open_.snapshot.wall_seconds;
  generations.wall_nanoseconds[row] = open_.snapshot.wall_nanoseconds;
  open_ = {};
}

}  // namespace gtengine::spans
