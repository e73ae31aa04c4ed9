#include "engine/wire/encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/wire/event_spec.h"
#include "engine/wire/generation.h"
#include "engine/wire/header.h"
#include "engine/wire/varint.h"
#include "kernels/event_decode.h"
#include "tests/base/padded_bytes.h"

namespace gtengine::wire {
namespace {

using ::gtengine::testing::PaddedBytes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::uint64_t kGreatest = std::numeric_limits<std::uint64_t>::max();
constexpr Version kVersions[] = {Version::k22, Version::k23, Version::k25, Version::k26};

Batch ReadOnly(const PaddedBytes& bytes, Version version) {
  auto batch = ReadBatch(bytes.view(), 0, version);
  EXPECT_TRUE(batch.ok() && batch->has_value());
  EXPECT_EQ((*batch)->end(), bytes.view().size());
  return **batch;
}

TEST(Encoder, HeadersReadBack) {
  for (const Version version : kVersions) {
    ByteBuffer bytes;
    AppendHeader(version, bytes);
    EXPECT_EQ(bytes.size(), kHeaderBytes);
    const auto read = ReadHeader(bytes);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(*read, version);
  }
}

TEST(Encoder, UvarintsReadBack) {
  std::vector<std::uint64_t> values = {0, kGreatest};
  for (int bit = 0; bit < 64; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    values.insert(values.end(), {power - 1, power, power + 1});
  }
  for (const std::uint64_t value : values) {
    ByteBuffer bytes;
    AppendUvarint(value, bytes);
    ByteReader reader(bytes);
    EXPECT_EQ(reader.Uvarint(), value);
    EXPECT_TRUE(reader.done());
  }
}

TEST(Encoder, BatchHeadersReadBack) {
  BatchEncoder encoder;
  for (const Version version : kVersions) {
    for (const BatchKind kind : {BatchKind::kEvents, BatchKind::kStrings, BatchKind::kStacks,
                                 BatchKind::kCpuSamples, BatchKind::kSync}) {
      encoder.Begin(kind, version);
      if (kind == BatchKind::kSync) {
        ASSERT_TRUE(encoder.Frequency(15625000).ok());
      }
      ByteBuffer bytes;
      encoder.Finish(kGreatest, kNoThread, 1234567890123, bytes);
      const Batch batch = ReadOnly(PaddedBytes(bytes), version);
      EXPECT_EQ(batch.kind, kind);
      EXPECT_EQ(batch.generation, kGreatest);
      EXPECT_EQ(batch.m, kNoThread);
      EXPECT_EQ(batch.base_ticks, 1234567890123u);
      EXPECT_EQ(batch.size, encoder.size());
    }
  }
}

TEST(Encoder, ExperimentalBatchesReadBack) {
  BatchEncoder encoder;
  encoder.BeginExperimental(1);
  ASSERT_TRUE(encoder.Raw(ByteBuffer{1, 2, 3}).ok());
  ByteBuffer bytes;
  encoder.Finish(4, ThreadId{5}, 6, bytes);
  const Batch batch = ReadOnly(PaddedBytes(bytes), Version::k26);
  EXPECT_EQ(batch.kind, BatchKind::kExperimental);
  EXPECT_EQ(batch.experiment, 1);
  EXPECT_EQ(batch.size, 3u);
}

TEST(Encoder, EndOfGenerationReadsBack) {
  ByteBuffer bytes;
  AppendEndOfGeneration(bytes);
  EXPECT_EQ(ReadOnly(PaddedBytes(bytes), Version::k26).kind, BatchKind::kEndOfGeneration);
}

TEST(Encoder, EventsOfEveryTypeReadBack) {
  BatchEncoder encoder;
  encoder.Begin(BatchKind::kEvents, Version::k26);
  std::vector<std::uint8_t> types;
  const auto arg = [](std::size_t type, std::size_t i) { return type << (8 * i) | 1; };
  for (std::size_t type = 0; type < 256; ++type) {
    const EventSpec& spec = SpecOf(static_cast<std::uint8_t>(type));
    if (spec.event_class != EventClass::kTimed) continue;
    std::vector<std::uint64_t> args;
    for (std::size_t i = 1; i < spec.arg_count; ++i) args.push_back(arg(type, i));
    ASSERT_TRUE(encoder.Event(static_cast<EventType>(type), 1000 + type, args).ok());
    types.push_back(static_cast<std::uint8_t>(type));
  }
  ByteBuffer bytes;
  encoder.Finish(1, ThreadId{1}, 0, bytes);
  const PaddedBytes padded(bytes);
  const Batch batch = ReadOnly(padded, Version::k26);
  EXPECT_EQ(batch.kind, BatchKind::kEvents);

  std::vector<kernels::EventRecord> records(256);
  const PaddedView data = padded.view().Sub(batch.data_offset, batch.size);
  const auto decoded = kernels::DecodeEvents(data.data(), 0, data.size(), kTimedArgCounts,
                                             records.data(), records.size());
  EXPECT_EQ(decoded.stop, kernels::DecodeStop::kEnd);
  ASSERT_EQ(decoded.events, types.size());
  for (std::size_t i = 0; i < types.size(); ++i) {
    EXPECT_EQ(records[i].type, types[i]);
    EXPECT_EQ(records[i].time, 1000u + types[i]);
    std::uint64_t args[kMaxTimedArgs] = {};
    const std::size_t arg_count = SpecOf(types[i]).arg_count - 1u;
    kernels::ReadWideArgs(data.data() + records[i].offset, arg_count, args);
    for (std::size_t k = 0; k < arg_count; ++k) EXPECT_EQ(args[k], arg(types[i], k + 1));
  }
}

class EncodedGeneration {
 public:
  explicit EncodedGeneration(Version version) : version_(version) { AppendHeader(version, bytes_); }
  void Add(const BatchEncoder& batch) { batch.Finish(7, ThreadId{3}, 100, bytes_); }
  // Reads all of it back.
  GenerationTables Load() {
    if (version_ >= Version::k26) AppendEndOfGeneration(bytes_);
    padded_.emplace(bytes_);
    GenerationReader reader(padded_->view(), version_);
    Generation generation;
    auto found = reader.Next(generation);
    EXPECT_TRUE(found.ok() && *found);
    GenerationTables tables;
    const Status status = tables.Load(padded_->view(), generation, version_);
    EXPECT_TRUE(status.ok()) << status.error().ToString();
    return tables;
  }

 private:
  Version version_;
  ByteBuffer bytes_;
  std::optional<PaddedBytes> padded_;
};

TEST(Encoder, TablesReadBack) {
  for (const Version version : kVersions) {
    EncodedGeneration generation(version);
    BatchEncoder encoder;
    encoder.Begin(BatchKind::kSync, version);
    ASSERT_TRUE(encoder.Frequency(15625000).ok());
    if (version >= Version::k25) {
      ASSERT_TRUE(encoder.Snapshot(5, 6, 7, 8).ok());
    }
    generation.Add(encoder);
    encoder.Begin(BatchKind::kStrings, version);
    ASSERT_TRUE(encoder.String(1, "main.f").ok());
    ASSERT_TRUE(encoder.String(900, "").ok());
    ASSERT_TRUE(encoder.String(kGreatest, std::string(kMaxStringBytes, '\xFF')).ok());
    generation.Add(encoder);
    encoder.Begin(BatchKind::kStacks, version);
    const EncodedFrame frames[] = {{.pc = kGreatest, .function = 1, .file = 900, .line = 12},
                                   {.pc = 2, .function = 0, .file = 1, .line = kGreatest}};
    ASSERT_TRUE(encoder.Stack(4, frames).ok());
    ASSERT_TRUE(encoder.Stack(5, {}).ok());
    generation.Add(encoder);
    encoder.Begin(BatchKind::kCpuSamples, version);
    ASSERT_TRUE(
        encoder.Sample({.ticks = 9, .m = ThreadId{2}, .p = ProcId{1}, .g = GoId{8}, .stack = 4})
            .ok());
    ASSERT_TRUE(encoder.Sample({.ticks = 3}).ok());
    generation.Add(encoder);

    const GenerationTables tables = generation.Load();
    EXPECT_EQ(tables.frequency_hz(), 15625000u);
    EXPECT_EQ(tables.clock_snapshot().has_value(), version >= Version::k25);
    if (tables.clock_snapshot()) {
      EXPECT_EQ(tables.clock_snapshot()->ticks, 105u);
      EXPECT_EQ(tables.clock_snapshot()->mono_ns, 6u);
      EXPECT_EQ(tables.clock_snapshot()->wall_seconds, 7u);
      EXPECT_EQ(tables.clock_snapshot()->wall_nanoseconds, 8u);
    }
    EXPECT_EQ(tables.String(1), "main.f");
    EXPECT_EQ(tables.String(900), "");
    EXPECT_EQ(tables.String(kGreatest), std::string(kMaxStringBytes, '\xFF'));
    EXPECT_EQ(tables.string_count(), 3u);
    ASSERT_EQ(tables.Stack(4).size(), 2u);
    EXPECT_EQ(tables.frames()[tables.Stack(4)[0]].function, "main.f");
    EXPECT_EQ(tables.frames()[tables.Stack(4)[0]].pc, kGreatest);
    EXPECT_EQ(tables.frames()[tables.Stack(4)[1]].file, "main.f");
    EXPECT_EQ(tables.frames()[tables.Stack(4)[1]].line, kGreatest);
    EXPECT_TRUE(tables.HasStack(5));
    ASSERT_EQ(tables.cpu_samples().size(), 2u);
    EXPECT_EQ(tables.cpu_samples()[0].g, GoId{8});
    EXPECT_EQ(tables.cpu_samples()[0].p, ProcId{1});
    EXPECT_EQ(tables.cpu_samples()[1].ticks, 3u);
    EXPECT_EQ(tables.cpu_samples()[1].m, kNoThread);
    EXPECT_EQ(tables.cpu_samples()[1].g, kNoGoroutine);
  }
}

TEST(Encoder, RefusesWrongArguments) {
  BatchEncoder encoder;
  encoder.Begin(BatchKind::kEvents, Version::k26);
  const std::uint64_t args[2] = {1, 2};
  EXPECT_THAT(encoder.Event(EventType::kGoStart, 1, std::span(args).first(1)).error().what,
              HasSubstr("GoStart has 2 arguments, not 1"));
  EXPECT_EQ(encoder.Event(EventType::kProcStop, 1, args).error().code, ErrorCode::kUsage);
  EXPECT_EQ(encoder.Event(EventType::kString, 1, args).error().code, ErrorCode::kUsage);
  EXPECT_EQ(encoder.Event(EventType{200}, 1, args).error().code, ErrorCode::kUsage);
  EXPECT_EQ(encoder.size(), 0u);
}

TEST(Encoder, RefusesEntriesOfAnotherKind) {
  BatchEncoder encoder;
  encoder.Begin(BatchKind::kEvents, Version::k26);
  for (const Status& status : {encoder.String(1, "a"), encoder.Stack(1, {}), encoder.Sample({}),
                               encoder.Frequency(1), encoder.Snapshot(1, 2, 3, 4)}) {
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kUsage);
  }
  encoder.Begin(BatchKind::kStrings, Version::k26);
  EXPECT_EQ(encoder.Event(EventType::kProcStop, 1, {}).error().code, ErrorCode::kUsage);
  encoder.Begin(BatchKind::kSync, Version::k23);
  EXPECT_EQ(encoder.Snapshot(1, 2, 3, 4).error().code, ErrorCode::kUsage);
}

TEST(Encoder, RefusesWhatTheFormatBounds) {
  BatchEncoder encoder;
  encoder.Begin(BatchKind::kStrings, Version::k26);
  const std::size_t empty = encoder.size();
  EXPECT_EQ(encoder.String(1, std::string(kMaxStringBytes + 1, 'x')).error().code,
            ErrorCode::kLimit);
  EXPECT_EQ(encoder.size(), empty);
  encoder.Begin(BatchKind::kStacks, Version::k26);
  const std::vector<EncodedFrame> frames(kMaxStackFrames + 1);
  EXPECT_EQ(encoder.Stack(1, frames).error().code, ErrorCode::kLimit);
  EXPECT_TRUE(encoder.Stack(1, std::span(frames).first(kMaxStackFrames)).ok());
}

TEST(Encoder, RefusesMoreThanABatchHoldsAndKeepsWhatWasThere) {
  BatchEncoder encoder;
  encoder.Begin(BatchKind::kEvents, Version::k26);
  ASSERT_TRUE(encoder.Raw(ByteBuffer(kMaxBatchBytes - 2)).ok());
  const std::uint64_t args[2] = {1, 2};
  const Status refused = encoder.Event(EventType::kGoStart, 1, args);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
  EXPECT_EQ(encoder.size(), kMaxBatchBytes - 2);
  EXPECT_TRUE(encoder.Event(EventType::kProcStop, 1, {}).ok());
  EXPECT_EQ(encoder.size(), kMaxBatchBytes);
  EXPECT_FALSE(encoder.Raw(ByteBuffer{0}).ok());
  ByteBuffer bytes;
  encoder.Finish(1, ThreadId{1}, 1, bytes);
  EXPECT_EQ(ReadOnly(PaddedBytes(bytes), Version::k26).size, kMaxBatchBytes);
}

}  // namespace
}  // namespace gtengine::wire
