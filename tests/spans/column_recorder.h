// Columns of traces written as text, as lines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/spans/span_consumer.h"

namespace gtengine::testing {

// How most traces begin that tests write: goroutine 1 runs, and the next event with dt=8 is at 110.
inline const std::string kStart = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
)";

// Writes each row that it is given as a line, in the order in which they come.
class ColumnRecorder : public SpanConsumer {
 public:
  explicit ColumnRecorder(const SetRequest& sets) : sets_(sets) {}

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets = sets_;
    return request;
  }

  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) override;
  void OnLateName(std::uint32_t goroutine, StringRef name, const TraceTables& tables) override;
  void OnMetrics(const Metrics& set, const TraceTables& tables) override;
  void OnLabels(const Labels& set, const TraceTables& tables) override;
  void OnLogs(const Logs& set, const TraceTables& tables) override;
  void OnSamples(const Samples& set, const TraceTables& tables) override;
  void OnAllocations(const Allocations& set, const TraceTables& tables) override;
  void OnRanges(const Ranges& set, const TraceTables& tables) override;
  void OnGcWork(const GcWork& set, const TraceTables& tables) override;
  void OnProcSpans(const ProcSpans& set, const TraceTables& tables) override;
  void OnSyscalls(const Syscalls& set, const TraceTables& tables) override;
  void OnRegionSlices(const RegionSlices& set, const TraceTables& tables) override;
  void OnRegions(const Regions& set, const TraceTables& tables) override;
  void OnTasks(const Tasks& set, const TraceTables& tables) override;
  void OnGenerations(const Generations& set, const TraceTables& tables) override;
  void OnLateSampleName(GoId g, StringRef name, const TraceTables& tables) override;

  std::vector<std::string> lines;

 private:
  SetRequest sets_;
};

// The bytes of a trace written as text (tests/order/text_trace.h), with a readable tail behind.
std::vector<std::uint8_t> PaddedTrace(const std::string& text);

// Feeds consumers with the sets of a padded trace, up to its end or the first error, which is given
// back.
Status BuildSetsOf(const std::vector<std::uint8_t>& padded,
                   const std::vector<SpanConsumer*>& consumers);

// Likewise of a trace written as text, which must have no error.
void BuildSets(const std::string& text, const std::vector<SpanConsumer*>& consumers);

// The lines of one recorder.
std::vector<std::string> RecordSets(const std::string& text, const SetRequest& sets);

}  // namespace gtengine::testing
