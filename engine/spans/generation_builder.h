// Generations.
#pragma once

#include "engine/columns/generations.h"
#include "engine/order/event_stream.h"
#include "engine/spans/column_sinks.h"

namespace gtengine::spans {

// Borrows the sink.
class GenerationBuilder {
 public:
  explicit GenerationBuilder(ColumnSink<Generations>& sink) : sink_(sink) {}

  void BeginGeneration(const order::LoadedGeneration& loaded);
  // The next events of the stream; those after the last generation are left out.
  void Add(const order::EventChunk& chunk);
  void Finish();

 private:
  struct Open {
    wire::ClockSnapshot snapshot = {};
    TimeNs clock_ns = 0;
    std::uint64_t number = 0;
    std::uint64_t begin_byte = 0;
    std::uint64_t end_byte = 0;
    std::uint64_t batches = 0;
    std::uint64_t strings = 0;
    std::uint64_t stacks = 0;
    std::uint64_t events = 0;
    TimeNs first_ns = 0;
    TimeNs last_ns = 0;
    std::uint64_t frequency_hz = 0;
    bool has_clock_snapshot = false;
  };

  ColumnSink<Generations>& sink_;
  Open open_;
};

}  // namespace gtengine::spans
