// What a report is. One trace's columns go through a ReportAccumulator into a ReportPartial;
// partials combine, travel as bytes, and become a Document at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/analysis/document.h"
#include "engine/analysis/length_key.h"
#include "engine/base/clock.h"
#include "engine/base/heap_bytes.h"
#include "engine/base/result.h"
#include "engine/columns/stack_table.h"
#include "engine/spans/span_consumer.h"

namespace gtengine {

// How a document is to be made. Partials never depend on options: one partial serves them all.
struct ReportOptions {
  // Count as `go tool trace` does, also where that loses something.
  bool compat_go_tool_trace = false;
  // Rows of every table that is a "worst of" list.
  std::size_t top = 20;
  // What is called stuck: a P that was held for so long.
  TimeNs stuck_ns = 100'000'000;
  // Logs to show: those that contain it. Empty: all.
  std::string grep = {};
  // Give the document its profiles, all of them, also where they hold no sample.
  bool with_profiles = false;
};

// Which trace an accumulator is fed with.
struct TraceIdentity {
  std::string path;  // as it is to be shown
  std::string service;
  std::string host;
  TimeNs start_ns = 0;  // the trace's first instant on its own clock: offsets count from here
  // Whether rows may be left out: a goroutine's first ones, too.
  bool has_some_rows = false;
};

// A report's state over any number of traces. It refers to nothing outside itself. One thread at a
// time; const members from any number of threads.
class ReportPartial {
 public:
  virtual ~ReportPartial() = default;

  // Adds `other`, which must come from the same report and stays whole. Associative and commutative
  // down to the bytes of Serialize.
  virtual void Combine(const ReportPartial& other) = 0;

  // The partial as bytes: equal content gives equal bytes, however it was combined. The report's
  // `parse` reads them back.
  virtual std::string Serialize() const = 0;

  virtual Document ToDocument(const ReportOptions& options) const = 0;
};

// One trace (or one contiguous run of its generations) on its way into a partial. Fed from one
// thread.
class ReportAccumulator : public SpanConsumer {
 public:
  // Ends the feeding; call once, after the last row. `tables` are those that the rows referred to;
  // they are not needed any more afterwards.
  virtual std::unique_ptr<ReportPartial> Finish(const TraceTables& tables) = 0;

  // Bytes of memory that grow with the trace, about, while its live state grows by so much: the
  // budget of a scan counts on them. Asked for every few thousand events: amortised O(1).
  virtual std::size_t state_bytes(const Growth& growth) = 0;
};

// A report as the registry (engine/reports/registry.h) lists it.
struct ReportType {
  std::string_view name;     // as typed on a command line, and inside serialized partials
  std::string_view summary;  // one line
  std::uint32_t version;     // of the serialized partial: changed with its meaning or its fields
  std::function<std::unique_ptr<ReportAccumulator>(TraceIdentity trace)> begin;
  // Whether parts of one trace may go through accumulators of their own, each with the rows whose
  // spans began in it: their partials then combine to that of the whole. It wants no sets but
  // goroutine spans.
  bool takes_parts = false;
  // The neutral element of Combine.
  std::function<std::unique_ptr<ReportPartial>()> empty;
  // Reads what Serialize wrote. Safe on any bytes: what is not a partial of this report and version
  // is an Error.
  Result<std::unique_ptr<ReportPartial>> (*parse)(std::string_view bytes);
  // Visits all lengths that a partial of this report has, by what they are of: two corpora are
  // compared by them. Null when the report measures no lengths.
  void (*visit_lengths)(const ReportPartial& partial, const LengthVisitor& visit) = nullptr;
  // Whether it tells of whole traces, and makes no sense of some of their rows.
  bool is_of_whole_traces = false;
};

}  // namespace gtengine
