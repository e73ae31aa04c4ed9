#include "engine/wire/generation_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/wire/trace_builder.h"

namespace gtengine::wire {
namespace {

using testing::Bytes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TraceBuilder;

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

// A generation 1 of some batches, loaded. Keeps the bytes that the tables borrow.
class Loaded {
 public:
  explicit Loaded(Version version) : version_(version), trace_(version) {}

  Loaded& Batch(const Bytes& data, Ticks base_ticks = TraceBuilder::kBaseTicks) {
    trace_.Batch(1, 3, data, base_ticks);
    return *this;
  }
  Loaded& Sync() {
    trace_.Sync(1);
    return *this;
  }
  Status Load() {
    Generation generation;
    GenerationReader reader(trace_.EndOfGeneration().padded(), version_);
    if (auto found = reader.Next(generation); !found.ok()) return std::move(found).error();
    return tables_.Load(trace_.padded(), generation, version_);
  }
  // What is wrong; "" when nothing is.
  std::string Complaint() {
    const Status status = Load();
    return status.ok() ? "" : status.error().what;
  }
  const GenerationTables& tables() const { return tables_; }

 private:
  Version version_;
  TraceBuilder trace_;
  GenerationTables tables_;
};

std::string ComplaintAbout(const Bytes& data) {
  return Loaded(Version::k26).Sync().Batch(data).Complaint();
}

Bytes Strings() { return Bytes().Type(EventType::kStrings); }
Bytes Stacks() { return Bytes().Type(EventType::kStacks); }
Bytes CpuSamples() { return Bytes().Type(EventType::kCpuSamples); }
Bytes SyncData() { return Bytes().Type(EventType::kSync); }

Bytes Overlong() {
  Bytes bytes;
  for (int i = 0; i < 11; ++i) bytes.Byte(0x80);
  return bytes;
}

TEST(GenerationTables, FindsStrings) {
  Loaded loaded(Version::k26);
  const std::string longest(kMaxStringBytes, 'x');
  loaded.Sync()
      .Batch(Strings().String(2, "two").String(1, ""))
      .Batch(Strings().String(kMax, longest));
  ASSERT_EQ(loaded.Complaint(), "");
  EXPECT_EQ(loaded.tables().String(0), "");
  EXPECT_EQ(loaded.tables().String(1), "");
  EXPECT_EQ(loaded.tables().String(2), "two");
  EXPECT_EQ(loaded.tables().String(kMax), longest);
  EXPECT_EQ(loaded.tables().String(3), std::nullopt);
  EXPECT_TRUE(loaded.tables().HasString(0));
  EXPECT_TRUE(loaded.tables().HasString(2));
  EXPECT_FALSE(loaded.tables().HasString(3));
  EXPECT_EQ(loaded.tables().string_count(), 3);
}

TEST(GenerationTables, FindsStacksAndResolvesTheirFrames) {
  Loaded loaded(Version::k22);
  loaded.Sync();
  // The stacks stand before the strings that they name.
  loaded.Batch(Stacks().Stack(1, {{0x10, 1, 2, 33}, {0x20, 2, 0, 44}}).Stack(7, {}));
  loaded.Batch(Stacks().Stack(2, {{0x20, 1, 1, 99}, {0x10, 1, 2, 33}, {0x20, 1, 1, 99}}));
  loaded.Batch(Strings().String(1, "main").String(2, "a.go"));
  ASSERT_EQ(loaded.Complaint(), "");
  const GenerationTables& tables = loaded.tables();
  EXPECT_EQ(tables.stack_count(), 3);
  EXPECT_THAT(tables.Stack(1), ElementsAre(0, 1));
  EXPECT_THAT(tables.Stack(2), ElementsAre(1, 0, 1));
  EXPECT_TRUE(tables.Stack(7).empty());
  EXPECT_TRUE(tables.Stack(0).empty());
  EXPECT_TRUE(tables.HasStack(0));
  EXPECT_TRUE(tables.HasStack(7));
  EXPECT_FALSE(tables.HasStack(3));
  EXPECT_EQ(tables.StackPosition(2), 2);
  ASSERT_EQ(tables.frames().size(), 2);
  EXPECT_EQ(tables.frames()[0].function, "main");
  EXPECT_EQ(tables.frames()[0].file, "a.go");
  EXPECT_EQ(tables.frames()[0].line, 33);
  // The first definition of a PC counts.
  EXPECT_EQ(tables.frames()[1].function, "a.go");
  EXPECT_EQ(tables.frames()[1].file, "");
  EXPECT_EQ(tables.frames()[1].line, 44);
}

TEST(GenerationTables, KeepsCpuSamplesAsTheyStand) {
  Loaded loaded(Version::k25);
  loaded.Sync().Batch(CpuSamples()
                          .Event(EventType::kCpuSample, {900, 1, 2, 3, 4})
                          .Event(EventType::kCpuSample, {800, kMax, kMax, 0, 0}));
  ASSERT_EQ(loaded.Complaint(), "");
  ASSERT_EQ(loaded.tables().cpu_samples().size(), 2);
  const CpuSample& first = loaded.tables().cpu_samples()[0];
  EXPECT_EQ(first.ticks, 900);
  EXPECT_EQ(first.m, ThreadId{1});
  EXPECT_EQ(first.p, ProcId{2});
  EXPECT_EQ(first.g, GoId{3});
  EXPECT_EQ(first.stack, 4);
  const CpuSample& second = loaded.tables().cpu_samples()[1];
  EXPECT_EQ(second.m, kNoThread);
  EXPECT_EQ(second.p, kNoProc);
  EXPECT_EQ(second.g, kNoGoroutine);
}

TEST(GenerationTables, ReadsTheClock) {
  Loaded loaded(Version::k25);
  loaded.Batch(SyncData()
                   .Event(EventType::kFrequency, {15625000})
                   .Event(EventType::kClockSnapshot, {8, 70, 1700000000, 600}),
               1000);
  ASSERT_EQ(loaded.Complaint(), "");
  EXPECT_EQ(loaded.tables().frequency_hz(), 15625000);
  EXPECT_EQ(loaded.tables().unit().ToNs(10), 640);
  const auto& snapshot = loaded.tables().clock_snapshot();
  ASSERT_TRUE(snapshot.has_value());
  EXPECT_EQ(snapshot->ticks, 1008);
  EXPECT_EQ(snapshot->mono_ns, 70);
  EXPECT_EQ(snapshot->wall_seconds, 1700000000);
  EXPECT_EQ(snapshot->wall_nanoseconds, 600);
}

TEST(GenerationTables, ReadsTheClockOfOlderFormats) {
  Loaded loaded(Version::k23);
  loaded.Batch(Bytes().Event(EventType::kFrequency, {1000}));
  ASSERT_EQ(loaded.Complaint(), "");
  EXPECT_EQ(loaded.tables().frequency_hz(), 1000);
  EXPECT_FALSE(loaded.tables().clock_snapshot().has_value());
}

TEST(GenerationTables, ReplacesWhatWasLoadedBefore) {
  TraceBuilder trace(Version::k26);
  trace.Sync(1).Batch(1, 3, Strings().String(1, "old").String(2, "gone")).EndOfGeneration();
  trace.Sync(2).Batch(2, 3, Strings().String(1, "new")).EndOfGeneration();
  GenerationReader reader(trace.padded(), Version::k26);
  Generation generation;
  GenerationTables tables;
  while (*reader.Next(generation)) {
    ASSERT_TRUE(tables.Load(trace.padded(), generation, Version::k26).ok());
  }
  EXPECT_EQ(tables.String(1), "new");
  EXPECT_FALSE(tables.HasString(2));
  EXPECT_EQ(tables.string_count(), 1);
}

TEST(GenerationTables, RefusesBadStrings) {
  EXPECT_THAT(ComplaintAbout(Strings().String(1, std::string(kMaxStringBytes + 1, 'x'))),
              HasSubstr("string of 1025 bytes"));
  EXPECT_THAT(ComplaintAbout(Strings().String(1, "a").String(1, "a")),
              HasSubstr("string 1 repeats"));
  EXPECT_THAT(ComplaintAbout(Strings().String(0, "a")), HasSubstr("string 0 repeats"));
  EXPECT_THAT(ComplaintAbout(Strings().Event(EventType::kString, {1, 4}).Text("abc")),
              HasSubstr("runs past the end of its batch"));
  EXPECT_THAT(ComplaintAbout(Strings().Event(EventType::kString, {1})), HasSubstr("bad number"));
  EXPECT_THAT(ComplaintAbout(Strings().Event(EventType::kString).Append(Overlong())),
              HasSubstr("bad number"));
  EXPECT_THAT(ComplaintAbout(Strings().Event(EventType::kStack, {1, 0})), HasSubstr("type byte 3"));
}

TEST(GenerationTables, RefusesBadStacks) {
  EXPECT_THAT(ComplaintAbout(Stacks().Event(EventType::kStack, {1, kMaxStackFrames + 1})),
              HasSubstr("stack of 129 frames"));
  EXPECT_THAT(ComplaintAbout(Stacks().Stack(1, {}).Stack(1, {})), HasSubstr("stack 1 repeats"));
  EXPECT_THAT(ComplaintAbout(Stacks().Stack(0, {})), HasSubstr("stack 0 repeats"));
  EXPECT_THAT(ComplaintAbout(Stacks().Event(EventType::kStack, {1})), HasSubstr("stack's head"));
  EXPECT_THAT(ComplaintAbout(Stacks().Event(EventType::kStack, {6, 2, 1, 0, 0, 9, 1, 0, 0})),
              HasSubstr("frame 2 of stack 6"));
  EXPECT_THAT(ComplaintAbout(Stacks().Stack(1, {{0x10, 5, 0, 1}})), HasSubstr("string 5"));
  EXPECT_THAT(ComplaintAbout(Stacks().Stack(1, {{0x10, 0, 6, 1}})), HasSubstr("string 6"));
  EXPECT_THAT(ComplaintAbout(Stacks().String(1, "")), HasSubstr("type byte 5"));
}

TEST(GenerationTables, AcceptsTheLongestStack) {
  Bytes data = Stacks().Event(EventType::kStack, {1, kMaxStackFrames});
  for (std::uint64_t i = 0; i < kMaxStackFrames; ++i) data.Number(i).Number(0).Number(0).Number(1);
  Loaded loaded(Version::k26);
  ASSERT_EQ(loaded.Sync().Batch(data).Complaint(), "");
  EXPECT_EQ(loaded.tables().Stack(1).size(), kMaxStackFrames);
}

TEST(GenerationTables, RefusesBadCpuSamples) {
  EXPECT_THAT(ComplaintAbout(CpuSamples().Event(EventType::kCpuSample, {1, 2, 3, 4})),
              HasSubstr("bad number in a CPU sample"));
  EXPECT_THAT(ComplaintAbout(CpuSamples().Event(EventType::kProcStop, {1})),
              HasSubstr("type byte 11"));
}

TEST(GenerationTables, RefusesABadClock) {
  const auto complaint = [](const Bytes& data) {
    return Loaded(Version::k25).Batch(data).Complaint();
  };
  const auto with_frequency = [] { return SyncData().Event(EventType::kFrequency, {1000}); };
  EXPECT_THAT(complaint(SyncData()), HasSubstr("no clock frequency"));
  EXPECT_THAT(complaint(with_frequency()), HasSubstr("no clock snapshot"));
  EXPECT_THAT(complaint(with_frequency().Event(EventType::kFrequency, {1000})),
              HasSubstr("second clock frequency"));
  EXPECT_THAT(complaint(SyncData().Event(EventType::kFrequency)), HasSubstr("clock frequency"));
  EXPECT_THAT(complaint(with_frequency()
                            .Event(EventType::kClockSnapshot, {1, 2, 3, 4})
                            .Event(EventType::kClockSnapshot, {1, 2, 3, 4})),
              HasSubstr("second clock snapshot"));
  EXPECT_THAT(complaint(with_frequency().Event(EventType::kClockSnapshot, {1, 2, 3})),
              HasSubstr("bad number in a clock snapshot"));
  EXPECT_THAT(complaint(with_frequency().Event(EventType::kProcStop, {1})),
              HasSubstr("type byte 11 in a sync batch"));
}

TEST(GenerationTables, RefusesASnapshotBeforeFormat25) {
  Loaded loaded(Version::k22);
  loaded.Batch(
      Bytes().Event(EventType::kFrequency, {1000}).Event(EventType::kClockSnapshot, {1, 2, 3, 4}));
  EXPECT_THAT(loaded.Complaint(), HasSubstr("type byte 51"));
}

// Two batches may each hold a part of the clock.
TEST(GenerationTables, RefusesASecondClockInAnotherBatch) {
  EXPECT_THAT(Loaded(Version::k25).Sync().Sync().Complaint(), HasSubstr("second clock frequency"));
}

TEST(GenerationTables, NamesThePlaceOfAnError) {
  Loaded loaded(Version::k26);
  loaded.Batch(Strings().Type(EventType::kStack));
  const Status status = loaded.Load();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().byte_offset, kHeaderBytes + 6 + 2);
  EXPECT_EQ(status.error().generation, 1);
  EXPECT_EQ(status.error().m, 3);
}

}  // namespace
}  // namespace gtengine::wire
