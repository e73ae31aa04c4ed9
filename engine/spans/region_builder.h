// Regions of the program, and what the time inside them was spent on.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/columns/region_slices.h"
#include "engine/columns/regions.h"
#include "engine/order/event.h"
#include "engine/spans/column_sinks.h"
#include "engine/spans/generation_refs.h"
#include "engine/spans/goroutine_directory.h"
#include "engine/spans/task_builder.h"

namespace gtengine::spans {

// What a goroutine works for.
struct Work {
  TaskId task = kBackgroundTask;
  StringRef task_name = kEmptyString;
};

// What a region is follows Go's summarizer (internal/trace/summary.go). Borrows everything; of the
// sinks, none need be wanted. Memory: some 80 bytes a live goroutine, 96 an open region. Cost: a
// look at one byte for each transition of a goroutine that is in no region.
class RegionBuilder {
 public:
  RegionBuilder(ColumnSink<Regions>& regions, ColumnSink<RegionSlices>& slices,
                GenerationRefs& refs, TraceTables& tables, const GoroutineDirectory& directory,
                const TaskBuilder& tasks, bool with_stacks);

  void Begin(TimeNs trace_start_ns) { trace_start_ns_ = trace_start_ns; }
  // A goroutine's transition between two different states.
  void AddGoroutine(const order::OrderedEvent& event) {
    if (static_cast<GoState>(event.from) == GoState::kNotExist && IsKnown(event.g_slot))
      Inherit(event);
    if (IsKnown(event.subject_slot)) AddTransition(event);
  }
  // The beginning or end of a region, or of a mark assist (or one under way).
  void AddRegion(const order::OrderedEvent& event);
  void AddMarkAssist(const order::OrderedEvent& event);
  void Finish(TimeNs trace_end_ns);

  // What the goroutine of a slot works for now.
  Work WorkOf(std::uint32_t slot) const;

  std::size_t state_bytes(const Growth& growth) const {
    return HeapBytes(is_known_, growth.goroutines) + HeapBytes(goroutines_, growth.goroutines) +
           open_bytes_ + 3 * growth.regions * sizeof(Open);
  }

 private:
  struct Open {
    RegionId region = kNoRegion;
    RegionId parent = kNoRegion;
    TaskId task = kBackgroundTask;  // its own
    StringRef task_name = kEmptyString;
    StringRef name = kEmptyString;
    Work work = {};  // of the innermost one that has a task
    StackRef start_stack = kNoStack;
    TimeNs start_ns = 0;
    TimeNs inside_ns = 0;  // spent in regions inside it
    std::uint32_t depth = 0;
    std::uint8_t flags = 0;
  };
  // What is known of a goroutine that is, or was, in a region or mark assist; of others, nothing.
  struct Goroutine {
    GoId g = kNoGoroutine;
    GoState state = GoState::kRunning;
    bool in_assist = false;
    StringRef reason = kEmptyString;
    TimeNs slice_start_ns = 0;
    TimeNs in_outermost_ns = 0;  // spent in regions since the trace's start
    std::vector<Open> regions;   // innermost last
  };

  // Whether anything is known of the goroutine of a slot: one byte a goroutine, since this is asked
  // at every transition.
  bool IsKnown(std::uint32_t slot) const { return slot < is_known_.size() && is_known_[slot] != 0; }
  Goroutine& Know(std::uint32_t slot, GoId g);
  void Forget(std::uint32_t slot);
  void AddTransition(const order::OrderedEvent& event);
  StackRef StackOf(const order::OrderedEvent& event) {
    return with_stacks_ ? refs_.Stack(order::ContextStack(event)) : kNoStack;
  }
  void Push(Goroutine& goroutine, const Open& open);
  void Inherit(const order::OrderedEvent& event);
  void BeginRegion(Goroutine& goroutine, const order::OrderedEvent& event);
  void EndRegion(Goroutine& goroutine, const order::OrderedEvent& event);
  // Ends all regions of a goroutine.
  void LeaveAll(Goroutine& goroutine, std::uint32_t slot, const order::OrderedEvent& event,
                std::uint8_t end_flags);
  // Ends the slice that a goroutine is in, if it is in a region, and begins the next.
  void Cut(Goroutine& goroutine, std::uint32_t slot, TimeNs now_ns, std::uint8_t end_flags);
  void Close(Goroutine& goroutine, const Open& open, const order::OrderedEvent& event,
             std::uint8_t end_flags);

  ColumnSink<Regions>& regions_;
  ColumnSink<RegionSlices>& slices_;
  GenerationRefs& refs_;
  const GoroutineDirectory& directory_;
  const TaskBuilder& tasks_;
  bool with_stacks_;
  StringRef forever_ = kEmptyString;
  TimeNs trace_start_ns_ = 0;
  std::uint64_t next_region_ = 0;
  std::size_t open_bytes_ = 0;          // what all goroutines' regions own
  std::vector<std::uint8_t> is_known_;  // by slot
  std::vector<Goroutine> goroutines_;   // likewise
};

}  // namespace gtengine::spans
