#include "engine/wire/raw_text.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/wire/trace_builder.h"

namespace gtengine::wire {
namespace {

using testing::Bytes;
using testing::TraceBuilder;

// All events of a trace, each followed by a line end.
std::string TextOf(const Bytes& events) {
  TraceBuilder trace(Version::k26);
  trace.Append(events);
  RawReader reader(trace.view(), Version::k26);
  RawEvent event;
  std::string text;
  while (*reader.Next(event)) {
    AppendRawText(event, text);
    text += '\n';
  }
  return text;
}

TEST(RawText, NamesArguments) {
  EXPECT_EQ(TextOf(Bytes().Event(EventType::kProcSteal, {1, 0, 3, ~std::uint64_t{0}})),
            "ProcSteal dt=1 p=0 p_seq=3 m=18446744073709551615\n");
  EXPECT_EQ(TextOf(Bytes().Event(EventType::kEventBatch, {1, 2, 3, 4})),
            "EventBatch gen=1 m=2 time=3 size=4\n");
  EXPECT_EQ(TextOf(Bytes().Type(EventType::kEndOfGeneration)), "EndOfGeneration\n");
}

TEST(RawText, PutsEachFrameOnALine) {
  EXPECT_EQ(TextOf(Bytes().Stack(5, {{10, 1, 2, 30}, {11, 3, 4, 31}})),
            "Stack id=5 nframes=2\n\tpc=10 func=1 file=2 line=30\n\tpc=11 func=3 file=4 line=31\n");
  EXPECT_EQ(TextOf(Bytes().Stack(5, {})), "Stack id=5 nframes=0\n");
}

TEST(RawText, QuotesData) {
  EXPECT_EQ(TextOf(Bytes().String(1, "a\"b\n\x01\xFFé")),
            "String id=1\n\tdata=\"a\\\"b\\n\\x01\\xffé\"\n");
}

TEST(RawText, LeavesOutEmptyData) { EXPECT_EQ(TextOf(Bytes().String(1, "")), "String id=1\n"); }

TEST(RawText, OfAReservedTypeIsEmpty) { EXPECT_EQ(TextOf(Bytes().Byte(53)), "\n"); }

TEST(RawText, AppendsOnly) {
  std::string text = "before ";
  AppendRawText({.type = EventType::kSync, .offset = 0, .numbers = {}, .data = {}}, text);
  EXPECT_EQ(text, "before Sync");
}

}  // namespace
}  // namespace gtengine::wire
