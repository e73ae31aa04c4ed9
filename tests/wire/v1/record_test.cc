#include "engine/wire/v1/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/wire/v1/legacy_bytes.h"

namespace gtengine::wire::v1 {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::LegacyBytes;
using Move = RecordReader::Move;

constexpr std::uint64_t kMax = ~std::uint64_t{0};

// The first record of a trace, both ways.
struct Looks {
  Move read;
  Move skimmed;
  std::vector<std::uint64_t> numbers;
  std::string text;
  std::uint64_t read_end = kHeaderBytes;
  std::uint64_t skimmed_end = kHeaderBytes;
  std::string complaint;
};

Looks LookAt(const LegacyBytes& trace, Version version = Version::k21) {
  Looks looks;
  RecordReader reader(trace.view(), version);
  Record record;
  looks.skimmed = reader.Skim(looks.skimmed_end, record);
  if (looks.skimmed == Move::kBad) looks.complaint = reader.error().ToString();
  looks.read = reader.Read(looks.read_end, record);
  if (looks.read == Move::kBad) looks.complaint = reader.error().ToString();
  if (looks.read != Move::kRecord) return looks;
  EXPECT_EQ(record.offset, kHeaderBytes);
  looks.numbers.assign(record.numbers.begin(), record.numbers.end());
  looks.text = record.text;
  return looks;
}

void ExpectRecord(const LegacyBytes& trace, const std::vector<std::uint64_t>& numbers) {
  const Looks looks = LookAt(trace);
  EXPECT_EQ(looks.read, Move::kRecord);
  EXPECT_EQ(looks.skimmed, Move::kRecord);
  EXPECT_EQ(looks.numbers, numbers);
  EXPECT_EQ(looks.read_end, trace.size());
  EXPECT_EQ(looks.skimmed_end, trace.size());
}

// Refused by both, or by a full look alone.
void ExpectBad(const LegacyBytes& trace, const std::string& words, Move skimmed = Move::kBad,
               Version version = Version::k21) {
  const Looks looks = LookAt(trace, version);
  EXPECT_EQ(looks.read, Move::kBad);
  EXPECT_EQ(looks.skimmed, skimmed);
  EXPECT_THAT(looks.complaint, HasSubstr("byte 16: "));
  EXPECT_THAT(looks.complaint, HasSubstr(words));
}

TEST(LegacyRecord, HasOneToThreeNumbers) {
  ExpectRecord(LegacyBytes().Record(EventType::kGoEnd, {0}), {0});
  ExpectRecord(LegacyBytes().Record(EventType::kHeapAlloc, {5, kMax}), {5, kMax});
  ExpectRecord(LegacyBytes().Record(EventType::kGoStart, {300, 128, 127}), {300, 128, 127});
}

TEST(LegacyRecord, HasItsLengthInFrontOfMore) {
  ExpectRecord(LegacyBytes().Record(EventType::kGoCreate, {1, 2, 3, 4}), {1, 2, 3, 4});
  ExpectRecord(LegacyBytes().Led(EventType::kGoEnd, std::vector<std::uint64_t>{7}), {7});
  const std::vector<std::uint64_t> most(kMaxNumberBytes, 1);
  ExpectRecord(LegacyBytes().Led(EventType::kStack, most), most);
}

TEST(LegacyRecord, MayHaveNoNumbers) {
  LegacyBytes trace;
  trace.Led(EventType::kStack, {});
  // As in Go, something must follow.
  ExpectBad(trace, "the file ends inside Stack", Move::kRecord);
  trace.Byte(1);
  EXPECT_THAT(LookAt(trace).numbers, IsEmpty());
  EXPECT_EQ(LookAt(trace).read, Move::kRecord);
}

TEST(LegacyRecord, OfABatchNamesItsP) {
  ExpectRecord(LegacyBytes().Batch(3, 1000), {3, 1000});
  ExpectRecord(LegacyBytes().Batch(kMax, 0), {kMax, 0});
  ExpectRecord(LegacyBytes().Batch(0x7FFFFFFF, 0), {0x7FFFFFFF, 0});
  ExpectBad(LegacyBytes().Batch(0x80000000, 0), "no P has such a number");
  ExpectBad(LegacyBytes().Record(EventType::kBatch, {1}), "1 numbers instead of 2");
  ExpectBad(LegacyBytes().Record(EventType::kBatch, {1, 2, 3}), "3 numbers instead of 2");
}

TEST(LegacyRecord, OfAStringHasItsText) {
  const LegacyBytes trace = LegacyBytes().String(4, "abc");
  ExpectRecord(trace, {4});
  EXPECT_EQ(LookAt(trace).text, "abc");
  ExpectBad(LegacyBytes().String(0, "abc"), "ids begin with 1", Move::kRecord);
  ExpectBad(LegacyBytes().String(1, ""), "a string has 1 to", Move::kRecord);
  LegacyBytes cut;
  cut.Byte(static_cast<std::uint8_t>(EventType::kString)).Number(1).Number(4).Text("abc");
  ExpectBad(cut, "the file ends inside a string");
  LegacyBytes long_one;
  long_one.String(1, std::string(kMaxStringBytes + 1, 'x'));
  ExpectBad(long_one, "a string has 1 to 1000000 bytes", Move::kRecord);
}

TEST(LegacyRecord, OfALogHasItsMessage) {
  const LegacyBytes trace = LegacyBytes().Log(1, 2, 3, 4, "message");
  ExpectRecord(trace, {1, 2, 3, 4});
  EXPECT_EQ(LookAt(trace).text, "message");
  EXPECT_EQ(LookAt(LegacyBytes().Log(1, 2, 3, 4, "")).read, Move::kRecord);
  // Without the length in front there is no message.
  ExpectRecord(LegacyBytes().Record(EventType::kUserLog, {1, 2, 3}), {1, 2, 3});
}

// The first pass of Go's reader takes this for the end of the trace, the second does not.
TEST(LegacyRecord, OfALogThatIsCutIsTheEndOfASkim) {
  LegacyBytes cut;
  cut.Led(EventType::kUserLog, std::vector<std::uint64_t>{1, 2, 3, 4}).Number(8).Text("message");
  ExpectBad(cut, "the file ends inside the message", Move::kEnd);
}

TEST(LegacyRecord, RefusesUnknownTypes) {
  LegacyBytes none;
  none.Byte(0).Byte(0);
  ExpectBad(none, "no event has type 0");
  LegacyBytes fifty;
  fifty.Byte(50).Byte(0);
  ExpectBad(fifty, "no event has type 50");
  ExpectBad(LegacyBytes(Version::k11).CpuSample(1, 2, 3, 4), "no event has type 49", Move::kBad,
            Version::k11);
}

TEST(LegacyRecord, RefusesBadNumbers) {
  LegacyBytes cut;
  cut.Byte(static_cast<std::uint8_t>(EventType::kGoEnd)).Byte(0x80);
  ExpectBad(cut, "GoEnd: bad number");
  LegacyBytes wide;
  wide.Byte(static_cast<std::uint8_t>(EventType::kGoEnd));
  for (int i = 0; i < 9; ++i) wide.Byte(0xFF);
  wide.Byte(2);
  ExpectBad(wide, "GoEnd: bad number");
  // Among numbers that are led by their length only a full look sees it.
  LegacyBytes led;
  led.Byte(static_cast<std::uint8_t>(EventType::kGoCreate) | 3 << 6).Number(2).Byte(1).Byte(0x80);
  ExpectBad(led, "GoCreate: bad number", Move::kRecord);
  LegacyBytes too_long;
  too_long.Byte(static_cast<std::uint8_t>(EventType::kStack) | 3 << 6).Number(2049);
  ExpectBad(too_long, "2049 bytes of numbers");
}

TEST(LegacyRecord, EndsWithTheTrace) {
  EXPECT_EQ(LookAt(LegacyBytes()).read, Move::kEnd);
  EXPECT_EQ(LookAt(LegacyBytes()).skimmed, Move::kEnd);
}

TEST(LegacyRecord, OfACpuSampleIsReadByASkimToo) {
  const LegacyBytes trace = LegacyBytes().CpuSample(100, 2, 3, 4);
  RecordReader reader(trace.view(), Version::k19);
  Record record;
  std::uint64_t offset = kHeaderBytes;
  ASSERT_EQ(reader.Skim(offset, record), Move::kRecord);
  EXPECT_THAT(record.numbers, ElementsAre(0, 100, 2, 3, 4));
}

}  // namespace
}  // namespace gtengine::wire::v1
