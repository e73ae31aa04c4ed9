// Logs, CPU samples, metrics and labels.
#pragma once

#include <tsl/robin_set.h>

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/base/mix_hash.h"
#include "engine/columns/points.h"
#include "engine/columns/stack_table.h"
#include "engine/order/event.h"
#include "engine/spans/column_sinks.h"
#include "engine/spans/generation_refs.h"
#include "engine/spans/goroutine_directory.h"
#include "engine/spans/region_builder.h"
#include "engine/spans/task_builder.h"

namespace gtengine::spans {

// Borrows everything. A set that is not wanted must not be fed. Memory: 16 bytes a goroutine that
// was sampled before its name was known.
class PointBuilder {
 public:
  PointBuilder(ColumnSinks& sinks, GenerationRefs& refs) : sinks_(sinks), refs_(refs) {}

  void AddLog(const order::OrderedEvent& event, const TaskBuilder& tasks, bool with_stack);
  // Without a directory and regions, the columns that need them are not written.
  void AddSample(const order::OrderedEvent& event, const GoroutineDirectory* directory_or_null,
                 const RegionBuilder* regions_or_null);
  void AddMetric(const order::OrderedEvent& event);
  void AddLabel(const order::OrderedEvent& event);

  // A goroutine has got its name. True when it has samples that came without: these are handed on,
  // and their consumers are to be told.
  bool TakeUnnamed(GoId g);

  std::size_t state_bytes() const { return RobinBytes(unnamed_); }

 private:
  ColumnSinks& sinks_;
  GenerationRefs& refs_;
  tsl::robin_set<std::int64_t, MixHash> unnamed_;  // goroutines
};

}  // namespace gtengine::spans
