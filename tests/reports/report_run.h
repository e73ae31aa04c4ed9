// Whole traces through one report of the registry.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/io/mapped_file.h"
#include "engine/reports/registry.h"
#include "engine/spans/span_builder.h"
#include "tests/order/for_each_chunk.h"
#include "tests/spans/column_recorder.h"

namespace gtengine::testing {

// The partial that a report makes of a trace.
inline std::unique_ptr<ReportPartial> PartialOfTrace(const ReportType& report, PaddedView trace,
                                                     TraceIdentity identity) {
  std::unique_ptr<ReportAccumulator> accumulator;
  std::vector<SpanConsumer*> consumers;
  std::unique_ptr<spans::SpanBuilder> builder;
  const Status read = ForEachChunk(trace, [&](const order::EventChunk& chunk) {
    if (!builder) {
      identity.start_ns = chunk.events.front().time_ns;
      accumulator = report.begin(identity);
      consumers = {accumulator.get()};
      builder = std::make_unique<spans::SpanBuilder>(consumers);
    }
    builder->Add(chunk);
  });
  EXPECT_TRUE(read.ok()) << read.error().ToString();
  GTENGINE_CHECK(builder != nullptr);
  builder->Finish();
  return accumulator->Finish(builder->tables());
}

// Likewise of a file.
inline std::unique_ptr<ReportPartial> PartialOfFile(std::string_view report,
                                                    const std::string& path,
                                                    TraceIdentity identity = {}) {
  auto file = io::MappedFile::Open(path);
  EXPECT_TRUE(file.ok()) << file.error().ToString();
  if (identity.path.empty()) identity.path = path;
  return PartialOfTrace(*FindReport(report), file->view(), std::move(identity));
}

// Likewise of a trace that is written as text (tests/order/text_trace.h).
inline std::unique_ptr<ReportPartial> PartialOfText(std::string_view report,
                                                    const std::string& text) {
  const std::vector<std::uint8_t> padded = PaddedTrace(text);
  const PaddedView view = PaddedView::Promise(padded.data(), padded.size() - kReadableTailBytes);
  return PartialOfTrace(*FindReport(report), view,
                        {.path = "t", .service = "s", .host = "h", .start_ns = 0});
}

// All rows of every table.
inline ReportOptions AllOf(bool compat_go_tool_trace = false) {
  return {.compat_go_tool_trace = compat_go_tool_trace, .top = 1'000'000};
}

}  // namespace gtengine::testing
