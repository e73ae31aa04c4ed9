#include "engine/order/legacy_exits.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/wire/v1/event_spec.h"

namespace gtengine::order {

using wire::v1::EventType;

namespace {

Error BrokenAt(const LegacyEvent& event, std::string what) {
  return {.code = ErrorCode::kBrokenOrder,
          .what = fmt::format("{}: {}", wire::v1::SpecOf(event.type).name, what),
          .byte_offset = event.offset};
}

}  // namespace

Status LegacyExits::Add(const LegacyEvent& event) {
  if (events_ > 0 && event.ticks < last_ticks_) {
    return BrokenAt(event, "its time is before that of an event which must come first");
  }
  last_ticks_ = event.ticks;
  const std::uint64_t number = events_++;
  if (event.type == EventType::kGoSysBlock || event.type == EventType::kGoInSyscall) {
    last_block_[event.g] = event.ticks;
  }
  if (!IsDated(event)) return {};
  const auto block = last_block_.find(event.g);
  if (block == last_block_.end() || block->second == 0) {
    return BrokenAt(event, fmt::format("goroutine {} is in no system call", event.g));
  }
  const auto ticks = static_cast<std::int64_t>(event.args[2]);
  if (ticks < block->second) {
    return BrokenAt(event, "it tells a time before the system call");
  }
  exits_.push_back({.ticks = ticks, .number = number, .g = event.g, .offset = event.offset});
  return {};
}

std::span<const LegacyExit> LegacyExits::Sort() {
  std::ranges::sort(exits_, std::less(),
                    [](const LegacyExit& exit) { return std::pair(exit.ticks, exit.number); });
  return exits_;
}

}  // namespace gtengine::order
