// Which event types a trace's bytes are spent on.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/wire/format.h"
#include "engine/wire/raw_reader.h"

namespace gtengine::wire {

// Bytes of the event in its shortest form, as Go counts them (raw.Event.EncodedSize): a file may
// spend more, since varints may be padded.
std::uint64_t EncodedBytes(const RawEvent& event);

// Counts events and bytes by type. Values add up, so the order of events does not matter. 4 KiB; no
// allocation in Add. One thread at a time.
class Footprint {
 public:
  struct Row {
    EventType type = EventType::kNone;
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;  // EncodedBytes of all of them
  };

  Footprint();

  void Add(const RawEvent& event);

  std::uint64_t event_count() const { return event_count_; }
  // The types that have events, most bytes first. Types of equal bytes come as `go tool trace`
  // prints them.
  std::vector<Row> Rows() const;

 private:
  std::array<Row, 256> rows_;  // by type byte
  std::uint64_t event_count_ = 0;
};

// Appends the table that `go tool trace -d=footprint` prints, to the byte, but for its rows without
// events. `trace_bytes`: of the whole trace, header included; shares of bytes are of that.
void AppendFootprintText(const Footprint& footprint, Version version, std::uint64_t trace_bytes,
                         std::string& out);

}  // namespace gtengine::wire
