#include "engine/wire/raw_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>

#include "tests/wire/trace_builder.h"

namespace gtengine::wire {
namespace {

using testing::Bytes;
using ::testing::ElementsAre;
using testing::TraceBuilder;

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

// How many events there are, and then "end", "cut" or "error".
std::string Verdict(const Bytes& trace, Version version) {
  RawReader reader(trace.view(), version);
  RawEvent event;
  for (int count = 0;; ++count) {
    const auto read = reader.Next(event);
    const std::string so_far = std::to_string(count);
    if (!read.ok()) return so_far + " error";
    if (!*read) return so_far + (reader.cut_event() ? " cut" : " end");
  }
}

std::string VerdictOn(const Bytes& events, Version version = Version::k26) {
  return Verdict(TraceBuilder(version).Append(events), version);
}

TEST(RawReader, ReadsStructureAndTimedEventsAlike) {
  TraceBuilder trace(Version::k26);
  trace.Generation(4);
  RawReader reader(trace.view(), Version::k26);
  RawEvent event;
  ASSERT_TRUE(*reader.Next(event));
  EXPECT_EQ(event.type, EventType::kEventBatch);
  EXPECT_EQ(event.offset, kHeaderBytes);
  EXPECT_THAT(event.args(), ElementsAre(4, 3, TraceBuilder::kBaseTicks, 2));
  ASSERT_TRUE(*reader.Next(event));
  EXPECT_EQ(event.type, EventType::kProcStop);
  EXPECT_THAT(event.args(), ElementsAre(10));
  for (const EventType type : {EventType::kEventBatch, EventType::kSync, EventType::kFrequency,
                               EventType::kClockSnapshot, EventType::kEndOfGeneration}) {
    ASSERT_TRUE(*reader.Next(event));
    EXPECT_EQ(event.type, type);
  }
  EXPECT_FALSE(*reader.Next(event));
  EXPECT_FALSE(*reader.Next(event));
  EXPECT_FALSE(reader.cut_event().has_value());
}

TEST(RawReader, SplitsArgumentsFromFrames) {
  TraceBuilder trace(Version::k22);
  trace.Stack(9, {{1, 2, 3, 4}, {5, 6, 7, kMax}}).Stack(8, {});
  RawReader reader(trace.view(), Version::k22);
  RawEvent event;
  ASSERT_TRUE(*reader.Next(event));
  EXPECT_THAT(event.args(), ElementsAre(9, 2));
  EXPECT_THAT(event.frames(), ElementsAre(1, 2, 3, 4, 5, 6, 7, kMax));
  ASSERT_TRUE(*reader.Next(event));
  EXPECT_THAT(event.args(), ElementsAre(8, 0));
  EXPECT_TRUE(event.frames().empty());
}

TEST(RawReader, LeavesDataWhereItIs) {
  TraceBuilder trace(Version::k23);
  trace.String(1, "text");
  trace.ExperimentalBatch(1, 5, Bytes().Text("data"));
  RawReader reader(trace.view(), Version::k23);
  RawEvent event;
  ASSERT_TRUE(*reader.Next(event));
  EXPECT_EQ(event.data.data(), trace.view().data() + kHeaderBytes + 3);
  EXPECT_EQ(event.data.size(), 4);
  ASSERT_TRUE(*reader.Next(event));
  EXPECT_EQ(event.type, EventType::kExperimentalBatch);
  EXPECT_THAT(event.args(), ElementsAre(1, 5, 7, TraceBuilder::kBaseTicks));
  EXPECT_EQ(event.data.data() + 4, trace.view().data() + trace.size());
}

TEST(RawReader, KnowsTheTypesOfItsFormatOnly) {
  for (const Version version : {Version::k22, Version::k23, Version::k25, Version::k26}) {
    for (int type = 0; type < 256; ++type) {
      Bytes event;
      event.Byte(static_cast<std::uint8_t>(type));
      for (int i = 0; i < 6; ++i) event.Byte(0);
      const bool is_known = type > 0 && type < TypeLimit(version);
      EXPECT_EQ(VerdictOn(event, version).starts_with("0 error"), !is_known) << type;
    }
  }
}

TEST(RawReader, TakesReservedTypesOfFormat26ForEventsWithoutArguments) {
  EXPECT_EQ(VerdictOn(Bytes().Byte(53).Byte(127)), "2 end");
  EXPECT_EQ(VerdictOn(Bytes().Byte(53), Version::k25), "0 error");
}

TEST(RawReader, RefusesExperimentalEventsBeforeFormat26) {
  const Bytes event = Bytes().Event(EventType::kSpan, {1, 2, 3, 4});
  EXPECT_EQ(VerdictOn(event, Version::k23), "0 error");
  EXPECT_EQ(VerdictOn(event, Version::k25), "0 error");
  EXPECT_EQ(VerdictOn(event, Version::k26), "1 end");
}

TEST(RawReader, AcceptsPaddedNumbers) {
  EXPECT_EQ(VerdictOn(Bytes().Type(EventType::kProcStop).Number(5, 10)), "1 end");
  EXPECT_EQ(VerdictOn(Bytes().Type(EventType::kProcStop).Number(5, 11)), "0 error");
}

// As in Go: only an end inside a number is an error.
TEST(RawReader, TakesAnEndBetweenNumbersForTheEndOfTheTrace) {
  const Bytes first = Bytes().Event(EventType::kProcStop, {1});
  const auto behind_first = [&](const Bytes& rest) { return VerdictOn(Bytes(first).Append(rest)); };
  EXPECT_EQ(behind_first(Bytes().Type(EventType::kProcStart)), "1 cut");
  EXPECT_EQ(behind_first(Bytes().Event(EventType::kProcStart, {1})), "1 cut");
  EXPECT_EQ(behind_first(Bytes().Event(EventType::kProcStart, {1}).Byte(0x80)), "1 error");
  EXPECT_EQ(behind_first(Bytes().Event(EventType::kStack, {1, 2, 1, 2, 3, 4, 5})), "1 cut");
  EXPECT_EQ(behind_first(Bytes().Event(EventType::kStack, {1, 2, 1}).Byte(0x80)), "1 error");
  EXPECT_EQ(behind_first(Bytes().Event(EventType::kString, {1})), "1 cut");
  EXPECT_EQ(behind_first(Bytes().Event(EventType::kString, {1}).Byte(0x80)), "1 error");
  EXPECT_EQ(behind_first(Bytes().Event(EventType::kString, {1, 3}).Text("ab")), "1 cut");
}

TEST(RawReader, TellsWhereAnEventIsCut) {
  TraceBuilder trace(Version::k26);
  trace.Event(EventType::kProcStop, {1}).Event(EventType::kString, {1, 3}).Text("ab");
  RawReader reader(trace.view(), Version::k26);
  RawEvent event;
  ASSERT_TRUE(*reader.Next(event));
  ASSERT_FALSE(*reader.Next(event));
  ASSERT_FALSE(*reader.Next(event));
  ASSERT_TRUE(reader.cut_event().has_value());
  EXPECT_EQ(reader.cut_event()->code, ErrorCode::kTruncated);
  EXPECT_EQ(reader.cut_event()->byte_offset, kHeaderBytes + 2);
}

// Lengths are signed in Go, so those from 2^63 on mean none.
TEST(RawReader, TakesNegativeLengthsForNone) {
  const Bytes next = Bytes().Event(EventType::kProcStop, {1});
  for (const std::uint64_t length : {kMax, kMax / 2 + 1}) {
    EXPECT_EQ(VerdictOn(Bytes().Event(EventType::kStack, {1, length}).Append(next)), "2 end");
    EXPECT_EQ(VerdictOn(Bytes().Event(EventType::kString, {1, length}).Append(next)), "2 end");
  }
}

TEST(RawReader, ReservesNothingForLengthsThatAreNotThere) {
  const std::uint64_t greatest = kMax / 2;
  EXPECT_EQ(VerdictOn(Bytes().Event(EventType::kStack, {1, greatest, 1, 2, 3, 4})), "0 cut");
  EXPECT_EQ(VerdictOn(Bytes().Event(EventType::kString, {1, greatest}).Text("a")), "0 cut");
}

TEST(RawReader, AnErrorIsTheEnd) {
  TraceBuilder trace(Version::k26);
  trace.Byte(0).Event(EventType::kProcStop, {1});
  RawReader reader(trace.view(), Version::k26);
  RawEvent event;
  for (int i = 0; i < 2; ++i) {
    const auto read = reader.Next(event);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().what, "invalid event type: 0");
    EXPECT_EQ(read.error().byte_offset, kHeaderBytes);
  }
}

TEST(RawReader, TellsTruncatedFromOverlongNumbers) {
  const auto code = [](const Bytes& events) {
    TraceBuilder trace(Version::k26);
    trace.Append(events);
    RawReader reader(trace.view(), Version::k26);
    RawEvent event;
    return reader.Next(event).error().code;
  };
  Bytes bytes;
  bytes.Type(EventType::kProcStop);
  for (int i = 0; i < 9; ++i) {
    bytes.Byte(0xFF);
    EXPECT_EQ(code(bytes), ErrorCode::kTruncated);
  }
  EXPECT_EQ(code(bytes.Byte(0xFF)), ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace gtengine::wire
