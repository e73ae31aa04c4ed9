// What the scheduler-latency report keeps of any number of traces.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/length_key.h"
#include "engine/analysis/top_k.h"
#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/columns/goroutine_spans.h"
#include "engine/columns/stack_table.h"
#include "engine/reports/report.h"
#include "engine/reports/waits.h"

namespace gtengine {

// One long wait, to be found again in its trace.
struct WorstWait {
  std::int64_t duration_ns = 0;
  std::string path;      // of the trace
  TimeNs offset_ns = 0;  // of the wait's start from the trace's
  GoId g = kNoGoroutine;
  std::string function;  // leaf of the stack that made it runnable; empty without a stack
  SpanCause cause = SpanCause::kRestated;
  WaitKind kind = WaitKind::kOrdinary;
};

// The longest first; then by path, offset, goroutine and what is left.
struct WorstFirst {
  bool operator()(const WorstWait& a, const WorstWait& b) const;
};

// Every wait is counted once in each of sites, causes, start_functions and services. Nothing is cut
// off except the list of the worst. Members may be changed freely as long as that holds.
class SchedPartial final : public ReportPartial {
 public:
  static constexpr std::string_view kName = "sched";
  static constexpr std::uint32_t kVersion = 1;
  static constexpr std::size_t kWorstKept = 100;

  using ByName = std::map<std::string, Waits, std::less<>>;
  using Worst = TopK<WorstWait, WorstFirst>;

  void Combine(const ReportPartial& other) override;
  std::string Serialize() const override;
  Document ToDocument(const ReportOptions& options) const override;
  static Result<std::unique_ptr<ReportPartial>> Parse(std::string_view bytes);

  // The waits of one whole stack of `tables`, to be added to.
  Waits& Site(StackRef stack);
  // The list that a wait belongs to.
  Worst& WorstOf(WaitKind kind) {
    return kind == WaitKind::kOrdinary ? worst_ordinary : worst_other;
  }
  // The waits by what made them runnable, and again by the goroutines' start functions.
  void VisitLengths(const LengthVisitor& visit) const;
  // All waits together. O(services).
  Waits Overall() const;

  TraceTables tables;        // holds exactly the stacks of the sites
  std::vector<Waits> sites;  // by StackRef in `tables`; may be shorter than the table
  std::array<Waits, kSpanCauseCount> causes;
  ByName start_functions;  // by the function that the goroutine was started with; empty: not known
  ByName services;
  // Apart, so that the ordinary ones are still there when the others are not to be counted.
  Worst worst_ordinary{kWorstKept};
  Worst worst_other{kWorstKept};
};

}  // namespace gtengine
