#include "engine/wire/batch.h"

#include <gtest/gtest.h>

#include "tests/wire/trace_builder.h"

namespace gtengine::wire {
namespace {

using testing::Bytes;

constexpr Version kVersions[] = {Version::k22, Version::k23, Version::k25, Version::k26};

Result<std::optional<Batch>> Read(Bytes bytes, Version version = Version::k26) {
  return ReadBatch(bytes.padded(), 0, version);
}

Bytes BatchOf(const Bytes& data) {
  return Bytes().Event(EventType::kEventBatch, {4, 5, 6, data.size()}).Append(data);
}

BatchKind KindOf(EventType first, Version version) {
  return (*Read(BatchOf(Bytes().Type(first)), version))->kind;
}

TEST(Batch, ReadsItsHeader) {
  const Bytes data = Bytes().Event(EventType::kProcStop, {1});
  Bytes bytes = Bytes().Text("xyz").Append(BatchOf(data)).Text("rest");
  const auto batch = ReadBatch(bytes.padded(), 3, Version::k26);
  ASSERT_TRUE(batch.ok() && batch.value().has_value());
  EXPECT_EQ((**batch).offset, 3);
  EXPECT_EQ((**batch).data_offset, 8);
  EXPECT_EQ((**batch).size, data.size());
  EXPECT_EQ((**batch).end(), 8 + data.size());
  EXPECT_EQ((**batch).generation, 4);
  EXPECT_EQ((**batch).m, ThreadId{5});
  EXPECT_EQ((**batch).base_ticks, 6);
  EXPECT_EQ((**batch).kind, BatchKind::kEvents);
}

TEST(Batch, AcceptsPaddedHeaderNumbers) {
  Bytes bytes;
  bytes.Type(EventType::kEventBatch).Number(4, 10).Number(5, 3).Number(6, 10).Number(1, 5).Byte(11);
  const auto batch = Read(bytes);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ((**batch).data_offset, 1 + 10 + 3 + 10 + 5);
}

TEST(Batch, TellsItsKindByTheFirstByte) {
  for (const Version version : kVersions) {
    EXPECT_EQ(KindOf(EventType::kStrings, version), BatchKind::kStrings);
    EXPECT_EQ(KindOf(EventType::kStacks, version), BatchKind::kStacks);
    EXPECT_EQ(KindOf(EventType::kCpuSamples, version), BatchKind::kCpuSamples);
    EXPECT_EQ(KindOf(EventType::kEndOfGeneration, version), BatchKind::kEndOfGeneration);
    EXPECT_EQ(KindOf(EventType::kGoStart, version), BatchKind::kEvents);
    EXPECT_EQ((*Read(BatchOf(Bytes()), version))->kind, BatchKind::kEvents);
    const bool has_sync = version >= Version::k25;
    EXPECT_EQ(KindOf(EventType::kSync, version), has_sync ? BatchKind::kSync : BatchKind::kEvents);
    EXPECT_EQ(KindOf(EventType::kFrequency, version),
              has_sync ? BatchKind::kEvents : BatchKind::kSync);
  }
}

TEST(Batch, OfAnExperimentIsNotLookedInto) {
  Bytes bytes;
  bytes.Type(EventType::kExperimentalBatch).Byte(1);
  bytes.Number(4).Number(5).Number(6).Number(1).Type(EventType::kStrings);
  const auto batch = Read(bytes);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ((**batch).kind, BatchKind::kExperimental);
  EXPECT_EQ((**batch).experiment, 1);
}

TEST(Batch, OfExperimentZeroIsAPlainBatch) {
  Bytes bytes;
  bytes.Type(EventType::kExperimentalBatch).Byte(0);
  bytes.Number(4).Number(5).Number(6).Number(1).Type(EventType::kStrings);
  EXPECT_EQ((*Read(bytes))->kind, BatchKind::kStrings);
}

TEST(Batch, MayBeABareEndMarker) {
  for (const Version version : kVersions) {
    const auto batch = Read(Bytes().Type(EventType::kEndOfGeneration), version);
    ASSERT_TRUE(batch.ok());
    EXPECT_EQ((**batch).kind, BatchKind::kEndOfGeneration);
    EXPECT_EQ((**batch).end(), 1);
    EXPECT_EQ((**batch).generation, 0);
  }
}

TEST(Batch, IsAbsentAtTheEnd) {
  const auto batch = Read(Bytes());
  ASSERT_TRUE(batch.ok());
  EXPECT_FALSE(batch->has_value());
}

// Go's reader takes the missing experiment byte for the end of the trace.
TEST(Batch, IsAbsentWhereOnlyAnExperimentalTypeByteIsLeft) {
  const auto batch = Read(Bytes().Type(EventType::kExperimentalBatch));
  ASSERT_TRUE(batch.ok());
  EXPECT_FALSE(batch->has_value());
}

TEST(Batch, RefusesOtherTypes) {
  for (const int type : {0, 2, 11, 48, 50, 51, 53, 255}) {
    const auto batch = Read(Bytes().Byte(static_cast<std::uint8_t>(type)));
    ASSERT_FALSE(batch.ok());
    EXPECT_EQ(batch.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(batch.error().byte_offset, 0);
  }
}

TEST(Batch, RefusesATruncatedHeaderOrData) {
  const Bytes whole = BatchOf(Bytes().Text("data"));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    Bytes cut = whole;
    cut.Resize(size);
    const auto batch = Read(cut);
    ASSERT_FALSE(batch.ok()) << size;
    EXPECT_EQ(batch.error().code, ErrorCode::kTruncated) << size;
  }
}

TEST(Batch, RefusesAHeaderNumberBeyond64Bits) {
  Bytes bytes;
  bytes.Type(EventType::kEventBatch).Number(4);
  for (int i = 0; i < 12; ++i) bytes.Byte(0xFF);
  const auto batch = Read(bytes);
  ASSERT_FALSE(batch.ok());
  EXPECT_EQ(batch.error().code, ErrorCode::kCorrupt);
}

TEST(Batch, HoldsAtMost64KiB) {
  const auto sized = [](std::size_t size) {
    Bytes data;
    data.Resize(size);
    return Read(BatchOf(data));
  };
  ASSERT_TRUE(sized(kMaxBatchBytes).ok());
  EXPECT_EQ((*sized(kMaxBatchBytes))->size, kMaxBatchBytes);
  ASSERT_FALSE(sized(kMaxBatchBytes + 1).ok());
  EXPECT_EQ(sized(kMaxBatchBytes + 1).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(sized(kMaxBatchBytes + 1).error().generation, 4);
}

}  // namespace
}  // namespace gtengine::wire
