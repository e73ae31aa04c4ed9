#include "engine/spans/task_builder.h"

#include <algorithm>
#include <vector>

namespace gtengine::spans {

using order::OrderedEvent;
using wire::EventType;

void TaskBuilder::Add(const OrderedEvent& event) {
  switch (event.type) {
    case EventType::kUserTaskBegin:
      return BeginTask(event);
    case EventType::kUserTaskEnd:
      return EndTask(event);
    default:
      return Mention(TaskId{event.args[0]});
  }
}

TaskBuilder::Open& TaskBuilder::Known(TaskId task) {
  const auto [entry, is_new] = open_.try_emplace(static_cast<std::int64_t>(Raw(task)));
  if (is_new) entry.value().start_ns = trace_start_ns_;
  return entry.value();
}

void TaskBuilder::BeginTask(const OrderedEvent& event) {
  const TaskId task{event.args[0]};
  const TaskId parent{event.args[1]};
  if (parent != kNoTask) Mention(parent);
  ended_.Remove(task);
  Known(task) = {.parent = parent,
                 .name = refs_.String(event.args[2]),
                 .parent_name = NameOf(parent),
                 .start_stack = StackOf(event),
                 .start_g = event.g,
                 .start_ns = event.time_ns,
                 .flags = 0};
}

void TaskBuilder::EndTask(const OrderedEvent& event) {
  const TaskId task{event.args[0]};
  if (ended_.Has(task)) return;
  // Of a legacy trace this can be 0 for "none", which is then a task as it is where regions and
  // logs name it.
  if (const TaskId parent{event.args[2]}; parent != kNoTask) Mention(parent);
  Close(task, Known(task), event, 0);
  open_.erase(static_cast<std::int64_t>(Raw(task)));
  ended_.Add(task);
}

void TaskBuilder::Close(TaskId task, const Open& open, const OrderedEvent& event,
                        std::uint8_t end_flags) {
  if (!sink_.is_wanted()) return;
  const auto [tasks, row] = sink_.AddRow();
  tasks.task[row] = task;
  tasks.parent[row] = open.parent;
  tasks.name[row] = open.name;
  tasks.parent_name[row] = open.parent_name;
  tasks.start_g[row] = open.start_g;
  tasks.end_g[row] = event.g;
  tasks.start_ns[row] = open.start_ns;
  tasks.end_ns[row] = event.time_ns;
  tasks.start_stack[row] = open.start_stack;
  tasks.end_stack[row] = StackOf(event);
  tasks.flags[row] = open.flags | end_flags;
}

void TaskBuilder::Finish(TimeNs trace_end_ns) {
  std::vector<TaskId> left;
  for (const auto& [id, open] : open_) left.push_back(TaskId{static_cast<std::uint64_t>(id)});
  std::ranges::sort(left);
  OrderedEvent end;
  end.time_ns = trace_end_ns;
  for (const TaskId task : left) Close(task, Known(task), end, kCutAtEnd);
}

}  // namespace gtengine::spans
