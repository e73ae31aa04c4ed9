#include "engine/spans/world_clock.h"

namespace gtengine::spans {

using wire::EventType;

void WorldClock::Change(const order::OrderedEvent& event) {
  sums_ = At(event.time_ns);
  since_ns_ = event.time_ns;
  switch (event.type) {
    case EventType::kStwBegin:
      ++stops_;
      break;
    case EventType::kStwEnd:
      if (stops_ > 0) --stops_;
      break;
    case EventType::kGcActive:
    case EventType::kGcBegin:
      is_marking_ = true;
      break;
    case EventType::kGcEnd:
      is_marking_ = false;
      break;
    case EventType::kProcsChange:
      procs_ = event.args[0];
      break;
    default:
      if (order::KindOf(event.type) != order::EventKind::kStateTransition) break;
      if (static_cast<ProcState>(event.from) == ProcState::kRunning && running_ > 0) --running_;
      if (static_cast<ProcState>(event.to) == ProcState::kRunning) ++running_;
  }
  doing_ = stops_ > 0           ? World::kStopped
           : procs_ == 0        ? World::kUnknown
           : running_ >= procs_ ? World::kBusy
                                : World::kIdle;
}

}  // namespace gtengine::spans
