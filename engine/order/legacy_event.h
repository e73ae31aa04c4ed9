// An event of a legacy trace as its P wrote it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "engine/wire/v1/format.h"

namespace gtengine::order {

// The text is borrowed from the trace.
struct LegacyEvent {
  std::int64_t ticks = 0;
  std::uint64_t g = 0;  // on which it happened; 0: none
  std::array<std::uint64_t, wire::v1::kMaxArgs> args{};
  std::uint64_t offset = 0;  // of its record
  std::string_view text;     // of a log: its message
  std::uint32_t stack = 0;
  std::int32_t p = 0;
  wire::v1::EventType type = wire::v1::EventType::kNone;
};

// Whether the goroutine that it happened on does not run behind it.
constexpr bool LeavesProc(wire::v1::EventType type) {
  using enum wire::v1::EventType;
  switch (type) {
    case kGoEnd:
    case kGoStop:
    case kGoSched:
    case kGoPreempt:
    case kGoSleep:
    case kGoBlock:
    case kGoBlockSend:
    case kGoBlockRecv:
    case kGoBlockSelect:
    case kGoBlockSync:
    case kGoBlockCond:
    case kGoBlockNet:
    case kGoSysBlock:
    case kGoBlockGc:
      return true;
    default:
      return false;
  }
}

}  // namespace gtengine::order
