#include "engine/spans/set_builder.h"

namespace gtengine::spans {

using order::EventKind;
using order::OrderedEvent;
using wire::EventType;

namespace {

SetRequest UniteSets(std::span<SpanConsumer* const> consumers) {
  SetRequest all;
  for (const SpanConsumer* consumer : consumers) all.Unite(consumer->Request().sets);
  return all;
}

}  // namespace

bool SetBuilder::IsWantedBy(std::span<SpanConsumer* const> consumers) {
  return UniteSets(consumers) != SetRequest{};
}

SetBuilder::SetBuilder(std::span<SpanConsumer* const> consumers, GenerationRefs& refs,
                       TraceTables& tables)
    : tables_(tables), refs_(refs), sinks_(consumers, tables) {
  for (SpanConsumer* consumer : consumers) {
    const SetRequest& sets = consumer->Request().sets;
    if (sets.samples && sets.sample_goroutines) told_late_names_.push_back(consumer);
  }
  const SetRequest wanted = UniteSets(consumers);
  MakeBuilders(wanted, tables);
  MakeRoutes(wanted);
}

void SetBuilder::MakeBuilders(const SetRequest& wanted, TraceTables& tables) {
  const bool knows_work = !told_late_names_.empty();
  if (wanted.regions || wanted.region_slices || knows_work)
    directory_.emplace(refs_, tables.strings);
  if (wanted.tasks || wanted.logs || directory_)
    tasks_.emplace(sinks_.tasks, refs_, wanted.task_stacks);
  if (directory_) {
    regions_.emplace(sinks_.regions, sinks_.region_slices, refs_, tables, *directory_, *tasks_,
                     wanted.region_stacks);
  }
  if (wanted.ranges) ranges_.emplace(sinks_.ranges, refs_, tables, wanted.range_stacks);
  if (wanted.allocations) allocations_.emplace(sinks_.allocations, tables.strings);
  if (wanted.gc_work) gc_work_.emplace(sinks_.gc_work, refs_, tables.strings);
  if (wanted.proc_spans) procs_.emplace(sinks_.proc_spans);
  if (wanted.syscalls) syscalls_.emplace(sinks_.syscalls, refs_, wanted.syscall_stacks);
  if (wanted.logs || wanted.samples || wanted.metrics || wanted.labels) {
    points_.emplace(sinks_, refs_);
  }
  if (wanted.generations) generations_.emplace(sinks_.generations);
}

void SetBuilder::MakeRoutes(const SetRequest& wanted) {
  log_stacks_ = wanted.log_stacks;
  counts_runnable_ = wanted.proc_spans && wanted.proc_runnable;
  counts_running_ = wanted.ranges && wanted.range_running;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    routes_[i] = RoutesOf(static_cast<EventType>(i), wanted);
  }
}

SetBuilder::Routes SetBuilder::RoutesOf(EventType type, const SetRequest& wanted) const {
  const auto if_true = [](bool condition, Routes routes) { return condition ? routes : Routes{0}; };
  const bool is_assist = type == EventType::kGcMarkAssistBegin ||
                         type == EventType::kGcMarkAssistActive ||
                         type == EventType::kGcMarkAssistEnd;
  switch (order::KindOf(type)) {
    case EventKind::kStateTransition:
      if (order::IsGoroutineTransition(type)) {
        return if_true(directory_ || syscalls_ || counts_runnable_ || counts_running_ || gc_work_,
                       kToGoroutines);
      }
      return if_true(procs_ || syscalls_ || ranges_, kToProcs);
    case EventKind::kRangeBegin:
    case EventKind::kRangeActive:
    case EventKind::kRangeEnd:
      return if_true(ranges_.has_value(), kToRanges) |
             if_true(regions_ && is_assist, kToMarkAssists) |
             if_true(gc_work_.has_value(), kToGcWork);
    case EventKind::kTaskBegin:
    case EventKind::kTaskEnd:
      return if_true(tasks_.has_value(), kToTasks);
    case EventKind::kRegionBegin:
    case EventKind::kRegionEnd:
      return if_true(tasks_.has_value(), kToTasks) | if_true(regions_.has_value(), kToRegions);
    case EventKind::kLog:
      return if_true(tasks_.has_value(), kToTasks) | if_true(wanted.logs, kToPoints);
    case EventKind::kStackSample:
      return if_true(wanted.samples, kToPoints);
    case EventKind::kMetric:
      return if_true(wanted.metrics, kToPoints);
    case EventKind::kLabel:
      return if_true(wanted.labels, kToPoints) | if_true(gc_work_.has_value(), kToGcWork);
    case EventKind::kExperimental:
      return if_true(allocations_.has_value(), kToAllocations);
    default:
      return 0;
  }
}

void SetBuilder::BeginGeneration(const order::LoadedGeneration& loaded) {
  if (generations_) generations_->BeginGeneration(loaded);
  if (allocations_) allocations_->BeginGeneration(loaded);
}

void SetBuilder::Add(const order::EventChunk& chunk) {
  if (!has_begun_) Begin(chunk.events.front().time_ns);
  if (generations_) generations_->Add(chunk);
  for (const OrderedEvent& event : chunk.events) {
    const Routes routes = routes_[static_cast<std::uint8_t>(event.type)];
    if (routes == 0) continue;
    if (routes & kToGoroutines) {
      AddGoroutine(event);
      continue;
    }
    if (routes & kToProcs) AddProc(event);
    if (routes & kToTasks) tasks_->Add(event);
    if (routes & kToRegions) regions_->AddRegion(event);
    if (routes & kToMarkAssists) regions_->AddMarkAssist(event);
    if (routes & kToRanges) ranges_->AddRange(event);
    if (routes & kToPoints) AddPoint(event);
    if (routes & kToGcWork) AddGcWork(event);
    if (routes & kToAllocations) allocations_->Add(event);
  }
  last_ns_ = chunk.events.back().time_ns;
}

void SetBuilder::Begin(TimeNs trace_start_ns) {
  has_begun_ = true;
  if (tasks_) tasks_->Begin(trace_start_ns);
  if (regions_) regions_->Begin(trace_start_ns);
  if (ranges_) ranges_->Begin(trace_start_ns);
  if (gc_work_) gc_work_->Begin(trace_start_ns);
  if (allocations_) allocations_->Begin(trace_start_ns);
  if (procs_) procs_->Begin(trace_start_ns);
}

void SetBuilder::AddGoroutine(const OrderedEvent& event) {
  if (event.from == event.to) return;
  if (directory_) {
    if (directory_->Enter(event)) TellLateName(event);
    regions_->AddGoroutine(event);
    directory_->Leave(event);
  }
  if (syscalls_) syscalls_->AddGoroutine(event);
  if (counts_runnable_) procs_->AddGoroutine(event);
  if (counts_running_) ranges_->AddGoroutine(event);
  if (gc_work_) gc_work_->AddGoroutine(event);
}

void SetBuilder::AddProc(const OrderedEvent& event) {
  if (event.from == event.to) return;
  if (ranges_) ranges_->AddProc(event);
  if (procs_) procs_->AddProc(event);
  if (syscalls_) syscalls_->AddProc(event);
}

void SetBuilder::AddPoint(const OrderedEvent& event) {
  switch (order::KindOf(event.type)) {
    case EventKind::kLog:
      return points_->AddLog(event, *tasks_, log_stacks_);
    case EventKind::kStackSample:
      return points_->AddSample(event, directory_ ? &*directory_ : nullptr,
                                regions_ ? &*regions_ : nullptr);
    case EventKind::kMetric:
      return points_->AddMetric(event);
    default:
      return points_->AddLabel(event);
  }
}

void SetBuilder::AddGcWork(const OrderedEvent& event) {
  if (order::KindOf(event.type) == EventKind::kLabel) {
    gc_work_->AddLabel(event);
  } else {
    gc_work_->AddRange(event);
  }
}

std::size_t SetBuilder::state_bytes(const Growth& growth) const {
  std::size_t bytes = 0;
  if (directory_) bytes += directory_->state_bytes(growth);
  if (tasks_) bytes += tasks_->state_bytes(growth);
  if (regions_) bytes += regions_->state_bytes(growth);
  if (ranges_) bytes += ranges_->state_bytes();
  if (allocations_) bytes += allocations_->state_bytes();
  if (gc_work_) bytes += gc_work_->state_bytes(growth);
  if (procs_) bytes += procs_->state_bytes();
  if (syscalls_) bytes += syscalls_->state_bytes(growth);
  if (points_) bytes += points_->state_bytes();
  return bytes;
}

void SetBuilder::TellLateName(const OrderedEvent& event) {
  const GoId g = order::SubjectGoroutine(event);
  if (!points_ || !points_->TakeUnnamed(g)) return;
  const StringRef name = directory_->StartFunction(event.subject_slot);
  for (SpanConsumer* consumer : told_late_names_) consumer->OnLateSampleName(g, name, tables_);
}

void SetBuilder::Finish() {
  if (regions_) regions_->Finish(last_ns_);
  if (tasks_) tasks_->Finish(last_ns_);
  if (ranges_) ranges_->Finish(last_ns_);
  if (gc_work_) gc_work_->Finish(last_ns_);
  if (allocations_) allocations_->Finish(last_ns_);
  if (procs_) procs_->Finish(last_ns_);
  if (syscalls_) syscalls_->Finish(last_ns_);
  if (generations_) generations_->Finish();
  sinks_.round.Flush();
}

}  // namespace gtengine::spans
