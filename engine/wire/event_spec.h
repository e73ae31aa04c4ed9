// The one table of wire facts: what each event type is called and which arguments it has
// (Go's internal/trace/tracev2/events.go and version/version.go).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/wire/format.h"
#include "kernels/event_decode.h"

namespace gtengine::wire {

enum class EventClass : std::uint8_t {
  kUnknown,     // no such type
  kStructural,  // part of the file's structure: batches and tables
  kTimed,       // stands in a thread's stream and begins with a time difference
};

// What follows the arguments of a structural event.
enum class Trailer : std::uint8_t { kNone, kData, kFrames };

struct EventSpec {
  std::string_view name;
  EventClass event_class = EventClass::kUnknown;
  std::uint8_t arg_count = 0;  // uvarints after the type byte, a time difference included
  std::array<std::string_view, 5> args{};
  // Positions (from 1, the time difference being 0) of arguments that are ids of the generation's
  // tables; 0: none. The first stack is that of the goroutine running where the event happened.
  std::array<std::uint8_t, 2> stacks{};
  std::array<std::uint8_t, 2> strings{};
  // The event that begins the range which this one ends or continues; kNone otherwise.
  EventType range_begin = EventType::kNone;
  Trailer trailer = Trailer::kNone;
};

// Any byte has a spec; `event_class` kUnknown where no event has it.
const EventSpec& SpecOf(EventType type);
inline const EventSpec& SpecOf(std::uint8_t type) { return SpecOf(static_cast<EventType>(type)); }

// Which arguments of an event (counted from 1) are ids of stacks and strings; 0: none. What the hot
// path needs of the table.
struct IdPositions {
  std::array<std::uint8_t, 2> stacks{};
  std::array<std::uint8_t, 2> strings{};
};
extern const std::array<IdPositions, 256> kIdPositions;
inline const IdPositions& IdPositionsOf(EventType type) {
  return kIdPositions[static_cast<std::uint8_t>(type)];
}

// Number of uvarints of every timed event type, for the decode kernels. Like Go's reader it does
// not look at the version: a type of a later format is decoded in an earlier one.
extern const kernels::ArgCounts kTimedArgCounts;

// One more than the greatest type byte that the raw reader knows in a format.
std::uint8_t TypeLimit(Version version);

}  // namespace gtengine::wire
