// The stream as an interface. What it says of traces is the business of the golden tests and of
// legacy_differential_test.cc.
#include "engine/order/legacy_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/base/padded_bytes.h"
#include "tests/order/legacy_trace.h"
#include "tests/order/legacy_world.h"

namespace gtengine::order {
namespace {

using ::testing::ElementsAre;
using testing::EventType;
using ::testing::HasSubstr;
using testing::LegacyBytes;

struct Opened {
  explicit Opened(ByteView trace, wire::Version version = wire::Version::k21) : bytes(trace) {
    const auto counted = wire::v1::CountRecords(bytes.view(), version);
    EXPECT_TRUE(counted.ok());
    counts = *counted;
    stream.emplace(bytes.view(), version, counts);
  }
  // Empty: it is ready.
  std::string Prepare() {
    while (true) {
      const auto prepared = stream->Prepare();
      if (!prepared.ok()) return prepared.error().ToString();
      if (*prepared) return "";
    }
  }

  testing::PaddedBytes bytes;
  wire::v1::RecordCounts counts;
  std::optional<LegacyStream> stream;
};

LegacyBytes Small() {
  LegacyBytes trace;
  trace.Batch(0, 50).Frequency().Record(EventType::kProcStart, {0, 7});
  trace.Record(EventType::kGoCreate, {1, 1, 0, 0}).Record(EventType::kGoStartLocal, {1, 1});
  trace.Record(EventType::kGomaxprocs, {1, 4, 0});
  return trace;
}

TEST(LegacyStream, GivesOneGenerationBetweenSyncs) {
  Opened opened(Small().view());
  ASSERT_EQ(opened.Prepare(), "");
  std::vector<TimeNs> times;
  std::vector<std::uint64_t> syncs;
  std::vector<std::uint64_t> generations;
  while (true) {
    const auto chunk = opened.stream->Next();
    ASSERT_TRUE(chunk.ok());
    if (chunk->events.empty()) break;
    for (const OrderedEvent& event : chunk->events) {
      times.push_back(event.time_ns);
      if (event.type == kSyncEvent) syncs.push_back(event.args[0]);
      const LoadedGeneration* generation = chunk->generation_or_null;
      generations.push_back(generation == nullptr ? 0 : generation->generation.number);
    }
  }
  EXPECT_THAT(times, ElementsAre(-1, 0, 2, 3)) << "a Sync, the P, the goroutine, a Sync";
  EXPECT_THAT(generations, ElementsAre(1, 1, 1, 0));
  EXPECT_THAT(syncs, ElementsAre(1, 2));
  EXPECT_TRUE(opened.stream->Next()->events.empty()) << "it stays at its end";
}

TEST(LegacyStream, OfNoEventsIsASync) {
  Opened opened(LegacyBytes().Batch(0, 1).Frequency().view());
  ASSERT_EQ(opened.Prepare(), "");
  const auto chunk = opened.stream->Next();
  ASSERT_TRUE(chunk.ok());
  ASSERT_EQ(chunk->events.size(), 1u);
  EXPECT_EQ(chunk->events[0].type, kSyncEvent);
  EXPECT_EQ(chunk->events[0].args[0], 1u);
  EXPECT_EQ(chunk->events[0].time_ns, 0);
  EXPECT_EQ(chunk->generation_or_null, nullptr);
  EXPECT_TRUE(opened.stream->Next()->events.empty());
}

TEST(LegacyStream, RefusesATraceBeforeItsFirstEvent) {
  LegacyBytes broken = Small();
  const std::size_t at = broken.size();
  broken.Record(EventType::kGcDone, {1});
  Opened opened(broken.view());
  EXPECT_THAT(opened.Prepare(), HasSubstr("no collection is under way"));
  EXPECT_THAT(opened.Prepare(), HasSubstr("byte " + std::to_string(at) + ": ")) << "it stays so";
  Opened no_frequency(LegacyBytes().Batch(0, 1).view());
  EXPECT_THAT(no_frequency.Prepare(), HasSubstr("frequency"));
}

// As in Go, which finds this one out while it gives events.
TEST(LegacyStream, EndsAtAFutileWakeup) {
  LegacyBytes trace = Small();
  trace.Record(EventType::kFutileWakeup, {1}).Record(EventType::kHeapAlloc, {1, 1});
  Opened opened(trace.view());
  ASSERT_EQ(opened.Prepare(), "");
  const auto chunk = opened.stream->Next();
  ASSERT_TRUE(chunk.ok());
  EXPECT_EQ(chunk->events.size(), 3u);
  for (int i = 0; i < 2; ++i) {
    const auto end = opened.stream->Next();
    ASSERT_FALSE(end.ok());
    EXPECT_THAT(end.error().what, HasSubstr("FutileWakeup"));
  }
}

TEST(LegacyStream, GivesManyEventsInChunks) {
  const wire::ByteBuffer world =
      testing::MakeLegacyWorld({.seed = 9, .procs = 8, .steps = 200'000, .coarseness = 20});
  Opened opened(world);
  int slices = 0;
  while (true) {
    const auto prepared = opened.stream->Prepare();
    ASSERT_TRUE(prepared.ok()) << prepared.error().ToString();
    ++slices;
    if (*prepared) break;
  }
  EXPECT_GT(slices, 4) << "what comes before the first event is done in parts";
  std::size_t chunks = 0;
  std::size_t events = 0;
  TimeNs last_ns = -2;
  std::uint64_t done_before = 0;
  while (true) {
    const auto chunk = opened.stream->Next();
    ASSERT_TRUE(chunk.ok());
    if (chunk->events.empty()) break;
    ++chunks;
    events += chunk->events.size();
    for (const OrderedEvent& event : chunk->events) {
      ASSERT_GT(event.time_ns, last_ns);
      last_ns = event.time_ns;
      if (IsGoroutineTransition(event.type)) {
        ASSERT_LT(event.subject_slot, opened.stream->goroutine_slots());
      }
    }
    ASSERT_GE(opened.stream->done_before(), done_before);
    done_before = opened.stream->done_before();
  }
  EXPECT_GT(chunks, 200u);
  EXPECT_GT(events, 100'000u);
  EXPECT_GT(done_before, world.size() / 2);
}

TEST(LegacyStream, NeedsMemoryByTheNumberOfRecords) {
  wire::v1::RecordCounts counts;
  const std::uint64_t least = LegacyStream::NeededBytes(counts);
  counts.records[static_cast<std::size_t>(EventType::kGoCreate)] = 1000;
  counts.stack_bytes = 1000;
  EXPECT_GT(LegacyStream::NeededBytes(counts), least + 2000 * sizeof(void*));
}

}  // namespace
}  // namespace gtengine::order
