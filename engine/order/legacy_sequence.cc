#include "engine/order/legacy_sequence.h"

#include <utility>

#include "engine/base/check.h"

namespace gtengine::order {

using wire::v1::EventType;

const LegacyEvent* LegacySequence::Next() {
  if (undated_ == nullptr) undated_ = NextUndated();
  if (undated_ == nullptr) return exits_.empty() ? nullptr : TakeExit();
  if (!exits_.empty()) {
    const LegacyExit& exit = exits_.front();
    const bool is_first =
        exit.ticks != undated_->ticks ? exit.ticks < undated_->ticks : exit.number < number_ - 1;
    if (is_first) return TakeExit();
  }
  return std::exchange(undated_, nullptr);
}

LegacyEvent* LegacySequence::NextUndated() {
  LegacyEvent* event = nullptr;
  do {
    std::uint32_t source = 0;
    if (!runs_.Next(source)) return nullptr;
    // What was read once is so again.
    GTENGINE_CHECK(sources_.Next(source) == LegacySources::Move::kEvent);
    event = &sources_.EventOf(source);
    ++number_;
  } while (LegacyExits::IsDated(*event));
  switch (event->type) {
    case EventType::kGoStartLocal:
      event->type = EventType::kGoStart;
      break;
    case EventType::kGoUnblockLocal:
    case EventType::kGoUnblock:
      event->type = EventType::kGoUnblock;
      if (tables_.IsTimerGoroutine(event->g)) event->p = wire::v1::kTimerProc;
      break;
    case EventType::kGoSysExitLocal:
    case EventType::kGoSysExit:
      event->type = EventType::kGoSysExit;
      event->p = wire::v1::kSyscallProc;
      break;
    default:
      break;
  }
  return event;
}

const LegacyEvent* LegacySequence::TakeExit() {
  const LegacyExit& exit = exits_.front();
  exits_ = exits_.subspan(1);
  exit_ = {.ticks = exit.ticks,
           .g = exit.g,
           .offset = exit.offset,
           .text = {},
           .p = wire::v1::kSyscallProc,
           .type = EventType::kGoSysExit};
  exit_.args[0] = exit.g;
  return &exit_;
}

}  // namespace gtengine::order
