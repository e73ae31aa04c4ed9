#include "engine/spans/region_builder.h"

#include <string_view>
#include <utility>

#include "engine/base/check.h"

namespace gtengine::spans {

using order::OrderedEvent;
using wire::EventType;

namespace {

// What Go's summarizer takes for the end of a goroutine.
constexpr std::string_view kForever = "forever";

}  // namespace

RegionBuilder::RegionBuilder(ColumnSink<Regions>& regions, ColumnSink<RegionSlices>& slices,
                             GenerationRefs& refs, TraceTables& tables,
                             const GoroutineDirectory& directory, const TaskBuilder& tasks,
                             bool with_stacks)
    : regions_(regions),
      slices_(slices),
      refs_(refs),
      directory_(directory),
      tasks_(tasks),
      with_stacks_(with_stacks) {
  forever_ = tables.strings.Intern(kForever);
}

RegionBuilder::Goroutine& RegionBuilder::Know(std::uint32_t slot, GoId g) {
  GTENGINE_CHECK(slot != order::kNoSlot);
  if (slot >= goroutines_.size()) {
    goroutines_.resize(slot + std::size_t{1});
    is_known_.resize(goroutines_.size());
  }
  is_known_[slot] = 1;
  goroutines_[slot].g = g;
  return goroutines_[slot];
}

void RegionBuilder::Forget(std::uint32_t slot) {
  is_known_[slot] = 0;
  Goroutine& goroutine = goroutines_[slot];
  goroutine.state = GoState::kRunning;
  goroutine.in_assist = false;
  goroutine.reason = kEmptyString;
  goroutine.in_outermost_ns = 0;
}

Work RegionBuilder::WorkOf(std::uint32_t slot) const {
  if (!IsKnown(slot) || goroutines_[slot].regions.empty()) return {};
  return goroutines_[slot].regions.back().work;
}

void RegionBuilder::AddTransition(const OrderedEvent& event) {
  const std::uint32_t slot = event.subject_slot;
  Goroutine& goroutine = goroutines_[slot];
  Cut(goroutine, slot, event.time_ns, 0);
  goroutine.state = static_cast<GoState>(event.to);
  const bool has_ended = goroutine.state == GoState::kNotExist;
  if (!goroutine.regions.empty()) {
    const bool has_reason = event.type == EventType::kGoBlock || event.type == EventType::kGoStop;
    goroutine.reason = has_reason ? refs_.String(event.args[0]) : kEmptyString;
    const bool is_forever = event.type == EventType::kGoBlock && goroutine.reason == forever_;
    if (has_ended || is_forever) LeaveAll(goroutine, slot, event, kLeftOpen);
  }
  if (has_ended) Forget(slot);
}

void RegionBuilder::Push(Goroutine& goroutine, const Open& open) {
  const std::size_t before = HeapBytes(goroutine.regions);
  goroutine.regions.push_back(open);
  open_bytes_ += HeapBytes(goroutine.regions) - before;
}

// A goroutine that is created inside a region works for its task.
void RegionBuilder::Inherit(const OrderedEvent& event) {
  const Goroutine& creator = goroutines_[event.g_slot];
  if (creator.g != event.g || creator.regions.empty()) return;
  const Open& inside = creator.regions.back();
  const Open inherited{.region = RegionId{next_region_++},
                       .parent = inside.region,
                       .task = inside.task,
                       .task_name = inside.task_name,
                       .work = inside.work,
                       .start_stack = StackOf(event),
                       .start_ns = event.time_ns,
                       .flags = kInherited};
  Goroutine& created = Know(event.subject_slot, order::SubjectGoroutine(event));
  created.slice_start_ns = event.time_ns;
  Push(created, inherited);
}

void RegionBuilder::AddRegion(const OrderedEvent& event) {
  Goroutine& goroutine = Know(event.g_slot, event.g);
  Cut(goroutine, event.g_slot, event.time_ns, 0);
  if (event.type == EventType::kUserRegionBegin) {
    BeginRegion(goroutine, event);
  } else {
    EndRegion(goroutine, event);
  }
}

void RegionBuilder::BeginRegion(Goroutine& goroutine, const OrderedEvent& event) {
  const TaskId task{event.args[0]};
  Open open{.region = RegionId{next_region_++},
            .task = task,
            .task_name = tasks_.NameOf(task),
            .name = refs_.String(event.args[1]),
            .start_stack = StackOf(event),
            .start_ns = event.time_ns};
  open.work = {.task = task, .task_name = open.task_name};
  if (!goroutine.regions.empty()) {
    const Open& around = goroutine.regions.back();
    open.parent = around.region;
    open.depth = around.flags & kInherited ? 0 : around.depth + 1;
    if (task == kBackgroundTask) open.work = around.work;
  }
  Push(goroutine, open);
}

void RegionBuilder::EndRegion(Goroutine& goroutine, const OrderedEvent& event) {
  if (!goroutine.regions.empty()) {
    const Open ended = goroutine.regions.back();
    goroutine.regions.pop_back();
    return Close(goroutine, ended, event, 0);
  }
  // It began before the trace, and all known ones since are inside it.
  const Open unseen{.region = RegionId{next_region_++},
                    .task = TaskId{event.args[0]},
                    .task_name = tasks_.NameOf(TaskId{event.args[0]}),
                    .name = refs_.String(event.args[1]),
                    .start_ns = trace_start_ns_,
                    .inside_ns = std::exchange(goroutine.in_outermost_ns, 0),
                    .flags = kCutAtStart};
  Close(goroutine, unseen, event, 0);
}

void RegionBuilder::AddMarkAssist(const OrderedEvent& event) {
  const bool is_under_way = event.type == EventType::kGcMarkAssistActive;
  const GoId g = is_under_way ? GoId{static_cast<std::int64_t>(event.args[0])} : event.g;
  const std::uint32_t slot = is_under_way ? directory_.Find(g) : event.g_slot;
  Goroutine& goroutine = Know(slot, g);
  const bool in_assist = event.type != EventType::kGcMarkAssistEnd;
  if (goroutine.in_assist == in_assist) return;
  Cut(goroutine, slot, event.time_ns, 0);
  goroutine.in_assist = in_assist;
}

void RegionBuilder::LeaveAll(Goroutine& goroutine, std::uint32_t slot, const OrderedEvent& event,
                             std::uint8_t end_flags) {
  const bool is_system = directory_.IsSystem(slot);
  while (!goroutine.regions.empty()) {
    Open ended = goroutine.regions.back();
    goroutine.regions.pop_back();
    // Go's rule: a goroutine of the runtime does not work for whoever happened to create it.
    if (is_system && (ended.flags & kInherited)) continue;
    if (is_system) ended.flags |= kOnSystemGoroutine;
    Close(goroutine, ended, event, end_flags);
  }
}

void RegionBuilder::Cut(Goroutine& goroutine, std::uint32_t slot, TimeNs now_ns,
                        std::uint8_t end_flags) {
  const TimeNs start_ns = std::exchange(goroutine.slice_start_ns, now_ns);
  if (!slices_.is_wanted() || goroutine.regions.empty() || start_ns == now_ns) return;
  const Open& inside = goroutine.regions.back();
  if ((inside.flags & kInherited) && directory_.IsSystem(slot)) return;
  const auto [slices, row] = slices_.AddRow();
  slices.region[row] = inside.region;
  slices.task[row] = inside.work.task;
  slices.task_name[row] = inside.work.task_name;
  slices.g[row] = goroutine.g;
  slices.state[row] = goroutine.state;
  slices.reason[row] = goroutine.reason;
  slices.start_ns[row] = start_ns;
  slices.end_ns[row] = now_ns;
  slices.flags[row] = end_flags | (goroutine.in_assist ? kInMarkAssist : std::uint8_t{0});
}

void RegionBuilder::Close(Goroutine& goroutine, const Open& open, const OrderedEvent& event,
                          std::uint8_t end_flags) {
  const TimeNs length_ns = WrappingSubtract(event.time_ns, open.start_ns);
  TimeNs& inside_ns =
      goroutine.regions.empty() ? goroutine.in_outermost_ns : goroutine.regions.back().inside_ns;
  inside_ns = WrappingAdd(inside_ns, length_ns);
  if (!regions_.is_wanted()) return;
  const auto [regions, row] = regions_.AddRow();
  regions.region[row] = open.region;
  regions.parent[row] = open.parent;
  regions.task[row] = open.task;
  regions.task_name[row] = open.task_name;
  regions.name[row] = open.name;
  regions.g[row] = goroutine.g;
  regions.start_ns[row] = open.start_ns;
  regions.end_ns[row] = event.time_ns;
  regions.self_ns[row] = WrappingSubtract(length_ns, open.inside_ns);
  regions.start_stack[row] = open.start_stack;
  regions.end_stack[row] = StackOf(event);
  regions.depth[row] = open.depth;
  regions.flags[row] = open.flags | end_flags;
}

void RegionBuilder::Finish(TimeNs trace_end_ns) {
  OrderedEvent end;
  end.time_ns = trace_end_ns;
  for (std::uint32_t slot = 0; slot < goroutines_.size(); ++slot) {
    Goroutine& goroutine = goroutines_[slot];
    if (goroutine.regions.empty()) continue;
    Cut(goroutine, slot, trace_end_ns, kCutAtEnd);
    LeaveAll(goroutine, slot, end, kCutAtEnd);
  }
}

}  // namespace gtengine::spans
