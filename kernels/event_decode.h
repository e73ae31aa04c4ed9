// Decoding of timed events: a byte of type, then a fixed number of uvarints (LEB128, at most ten
// bytes, the tenth at most 1) that the type tells.
//
// DecodeEvents dispatches at run time to the best of the compiled Highway targets;
// DecodeEventsScalar is the oracle that every target must equal: same records, same bytes consumed,
// same place and reason to stop. Neither allocates, throws or keeps state; both may be called from
// any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace gtengine::kernels {

// How many uvarints follow each type byte, its time difference included (1 to 5); 0: no timed event
// has this type.
using ArgCounts = std::array<std::uint8_t, 256>;

// One event. 32 bytes, so that a record is one vector store and never crosses a cache line.
struct alignas(32) EventRecord {
  // The time difference in ticks, or the instant in ns (int64_t).
  std::uint64_t time;
  // The arguments after the time difference: low 32 bits of each; those that the event does not
  // have are 0.
  std::uint32_t args[4];
  // Offset of the type byte from the start of the decoded bytes.
  std::uint32_t offset;
  std::uint8_t type;
  // 1 when some argument does not fit 32 bits: its value must be read again from the bytes.
  std::uint8_t wide;
  // Bytes of the whole event, its type byte included.
  std::uint16_t length;
};
static_assert(sizeof(EventRecord) == 32);

enum class DecodeStop : std::uint8_t {
  kEnd,        // all bytes were consumed
  kFull,       // the output is full, bytes are left
  kBadType,    // the byte at `bytes` is the type of no timed event
  kBadVarint,  // the event at `bytes` has a uvarint that overflows or runs past the end
};

struct DecodeResult {
  std::size_t events;  // records written
  std::size_t bytes;   // bytes consumed by them, from `begin`
  DecodeStop stop;

  friend bool operator==(const DecodeResult&, const DecodeResult&) = default;
};

// Decodes events from data[begin, size), begin <= size < 4 GiB, into out[0, capacity); the records
// behind those counted in the answer may be written to as well. `data` must have 64 readable bytes
// past `size` (their values do not matter). Record offsets count from `data`, not from `begin`.
// Cost: about 2.5 ns an event and 50 ns a call, so ask for hundreds of events at once; 7 KiB of
// stack.
DecodeResult DecodeEvents(const std::uint8_t* data, std::size_t begin, std::size_t size,
                          const ArgCounts& arg_counts, EventRecord* out, std::size_t capacity);

// The same by plain code, one byte after the other. Needs no readable tail.
DecodeResult DecodeEventsScalar(const std::uint8_t* data, std::size_t begin, std::size_t size,
                                const ArgCounts& arg_counts, EventRecord* out,
                                std::size_t capacity);

// What makes instants of time differences, as Go does (internal/trace/batchcursor.go): each
// difference becomes ns by itself, and an instant of 0 is taken for none.
struct EventClock {
  double ns_per_tick;    // not negative
  std::int64_t base_ns;  // when the batch begins
  std::int64_t now_ns;   // of the last event; 0: before the first

  // What the next difference is added to.
  std::int64_t Last() const { return now_ns != 0 ? now_ns : base_ns; }
  // Moves on by so many ticks; returns now_ns. What does not fit 64 bits is what amd64 makes of it:
  // a product is the smallest integer, and a sum wraps.
  std::int64_t Advance(std::uint64_t ticks) {
    const double ns = static_cast<double>(ticks) * ns_per_tick;
    const std::int64_t difference = ns < 9223372036854775808.0
                                        ? static_cast<std::int64_t>(ns)
                                        : std::numeric_limits<std::int64_t>::min();
    now_ns = static_cast<std::int64_t>(static_cast<std::uint64_t>(Last()) +
                                       static_cast<std::uint64_t>(difference));
    return now_ns;
  }
};

// As DecodeEvents, with instants in the records: each is what clock->Advance makes of the time
// difference. Cost: about 0.4 ns an event more.
DecodeResult DecodeEventsAtInstants(const std::uint8_t* data, std::size_t begin, std::size_t size,
                                    const ArgCounts& arg_counts, EventClock* clock,
                                    EventRecord* out, std::size_t capacity);

// Reads the first `arg_count` (0 to 4) 64-bit arguments after the time difference of the event at
// `event` again: the way to the values of a record with `wide` set. The event must have been
// decoded before and have that many: nothing is checked.
void ReadWideArgs(const std::uint8_t* event, std::size_t arg_count, std::uint64_t args[4]);

}  // namespace gtengine::kernels
