#include "engine/reports/partial_codec.h"

#include <gtest/gtest.h>

#include <protozero/pbf_writer.hpp>
#include <string>
#include <vector>

namespace gtengine {
namespace {

StackRef Intern(TraceTables& tables, const std::vector<const char*>& functions) {
  std::vector<FrameRef> frames;
  for (const char* function : functions) {
    frames.push_back(tables.stacks.InternFrame(
        {tables.strings.Intern(function), tables.strings.Intern("f.go"), 7}));
  }
  return tables.stacks.InternStack(frames);
}

// The strings and frames of a partial that has the stacks and one more string.
std::string ContentOf(const TraceTables& tables, const std::vector<StackRef>& stacks) {
  ContentNumbers numbers(tables);
  for (const StackRef stack : stacks) numbers.AddStack(stack);
  numbers.AddString("service");
  numbers.Seal();
  std::string bytes;
  protozero::pbf_writer message(bytes);
  numbers.Write(message);
  return bytes;
}

void ReadContent(const std::string& bytes, TraceTables& tables) {
  ContentReader reader(tables);
  FieldReader fields(bytes, 1u << kStringField | 1u << kFrameField);
  while (fields.Next()) {
    if (fields.tag() == kStringField) {
      reader.ReadString(fields.Bytes());
    } else {
      reader.ReadFrame(fields.Bytes());
    }
  }
}

std::string BytesOf(const Waits& waits) {
  std::string bytes;
  protozero::pbf_writer message(bytes);
  WriteWaits(message, 1, waits);
  return bytes;
}

Waits Read(const std::string& bytes) {
  FieldReader fields(bytes);
  fields.Next();
  return ReadWaits(fields.Bytes());
}

TEST(PartialCodecTest, NumbersDoNotDependOnTheOrder) {
  TraceTables one;
  const StackRef one_a = Intern(one, {"b", "a"});
  const StackRef one_b = Intern(one, {"c"});
  TraceTables other;
  other.strings.Intern("not used");
  const StackRef other_b = Intern(other, {"c"});
  const StackRef other_a = Intern(other, {"b", "a"});
  EXPECT_EQ(ContentOf(one, {one_a, one_b}), ContentOf(other, {other_b, other_a, kNoStack}));
}

TEST(PartialCodecTest, NumbersAreRefsOfNewTables) {
  TraceTables tables;
  const StackRef stack = Intern(tables, {"z", "a"});
  TraceTables read;
  ReadContent(ContentOf(tables, {stack}), read);
  ContentNumbers numbers(tables);
  numbers.AddStack(stack);
  numbers.AddString("service");
  numbers.Seal();
  std::vector<std::string_view> functions;
  for (const std::uint32_t number : numbers.StackNumbers(stack)) {
    functions.push_back(read.strings.Get(read.stacks.GetFrame(FrameRef{number}).function));
  }
  EXPECT_EQ(functions, (std::vector<std::string_view>{"z", "a"}));
  EXPECT_EQ(read.strings.Get(StringRef{numbers.StringNumber("service")}), "service");
  EXPECT_EQ(numbers.StringNumber(""), 0u);
}

TEST(PartialCodecTest, StringsOutOfOrderAreRefused) {
  TraceTables tables;
  ContentReader reader(tables);
  EXPECT_THROW(reader.ReadString(""), BadPartial);
  reader.ReadString("b");
  EXPECT_THROW(reader.ReadString("b"), BadPartial);
  EXPECT_THROW(reader.ReadString("a"), BadPartial);
  EXPECT_THROW(reader.StringOf(2), BadPartial);
  EXPECT_THROW(reader.FrameOf(0), BadPartial);
}

TEST(PartialCodecTest, WaitsRoundTrip) {
  Waits waits;
  for (std::int64_t ns = 1; ns > 0 && ns < (std::int64_t{1} << 61); ns *= 3) {
    waits[WaitKind::kOrdinary].Add(ns);
    if (ns % 2 == 1) waits[WaitKind::kAfterEnd].Add(ns / 2);
  }
  for (int i = 0; i < 5; ++i) waits.Combine(Waits(waits));
  const std::string bytes = BytesOf(waits);
  const Waits read = Read(bytes);
  EXPECT_EQ(BytesOf(read), bytes);
  EXPECT_TRUE(read[WaitKind::kOrdinary].sum() == waits[WaitKind::kOrdinary].sum());
  EXPECT_TRUE(read[WaitKind::kBeforeFirstRun].empty());
}

TEST(PartialCodecTest, NoWaitsAreNoField) {
  EXPECT_EQ(BytesOf(Waits()), "");
  EXPECT_THROW(ReadWaits(""), BadPartial);
}

TEST(PartialCodecTest, GuardedParseTellsWhatWasThrown) {
  const auto code_of = [](auto parse) {
    return GuardedParse("r",
                        [&]() -> Result<int> {
                          parse();
                          return 1;
                        })
        .error()
        .code;
  };
  EXPECT_EQ(code_of([] { throw BadPartial("bad"); }), ErrorCode::kCorrupt);
  EXPECT_EQ(
      code_of([] {
        FieldReader fields(std::string_view("\x0a\x05x", 3));  // five bytes, of which one is there
        fields.Next();
        fields.Bytes();
      }),
      ErrorCode::kTruncated);
}

}  // namespace
}  // namespace gtengine
