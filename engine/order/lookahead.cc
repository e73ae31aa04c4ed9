#include "engine/order/lookahead.h"

#include <algorithm>
#include <cstdint>

#include "engine/wire/format.h"

namespace gtengine::order {
namespace {

// What an event names by its first argument.
enum class Named : std::uint8_t { kNothing, kGoroutine, kTask };

constexpr std::array<Named, 256> kNamed = [] {
  std::array<Named, 256> named{};
  using enum wire::EventType;
  for (const auto type : {kGoCreate, kGoCreateBlocked, kGoStart, kGoUnblock, kGoSwitch,
                          kGoSwitchDestroy, kGoStatus, kGoStatusStack}) {
    named[static_cast<std::uint8_t>(type)] = Named::kGoroutine;
  }
  for (const auto type : {kUserTaskBegin, kUserTaskEnd}) {
    named[static_cast<std::uint8_t>(type)] = Named::kTask;
  }
  return named;
}();

}  // namespace

void Lookahead::Foresee(Frontier<ThreadCursor>& frontier, TimeNs until_ns) {
  const std::size_t limit = limit_;
  std::size_t count = 0;
  bool ends_decoded = false;
  do {
    ThreadCursor& cursor = frontier.At(0);
    const TimeNs run_until_ns = std::min(until_ns, frontier.runner_up_time_ns());
    const kernels::EventRecord* record = &cursor.record();
    const kernels::EventRecord* const last = &cursor.last_decoded();
    do {
      events_[count++] = {.cursor = &cursor, .record = record};
      ends_decoded = record == last;
      if (ends_decoded) [[unlikely]]
        break;
      ++record;
    } while (static_cast<TimeNs>(record->time) <= run_until_ns && count < limit);
    cursor.MoveTo(*record);
    if (ends_decoded) {
      frontier.SetTopTime(cursor.time_ns());
      break;
    }
    frontier.MoveTop(cursor.time_ns());
  } while (count < limit && frontier.top_time_ns() <= until_ns);
  next_ = 0;
  count_ = count;
  ends_decoded_ = ends_decoded;
  limit_ = std::min(2 * limit, kMostEvents);
}

// First the lines of all, then the records: each way to memory is gone for all at once.
void Lookahead::Fetch(const SchedulerState& state) const {
  // So many stay in the near caches by themselves.
  constexpr std::size_t kFewSlots = 4096;
  if (state.goroutine_slots() <= kFewSlots) return;
  std::array<std::array<std::uint32_t, kMostEvents>, 3> ids;
  std::array<std::size_t, 3> counts = {};
  for (std::size_t i = 0; i < count_; ++i) {
    const auto named = static_cast<std::size_t>(kNamed[events_[i].record->type]);
    ids[named][counts[named]++] = events_[i].record->args[0];
  }
  const auto fetch = [&](Named named, const auto& table) {
    const std::size_t count = counts[static_cast<std::size_t>(named)];
    const auto& wanted = ids[static_cast<std::size_t>(named)];
    for (std::size_t i = 0; i < count; ++i) table.FetchLine(wanted[i]);
    for (std::size_t i = 0; i < count; ++i) table.FetchRecord(wanted[i]);
  };
  fetch(Named::kGoroutine, state.goroutine_states());
  fetch(Named::kTask, state.tasks());
}

void Lookahead::TakeBack(Frontier<ThreadCursor>& frontier) {
  for (std::size_t i = ends_decoded_ ? count_ - 1 : count_; i > next_; --i) {
    const Event& event = events_[i - 1];
    event.cursor->MoveTo(*event.record);
    frontier.TakeBack(event.cursor->time_ns(), *event.cursor);
  }
  limit_ = std::max<std::size_t>(next_, 1);
  next_ = count_ = 0;
}

}  // namespace gtengine::order
