// From ordered events to the columns of all sets but goroutine spans.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/columns/stack_table.h"
#include "engine/order/event_stream.h"
#include "engine/spans/allocation_builder.h"
#include "engine/spans/column_sinks.h"
#include "engine/spans/gc_work_builder.h"
#include "engine/spans/generation_builder.h"
#include "engine/spans/generation_refs.h"
#include "engine/spans/goroutine_directory.h"
#include "engine/spans/point_builder.h"
#include "engine/spans/proc_span_builder.h"
#include "engine/spans/range_builder.h"
#include "engine/spans/region_builder.h"
#include "engine/spans/span_consumer.h"
#include "engine/spans/syscall_builder.h"
#include "engine/spans/task_builder.h"

namespace gtengine::spans {

// Feeds consumers with the sets that they want besides goroutine spans; what nobody wants is
// neither kept nor looked at. One look-up by type tells where an event goes. Borrows everything.
class SetBuilder {
 public:
  SetBuilder(std::span<SpanConsumer* const> consumers, GenerationRefs& refs, TraceTables& tables);

  // Whether some consumer wants a set that is made here.
  static bool IsWantedBy(std::span<SpanConsumer* const> consumers);

  // As GenerationRefs::BeginGeneration, after that.
  void BeginGeneration(const order::LoadedGeneration& loaded);
  void Add(const order::EventChunk& chunk);
  void Finish();
  std::size_t state_bytes(const Growth& growth) const;

 private:
  // Where an event goes: bits. The transitions of goroutines, which most events are, go to all who
  // know goroutines.
  using Routes = std::uint32_t;
  static constexpr Routes kToGoroutines = 1;
  static constexpr Routes kToProcs = 2;  // transitions of Ps: likewise to all who know Ps
  static constexpr Routes kToTasks = 4;
  static constexpr Routes kToRegions = 8;
  static constexpr Routes kToMarkAssists = 16;
  static constexpr Routes kToRanges = 32;
  static constexpr Routes kToPoints = 64;
  static constexpr Routes kToGcWork = 128;
  static constexpr Routes kToAllocations = 256;

  void MakeBuilders(const SetRequest& wanted, TraceTables& tables);
  void MakeRoutes(const SetRequest& wanted);
  Routes RoutesOf(wire::EventType type, const SetRequest& wanted) const;
  void Begin(TimeNs trace_start_ns);
  void AddGoroutine(const order::OrderedEvent& event);
  void AddProc(const order::OrderedEvent& event);
  void AddPoint(const order::OrderedEvent& event);
  void AddGcWork(const order::OrderedEvent& event);
  void TellLateName(const order::OrderedEvent& event);

  const TraceTables& tables_;
  GenerationRefs& refs_;
  ColumnSinks sinks_;
  std::vector<SpanConsumer*> told_late_names_;  // of samples
  std::array<Routes, 256> routes_{};            // by event type
  std::optional<GoroutineDirectory> directory_;
  std::optional<TaskBuilder> tasks_;
  std::optional<RegionBuilder> regions_;
  std::optional<RangeBuilder> ranges_;
  std::optional<GcWorkBuilder> gc_work_;
  std::optional<AllocationBuilder> allocations_;
  std::optional<ProcSpanBuilder> procs_;
  std::optional<SyscallBuilder> syscalls_;
  std::optional<PointBuilder> points_;
  std::optional<GenerationBuilder> generations_;
  bool log_stacks_ = false;
  bool counts_runnable_ = false;
  bool counts_running_ = false;  // in ranges
  bool has_begun_ = false;
  TimeNs last_ns_ = 0;
};

}  // namespace gtengine::spans
