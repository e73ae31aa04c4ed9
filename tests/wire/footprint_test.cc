#include "engine/wire/footprint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/wire/trace_builder.h"

namespace gtengine::wire {
namespace {

using testing::Bytes;
using testing::TraceBuilder;

Footprint FootprintOf(const Bytes& trace, Version version) {
  RawReader reader(trace.view(), version);
  RawEvent event;
  Footprint footprint;
  while (*reader.Next(event)) footprint.Add(event);
  return footprint;
}

std::uint64_t BytesOf(const Bytes& event) {
  TraceBuilder trace(Version::k26);
  trace.Append(event);
  RawReader reader(trace.view(), Version::k26);
  RawEvent read;
  EXPECT_TRUE(*reader.Next(read));
  return EncodedBytes(read);
}

TEST(Footprint, CountsTheShortestForm) {
  EXPECT_EQ(BytesOf(Bytes().Type(EventType::kSync)), 1);
  EXPECT_EQ(BytesOf(Bytes().Event(EventType::kProcStop, {0})), 2);
  EXPECT_EQ(BytesOf(Bytes().Event(EventType::kProcStop, {127})), 2);
  EXPECT_EQ(BytesOf(Bytes().Event(EventType::kProcStop, {128})), 3);
  EXPECT_EQ(BytesOf(Bytes().Event(EventType::kProcStop, {~std::uint64_t{0}})), 11);
  EXPECT_EQ(BytesOf(Bytes().Type(EventType::kProcStop).Number(5, 10)), 2);
}

TEST(Footprint, CountsDataWithItsLength) {
  EXPECT_EQ(BytesOf(Bytes().String(1, "")), 3);
  EXPECT_EQ(BytesOf(Bytes().String(1, std::string(200, 'x'))), 1 + 1 + 2 + 200);
  // A length that Go takes for negative is that of no data.
  EXPECT_EQ(BytesOf(Bytes().Event(EventType::kString, {1, ~std::uint64_t{0}})), 3);
}

TEST(Footprint, CountsFrames) {
  EXPECT_EQ(BytesOf(Bytes().Stack(1, {{300, 1, 2, 3}, {4, 5, 6, 7}})), 3 + 5 + 4);
}

TEST(Footprint, AddsUpByType) {
  TraceBuilder trace(Version::k26);
  trace.Event(EventType::kProcStop, {1}).Event(EventType::kProcStart, {1, 2, 3});
  trace.Event(EventType::kProcStop, {300});
  const Footprint footprint = FootprintOf(trace, Version::k26);
  EXPECT_EQ(footprint.event_count(), 3);
  const std::vector<Footprint::Row> rows = footprint.Rows();
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].type, EventType::kProcStop);
  EXPECT_EQ(rows[0].count, 2);
  EXPECT_EQ(rows[0].bytes, 5);
  EXPECT_EQ(rows[1].type, EventType::kProcStart);
}

TEST(Footprint, IsEmptyWithoutEvents) {
  std::string text;
  AppendFootprintText(Footprint(), Version::k26, kHeaderBytes, text);
  EXPECT_EQ(text,
            "Event                Bytes  %      Count  %\n"
            "-                    -      -      -      -\n");
}

// The text, ties included, is what `go tool trace -d=footprint` prints of the same bytes.
TEST(Footprint, PrintsWhatGoPrints) {
  using enum EventType;
  TraceBuilder trace(Version::k26);
  for (const EventType type : {kProcStart, kProcStatus, kGoStart, kGoStop, kGoBlock,
                               kGoSyscallBegin, kGcBegin, kStwBegin, kGoSwitch}) {
    trace.Event(type, {1, 2, 3});
  }
  trace.Event(kSpanFree, {1, 2});
  for (const EventType type :
       {kProcSteal, kGoCreate, kGoUnblock, kGoStatus, kClockSnapshot, kSpan}) {
    trace.Event(type, {1, 2, 3, 4});
  }
  for (std::uint64_t i = 0; i < 40; ++i) trace.Event(kProcStop, {i});
  trace.Type(kStrings).String(1, "hello");
  std::string text;
  AppendFootprintText(FootprintOf(trace, Version::k26), Version::k26, trace.size(), text);
  EXPECT_EQ(text,
            "Event                Bytes  %       Count  %\n"
            "-                    -      -       -      -\n"
            "ProcStop             80     45.98%  40     68.97%\n"
            "String               8      4.60%   1      1.72%\n"
            "GoStatus             5      2.87%   1      1.72%\n"
            "GoUnblock            5      2.87%   1      1.72%\n"
            "Span                 5      2.87%   1      1.72%\n"
            "ClockSnapshot        5      2.87%   1      1.72%\n"
            "GoCreate             5      2.87%   1      1.72%\n"
            "ProcSteal            5      2.87%   1      1.72%\n"
            "STWBegin             4      2.30%   1      1.72%\n"
            "GoStop               4      2.30%   1      1.72%\n"
            "ProcStart            4      2.30%   1      1.72%\n"
            "GCBegin              4      2.30%   1      1.72%\n"
            "GoSwitch             4      2.30%   1      1.72%\n"
            "ProcStatus           4      2.30%   1      1.72%\n"
            "GoSyscallBegin       4      2.30%   1      1.72%\n"
            "GoStart              4      2.30%   1      1.72%\n"
            "GoBlock              4      2.30%   1      1.72%\n"
            "SpanFree             3      1.72%   1      1.72%\n"
            "Strings              1      0.57%   1      1.72%\n");
}

}  // namespace
}  // namespace gtengine::wire
