// Traces written as text, with the verdict that a reader must come to.
//
// A file is lines. Lines that begin with '#' and empty lines say nothing. A line at the left margin
// is a directive; an indented line is an entry of the batch above it. Arguments are NAME=VALUE, in
// any order.
//
//   version 26                 format of the header
//   header "go 1.x"            instead of it: these bytes, filled with zeros to 16
//   case NAME                  a file may hold several traces: what stands before the first `case`
//                              begins each of them
//   generation 3               the batches that follow belong to it; its tables, and from format 26
//   on
//                              its end marker, are written where it ends
//   unfinished                 ... but not this generation's end marker
//   tables                     writes the strings and stacks named so far here
//   end                        an end-of-generation marker here
//   frequency 1000000000       a whole sync batch, from format 25 on with a clock snapshot of zeros
//   sync                       a sync batch; entries Frequency, ClockSnapshot
//   batch m=1 time=100         a batch of events; entries are events by their names on the wire
//   samples                    a batch of CPU samples; entries CPUSample
//   strings                    a string table; entries String id=1 "text"
//   stacks                     a stack table; entries Stack id=1 (FRAME FRAME ...)
//   experimental exp=1         a batch of an experiment; entries raw
//   bytes 01 ff                bytes, in hexadecimal, between batches
//   truncate 3                 drops the last bytes of the trace so far
//     raw 01 ff                entry of any batch: bytes
//
// Any batch takes m= (-1), time= (that of the batch before, 0 at first) and gen= (the generation).
//
// Numbers are decimal or 0x..., a minus sign wraps at 64 bits. gstatus and pstatus also take the
// names of the states. dt is 1 when left out, ids of strings and stacks are 0, GoStatus' m is -1.
// Where an argument is a string or stack id, the content may stand instead: "text" with the escapes
// \" \\ \n \t \xNN, or (main.f@main.go:10 main.main@main.go:4#0x400), leaf first, where #PC may be
// left out. Content gets the ids 1, 2, ... of its generation and is written with its tables.
//
//   expect ok 12               the verdict: this many events
//   expect broken 7 "part"     or this many before an error whose text has this part
//   undumpable 5 "part"        this many events can be printed; the next has an id that means
//   nothing | M=-1 P=-1 ...            the events as they are printed, behind "| "
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/wire/encoder.h"

namespace gtengine::testing {

struct TextTrace {
  std::string name;  // of its case; empty when the file holds one trace
  wire::ByteBuffer bytes;

  bool is_ok = false;
  std::size_t events = 0;  // before the error, if there is one
  std::string message;     // a part of the error's text
  std::optional<std::size_t> printable_events;
  std::string print_message;
  std::string dump;  // of the events that can be printed
};

// The traces of one file. Errors name the line.
Result<std::vector<TextTrace>> AssembleTextTraces(std::string_view text);

}  // namespace gtengine::testing
