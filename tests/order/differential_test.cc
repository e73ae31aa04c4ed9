// Damaged traces. Whatever the damage, our reader keeps what it promises; and, where Go's reader is
// at hand, both say the same of each. $GTENGINE_MUTANTS sets how many there are,
// $GTENGINE_MUTANT_SEED which.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "engine/order/event_stream.h"
#include "engine/wire/header.h"
#include "tests/base/padded_bytes.h"
#include "tests/order/go_reader.h"
#include "tests/order/read_trace.h"
#include "tests/order/sample_traces.h"

namespace gtengine::testing {
namespace {

using wire::ByteBuffer;

std::uint64_t FromEnvironment(const char* name, std::uint64_t or_else) {
  const char* text = std::getenv(name);
  return text == nullptr ? or_else : std::strtoull(text, nullptr, 10);
}

void ExpectPromises(PaddedView trace) {
  const auto version = wire::ReadHeader(trace.bytes());
  if (!version.ok()) return;
  order::StrictSource source(trace, *version);
  order::EventStream stream(trace, source);
  std::size_t syncs = 0;
  while (true) {
    const auto chunk = stream.Next();
    if (!chunk.ok()) {
      EXPECT_FALSE(chunk.error().what.empty());
      return;
    }
    if (chunk->events.empty()) break;
    for (const order::OrderedEvent& event : chunk->events) {
      EXPECT_NE(order::KindOf(event.type), order::EventKind::kBad);
      if (event.type == order::kSyncEvent) {
        EXPECT_EQ(event.args[0], ++syncs);
      }
      if (event.g_slot != order::kNoSlot) {
        EXPECT_LT(event.g_slot, stream.goroutine_slots());
      }
    }
  }
  EXPECT_GE(syncs, 1u) << "a trace that is whole ends with a Sync";
}

TEST(DamagedTraces, AreReadAsFarAsTheyGo) {
  TraceMutator mutator(FromEnvironment("GTENGINE_MUTANT_SEED", 1));
  const std::uint64_t count = FromEnvironment("GTENGINE_MUTANTS", 3000);
  for (std::uint64_t i = 0; i < count; ++i) {
    SCOPED_TRACE(i);
    const PaddedBytes bytes(mutator.Next());
    ExpectPromises(bytes.view());
    const TraceReading reading = ReadTrace(bytes.view());
    EXPECT_LE(reading.printed_events, reading.events);
  }
}

TEST(DamagedTraces, AgreeWithGo) {
  if (!HasGoReader()) GTEST_SKIP() << "GTENGINE_GOREF is not set: not compared with Go's reader";
  TraceMutator mutator(FromEnvironment("GTENGINE_MUTANT_SEED", 1));
  const std::uint64_t count = FromEnvironment("GTENGINE_MUTANTS", 200);
  for (std::uint64_t i = 0; i < count; ++i) {
    SCOPED_TRACE(i);
    const ByteBuffer bytes = mutator.Next();
    const TraceReading ours = ReadTrace(PaddedBytes(bytes).view());
    const GoReading gos = ReadByGo(bytes);
    EXPECT_EQ(ours.events, gos.events);
    EXPECT_EQ(ours.error.has_value(), !gos.error.empty()) << gos.error;
    EXPECT_EQ(ours.print_error.has_value(), gos.panicked);
    if (!gos.panicked) {
      EXPECT_EQ(ours.dump, gos.dump);
    }
  }
}

}  // namespace
}  // namespace gtengine::testing
