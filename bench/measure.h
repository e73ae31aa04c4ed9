// The clocked loop of a bench, and what it reports: bytes, events and cycles.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

#include "bench/cycle_counter.h"

namespace gtengine::bench {

// What one turn of the loop works on. A bench of rows or values counts those as its events.
struct Amount {
  std::uint64_t bytes = 0;  // 0: not reported
  std::uint64_t events = 0;
};

// Runs `body` again and again under the clock, on this thread alone. Reports bytes_per_second,
// items_per_second (events), and as the machine tells `cycles_per_event` or `tsc_per_event`
// (CycleCounter's two kinds).
template <class Body>
void Measure(benchmark::State& state, const Amount& amount, Body body) {
  const CycleCounter counter;
  for (auto _ : state) body();
  const auto reading = counter.Read();
  state.SetItemsProcessed(static_cast<std::int64_t>(amount.events * state.iterations()));
  if (amount.bytes != 0) {
    state.SetBytesProcessed(static_cast<std::int64_t>(amount.bytes * state.iterations()));
  }
  if (!reading) return;
  const bool is_core = reading->kind == CycleCounter::Kind::kCore;
  state.counters[is_core ? "cycles_per_event" : "tsc_per_event"] =
      reading->cycles / static_cast<double>(amount.events * state.iterations());
}

}  // namespace gtengine::bench
