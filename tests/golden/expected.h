// What Go's own reader says of the shipped traces.
#pragma once

#include <simdjson.h>

#include <ostream>
#include <string>
#include <vector>

namespace gtengine {

struct ExpectedTrace {
  std::string name;        // "service/host/yyyymmdd/hhmmss"
  std::string trace_path;  // of the trace
  std::string json;        // of the expected results

  friend void PrintTo(const ExpectedTrace& trace, std::ostream* out) { *out << trace.name; }
};

// One for each shipped trace. Fails the test program when a trace has no expected results, or the
// other way round, or when there are none at all.
std::vector<ExpectedTrace> ExpectedTraces();

// SHA-256 of some text, in hexadecimal, as it comes in piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Add(std::string_view text);
  std::string Finish();

 private:
  void* context_;
};

// Name of a test from that of a trace: only letters, digits and underscores.
std::string TestName(std::string name);

}  // namespace gtengine
