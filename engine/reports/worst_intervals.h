// The longest intervals of one kind, each with where its bytes are: the evidence behind a number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/analysis/document.h"
#include "engine/analysis/top_k.h"
#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/reports/report.h"

namespace gtengine {

enum class IntervalKind : std::uint8_t {
  kRunnable,      // a goroutine's stay in Runnable; its stack is that of what made it runnable
  kSyscall,       // a goroutine's stay in Syscall
  kBlocked,       // a goroutine's stay in Waiting
  kTask,          // a task of one name, from its beginning to its end
  kStopTheWorld,  // the stopping included
};

struct IntervalQuery {
  IntervalKind kind = IntervalKind::kRunnable;
  std::string task_name;  // of kTask
};

// Owns all that it says.
struct WorstInterval {
  std::int64_t length_ns = 0;
  std::string path;     // of the trace
  std::string service;  // and what it tells; may be empty
  std::string host;
  TimeNs offset_ns = 0;  // of its start from the trace's
  GoId g = kNoGoroutine;
  std::uint64_t task = 0;  // of kTask
  std::string what;        // why it was blocked, which stop; may be empty
  // The generations that it lies in, and their bytes in the file.
  std::uint64_t first_generation = 0;
  std::uint64_t last_generation = 0;
  std::uint64_t begin_byte = 0;
  std::uint64_t end_byte = 0;
  std::vector<ProfileFrame> stack;  // where it began, leaf first; may be empty

  friend auto operator<=>(const WorstInterval&, const WorstInterval&) = default;
};

// The longest first; then by what else tells them apart.
struct WorstIntervalFirst {
  bool operator()(const WorstInterval& a, const WorstInterval& b) const;
};

// Finds the `k` longest intervals that ended inside their trace; one that began before counts from
// the trace's start. A report like others, but not in the registry: what it keeps depends on the
// query. Its document is named "find" and has two tables: "intervals", and "stacks" by rank. It is
// not for partial files: there is nothing that reads what it serializes.
ReportType WorstIntervals(IntervalQuery query, std::size_t k);

}  // namespace gtengine
