// Which events come next, some dozens of them, before any of them has taken place.
#pragma once

#include <array>
#include <cstddef>

#include "engine/base/clock.h"
#include "engine/order/frontier.h"
#include "engine/order/scheduler_state.h"
#include "engine/order/thread_cursor.h"
#include "kernels/event_decode.h"

namespace gtengine::order {

// As long as each event takes place when its time comes, times alone tell the order. So the
// frontier is moved ahead of the scheduler's state: its sifting and the state's rules do not wait
// for each other, and what the events will look for is on its way from memory. When an event cannot
// take place, what was foreseen is taken back.
//
// Foreseen events point into what their cursors have decoded: nothing is foreseen past that. Not
// more than an event in two is foreseen in vain. No allocation.
class Lookahead {
 public:
  struct Event {
    ThreadCursor* cursor;
    const kernels::EventRecord* record;
  };

  bool empty() const { return next_ == count_; }
  // The next event. Something must be foreseen, here and in Pop.
  const Event& front() const { return events_[next_]; }
  // The next event has taken place.
  void Pop() { ++next_; }
  // After Pop: whether that was the last foreseen one, and the last decoded one of its thread. Then
  // the thread is the frontier's top, its cursor still at that event, and must be moved on.
  bool IsThreadToMove() const { return ends_decoded_ && empty(); }

  // Foresees events up to this time, the frontier's first one at least. Nothing must be foreseen.
  void Foresee(Frontier<ThreadCursor>& frontier, TimeNs until_ns);
  // Brings what the foreseen events name out of far memory.
  void Fetch(const SchedulerState& state) const;
  // Puts the frontier and the cursors back to where the next event is the frontier's top.
  void TakeBack(Frontier<ThreadCursor>& frontier);

 private:
  static constexpr std::size_t kMostEvents = 64;

  std::array<Event, kMostEvents> events_;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  std::size_t limit_ = kMostEvents;  // less after something was taken back
  bool ends_decoded_ = false;
};

}  // namespace gtengine::order
