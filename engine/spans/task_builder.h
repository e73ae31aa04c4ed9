// Tasks of the program.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>

#include "engine/base/heap_bytes.h"
#include "engine/base/mix_hash.h"
#include "engine/columns/tasks.h"
#include "engine/order/event.h"
#include "engine/spans/column_sinks.h"
#include "engine/spans/generation_refs.h"

namespace gtengine::spans {

// Ids of tasks that have ended: a bit each where ids follow one another, as Go gives them.
class EndedTasks {
 public:
  void Add(TaskId task) { words_[WordOf(task)] |= BitOf(task); }
  void Remove(TaskId task) {
    if (const auto found = words_.find(WordOf(task)); found != words_.end()) {
      found.value() &= ~BitOf(task);
    }
  }
  bool Has(TaskId task) const {
    const auto found = words_.find(WordOf(task));
    return found != words_.end() && (found->second & BitOf(task)) != 0;
  }
  std::size_t heap_bytes(std::size_t more) const { return RobinBytes(words_, more); }

 private:
  static std::int64_t WordOf(TaskId task) { return static_cast<std::int64_t>(Raw(task) / 64); }
  static std::uint64_t BitOf(TaskId task) { return std::uint64_t{1} << (Raw(task) % 64); }

  tsl::robin_map<std::int64_t, std::uint64_t, MixHash> words_;
};

// What a task is follows Go's summarizer, but for the second end of a task, which programs may
// write: there Go's lets the task end anew, without its name. Here it changes nothing.
//
// Borrows the sink, which need not be wanted, and the refs. Memory: some 100 bytes an open task.
class TaskBuilder {
 public:
  TaskBuilder(ColumnSink<Tasks>& sink, GenerationRefs& refs, bool with_stacks)
      : sink_(sink), refs_(refs), with_stacks_(with_stacks) {}

  void Begin(TimeNs trace_start_ns) { trace_start_ns_ = trace_start_ns; }
  // The beginning or end of a task, or of a region, or a log.
  void Add(const order::OrderedEvent& event);
  void Finish(TimeNs trace_end_ns);

  // Of an open task whose beginning was seen; empty of others.
  StringRef NameOf(TaskId task) const {
    const auto found = open_.find(static_cast<std::int64_t>(Raw(task)));
    return found == open_.end() ? kEmptyString : found->second.name;
  }
  std::size_t state_bytes(const Growth& growth) const {
    return RobinBytes(open_, growth.tasks) + ended_.heap_bytes(growth.tasks);
  }

 private:
  struct Open {
    TaskId parent = kNoTask;
    StringRef name = kEmptyString;
    StringRef parent_name = kEmptyString;
    StackRef start_stack = kNoStack;
    GoId start_g = kNoGoroutine;
    TimeNs start_ns = 0;
    std::uint8_t flags = kCutAtStart;
  };

  // The open task of this id, known from now on.
  Open& Known(TaskId task);
  void Mention(TaskId task) {
    if (!ended_.Has(task)) Known(task);
  }
  StackRef StackOf(const order::OrderedEvent& event) {
    return with_stacks_ ? refs_.Stack(order::ContextStack(event)) : kNoStack;
  }
  void BeginTask(const order::OrderedEvent& event);
  void EndTask(const order::OrderedEvent& event);
  void Close(TaskId task, const Open& open, const order::OrderedEvent& event,
             std::uint8_t end_flags);

  ColumnSink<Tasks>& sink_;
  GenerationRefs& refs_;
  bool with_stacks_;
  TimeNs trace_start_ns_ = 0;
  tsl::robin_map<std::int64_t, Open, MixHash> open_;
  EndedTasks ended_;
};

}  // namespace gtengine::spans
