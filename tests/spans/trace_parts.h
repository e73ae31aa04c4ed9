// A trace's parts, each on its way through order, spans and the sched report.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/order/boundary_state.h"
#include "engine/order/event_stream.h"
#include "engine/reports/registry.h"
#include "engine/spans/part_join.h"
#include "engine/spans/span_builder.h"
#include "engine/wire/salvage.h"

namespace gtengine::testing {

// Some generations of a trace, from an offset on.
class SomeGenerations : public order::GenerationSource {
 public:
  SomeGenerations(PaddedView trace, wire::Version version, std::uint64_t offset, std::size_t count)
      : trace_(trace), version_(version), reader_(trace, version, offset), left_(count) {}

  Result<const order::LoadedGeneration*> Next() override {
    if (left_ == 0 || !reader_.Next(loaded_.generation)) return nullptr;
    --left_;
    EXPECT_TRUE(loaded_.tables.Load(trace_, loaded_.generation, version_).ok());
    return &loaded_;
  }
  std::size_t left() const { return left_; }

 private:
  PaddedView trace_;
  wire::Version version_;
  wire::SalvageReader reader_;
  std::size_t left_;
  order::LoadedGeneration loaded_;
};

// What tells an event from another, without numbers that differ from stream to stream.
struct Told {
  explicit Told(const order::OrderedEvent& event)
      : time_ns(event.time_ns),
        m(event.m),
        p(event.p),
        g(event.g),
        args(event.args),
        type(event.type),
        from(event.from),
        to(event.to) {
    // Refs, numbers and what began before the part.
    if (type == wire::EventType::kUserTaskEnd) args[2] = args[3] = 0;
    if (type == order::kSyncEvent) args[0] = 0;
  }
  friend bool operator==(const Told&, const Told&) = default;

  TimeNs time_ns;
  ThreadId m;
  ProcId p;
  GoId g;
  std::array<std::uint64_t, wire::kMaxTimedArgs> args;
  wire::EventType type;
  std::uint8_t from, to;
};

// A part of a trace on its way through order and the sched report.
struct PartRun {
  PartRun(PaddedView trace, wire::Version version, std::uint64_t offset, std::size_t count,
          bool is_first)
      : source(trace, version, offset, count),
        stream(trace, source),
        accumulator(FindReport("sched")->begin({.path = "t", .service = "s", .host = "h"})),
        consumers{accumulator.get()},
        builder(consumers, is_first ? spans::SpanBuilder::Beginning::kTrace
                                    : spans::SpanBuilder::Beginning::kMiddle),
        is_warming_up(!is_first) {}

  void Run() {
    while (!(stream.NeedsGeneration() && source.left() == 0)) {
      if (is_warming_up && has_begun && stream.NeedsGeneration()) {
        stream.BeginPart();
        is_warming_up = false;
      }
      auto chunk = stream.Next();
      ASSERT_TRUE(chunk.ok()) << chunk.error().ToString();
      has_begun = true;
      if (!is_warming_up) Take(*chunk);
    }
  }
  void Take(const order::EventChunk& chunk) {
    for (const order::OrderedEvent& event : chunk.events) told.emplace_back(event);
    builder.Add(chunk);
  }

  SomeGenerations source;
  order::EventStream stream;
  std::unique_ptr<ReportAccumulator> accumulator;
  std::vector<SpanConsumer*> consumers;
  spans::SpanBuilder builder;
  bool is_warming_up;
  bool has_begun = false;
  std::vector<Told> told;
};

// The offsets of a trace's generations.
inline std::vector<std::uint64_t> GenerationOffsets(PaddedView trace, wire::Version version) {
  std::vector<std::uint64_t> offsets;
  wire::SalvageReader reader(trace, version);
  wire::Generation generation;
  while (reader.Next(generation)) offsets.push_back(generation.begin);
  return offsets;
}

using PartRuns = std::vector<std::unique_ptr<PartRun>>;

// Parts that begin at these generations, the first at 0, up to their ends.
inline PartRuns RunParts(PaddedView trace, wire::Version version,
                         const std::vector<std::size_t>& firsts) {
  const std::vector<std::uint64_t> offsets = GenerationOffsets(trace, version);
  PartRuns parts;
  for (std::size_t i = 0; i < firsts.size(); ++i) {
    const std::size_t end = i + 1 < firsts.size() ? firsts[i + 1] : offsets.size();
    const std::size_t begin = i == 0 ? 0 : firsts[i] - 1;
    parts.push_back(std::make_unique<PartRun>(trace, version, offsets[begin], end - begin, i == 0));
    parts.back()->Run();
  }
  return parts;
}

inline std::vector<spans::Part> Joinable(const PartRuns& parts) {
  std::vector<spans::Part> joinable;
  for (const auto& part : parts) {
    joinable.push_back({.builder = &part->builder, .stream = &part->stream});
  }
  return joinable;
}

// The partial of all, as bytes.
inline std::string Join(const PartRuns& parts) {
  spans::JoinParts(Joinable(parts));
  auto partial = FindReport("sched")->empty();
  for (const auto& part : parts) {
    partial->Combine(*part->accumulator->Finish(part->builder.tables()));
  }
  return partial->Serialize();
}

}  // namespace gtengine::testing
