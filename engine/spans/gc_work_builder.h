// When which P worked for the collector.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/base/mix_hash.h"
#include "engine/columns/gc_work.h"
#include "engine/order/event.h"
#include "engine/spans/column_sinks.h"
#include "engine/spans/generation_refs.h"

namespace gtengine::spans {

// Borrows the sink, the refs and the strings. Memory: 24 bytes a live goroutine.
class GcWorkBuilder {
 public:
  GcWorkBuilder(ColumnSink<GcWork>& sink, GenerationRefs& refs, const StringTable& strings)
      : sink_(sink), refs_(refs), strings_(strings) {}

  void Begin(TimeNs trace_start_ns) { trace_start_ns_ = trace_start_ns; }
  // The beginning, end or restatement of a sweep or mark assist; others change nothing.
  void AddRange(const order::OrderedEvent& event);
  void AddLabel(const order::OrderedEvent& event);
  // A goroutine's transition between two different states.
  void AddGoroutine(const order::OrderedEvent& event) {
    const std::uint32_t slot = event.subject_slot;
    if (slot < goroutines_.size() && goroutines_[slot].is_followed) Move(event);
  }
  void Finish(TimeNs trace_end_ns);
  std::size_t state_bytes(const Growth& growth) const {
    return HeapBytes(goroutines_, growth.goroutines) + RobinBytes(sweeps_);
  }

 private:
  struct Goroutine {
    ProcId p = kNoProc;  // while it works
    TimeNs since_ns = 0;
    GcWorkKind kind = GcWorkKind::kMarkAssist;
    bool is_followed = false;  // it is in an assist, or a mark worker that runs
    bool is_working = false;
  };

  Goroutine& Of(std::uint32_t slot) {
    if (slot >= goroutines_.size()) goroutines_.resize(slot + std::size_t{1});
    return goroutines_[slot];
  }
  void Move(const order::OrderedEvent& event);
  void Start(Goroutine& goroutine, ProcId p, GcWorkKind kind, TimeNs now_ns);
  void Stop(Goroutine& goroutine, TimeNs now_ns);
  void EndSweep(ProcId p, TimeNs now_ns);
  void Write(ProcId p, GcWorkKind kind, TimeNs start_ns, TimeNs end_ns);

  ColumnSink<GcWork>& sink_;
  GenerationRefs& refs_;
  const StringTable& strings_;
  TimeNs trace_start_ns_ = 0;
  std::vector<Goroutine> goroutines_;                     // by slot
  tsl::robin_map<std::int64_t, TimeNs, MixHash> sweeps_;  // since when, by P
};

}  // namespace gtengine::spans
