// Which rows of a trace's columns count, and how they are told apart (docs/filters.md).
#pragma once

#include "engine/analysis/text_filter.h"

namespace gtengine {

// All filters must accept a row. Immutable while in use; from any thread.
struct RowChoice {
  TextFilter task = {};       // the task that its goroutine worked for when it began
  TextFilter region = {};     // the regions that it began in
  TextFilter goroutine = {};  // the start function of its goroutine
  TextFilter stack = {};      // functions and files of its stack
  TextFilter log = {};        // logs, and what is done for tasks that have such a log
  TextFilter label = {};      // labels, and goroutines that were given such a label
  bool by_task = false;
  bool by_goroutine = false;

  bool has_filters() const {
    return !(task.empty() && region.empty() && goroutine.empty() && stack.empty() && log.empty() &&
             label.empty());
  }
  bool empty() const { return !has_filters() && !by_task && !by_goroutine; }
  // Whether it matters what goroutines worked for.
  bool needs_work() const { return !task.empty() || !region.empty() || !log.empty() || by_task; }
};

}  // namespace gtengine
