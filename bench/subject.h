// The traces that the benches read, and what is known of each before a clock starts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/int128.h"
#include "engine/io/mapped_file.h"
#include "engine/wire/format.h"
#include "engine/wire/generation.h"

namespace gtengine::bench {

// How often and how long runnable goroutines waited.
struct WaitTotals {
  std::uint64_t count = 0;
  Uint128 time_ns = 0;

  friend bool operator==(const WaitTotals&, const WaitTotals&) = default;
};

// A whole trace in the page cache, without damage.
struct Subject {
  // Without ".trace": "shop/web-26/20261123/094804"; of a further trace its path.
  std::string name;
  io::MappedFile file;
  wire::Version version = wire::Version::k22;
  std::vector<wire::Generation> generations;
  std::uint64_t timed_events = 0;
  std::uint64_t events = 0;         // as Go's reader counts them
  std::optional<WaitTotals> waits;  // as Go's reader gives them, where a file tells
};

// All traces of corpus/ of format 1.22 and later in order of their names, then those that the
// environment variable GTENGINE_BENCH_TRACES names, with colons between them. What goref says of a
// trace is read from corpus/expected, and of a further trace X.trace from X.json beside it, if that
// is there. The number of events is also told by the wire (docs/bench.md): both must agree. Ends
// the program with a message where anything is wrong.
std::vector<Subject> LoadSubjects();

// Ends the program with a message.
[[noreturn]] void Fail(const std::string& what);

}  // namespace gtengine::bench
