#include "engine/spans/point_builder.h"

namespace gtengine::spans {

using order::OrderedEvent;
using wire::EventType;

namespace {

template <class Points>
void WriteContext(const OrderedEvent& event, Points& points, std::size_t row) {
  points.time_ns[row] = event.time_ns;
  points.g[row] = event.g;
  points.p[row] = event.p;
  points.m[row] = event.m;
}

MetricKind KindOfMetric(EventType type) {
  switch (type) {
    case EventType::kHeapAlloc:
      return MetricKind::kHeapAlloc;
    case EventType::kHeapGoal:
      return MetricKind::kHeapGoal;
    default:
      return MetricKind::kGoMaxProcs;
  }
}

}  // namespace

void PointBuilder::AddLog(const OrderedEvent& event, const TaskBuilder& tasks, bool with_stack) {
  const auto [logs, row] = sinks_.logs.AddRow();
  const TaskId task{event.args[0]};
  WriteContext(event, logs, row);
  logs.task[row] = task;
  logs.task_name[row] = tasks.NameOf(task);
  logs.category[row] = refs_.String(event.args[1]);
  logs.message[row] = refs_.String(event.args[2]);
  if (with_stack) logs.stack[row] = refs_.Stack(order::ContextStack(event));
}

void PointBuilder::AddSample(const OrderedEvent& event, const GoroutineDirectory* directory_or_null,
                             const RegionBuilder* regions_or_null) {
  const auto [samples, row] = sinks_.samples.AddRow();
  WriteContext(event, samples, row);
  samples.stack[row] = refs_.Stack(order::ContextStack(event));
  if (directory_or_null == nullptr || regions_or_null == nullptr) return;
  const std::uint32_t slot = directory_or_null->Find(event.g);
  const bool is_known = slot != order::kNoSlot;
  const StringRef name = is_known ? directory_or_null->StartFunction(slot) : kEmptyString;
  const Work work = is_known ? regions_or_null->WorkOf(slot) : Work{};
  samples.start_function[row] = name;
  samples.task[row] = work.task;
  samples.task_name[row] = work.task_name;
  if (name == kEmptyString && event.g != kNoGoroutine) unnamed_.insert(Raw(event.g));
}

void PointBuilder::AddMetric(const OrderedEvent& event) {
  const auto [metrics, row] = sinks_.metrics.AddRow();
  WriteContext(event, metrics, row);
  metrics.kind[row] = KindOfMetric(event.type);
  metrics.value[row] = event.args[0];
}

void PointBuilder::AddLabel(const OrderedEvent& event) {
  const auto [labels, row] = sinks_.labels.AddRow();
  WriteContext(event, labels, row);
  labels.label[row] = refs_.String(event.args[0]);
}

bool PointBuilder::TakeUnnamed(GoId g) {
  if (unnamed_.erase(Raw(g)) == 0) return false;
  sinks_.round.Flush();
  return true;
}

}  // namespace gtengine::spans
