#include "engine/io/tar_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/io/compressed_bytes.h"

namespace gtengine::io {
namespace {

using testing::ElementsAre;

struct Outcome {
  std::vector<std::string> members;  // "NAME=CONTENT"; in brackets what is no file
  std::vector<std::string> errors;
};

Outcome ReadAll(std::string_view archive) {
  ViewSource source(View(archive));
  TarReader tar(source);
  Outcome outcome;
  while (true) {
    auto member = tar.Next();
    if (!member.ok()) {
      outcome.errors.push_back(member.error().ToString());
      if (member.error().code == ErrorCode::kCorrupt) continue;
      break;
    }
    if (!*member) break;
    std::string text;
    std::array<std::uint8_t, 100> piece;
    while (true) {
      const auto got = tar.Read(piece);
      if (!got.ok() || *got == 0) break;
      text.append(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*got));
    }
    if ((*member)->is_file && !(*member)->is_sparse) {
      EXPECT_EQ(archive.substr((*member)->offset, text.size()), text);
    }
    const std::string shown = (*member)->name + "=" + text;
    const char* kind = (*member)->is_sparse ? " sparse" : "";
    outcome.members.push_back((*member)->is_file ? shown + kind : "[" + shown + "]");
  }
  return outcome;
}

std::string PaxRecord(const std::string& key, const std::string& value) {
  const std::string rest = " " + key + "=" + value + "\n";
  std::size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) ++length;
  return std::to_string(length) + rest;
}

const std::string kLong = std::string(200, 'd') + "/" + std::string(90, 'f');

TEST(TarReaderTest, ReadsMembersToTheEndMark) {
  const std::string archive = TarMemberBytes("a", "hello") + TarMemberBytes("dir/", "", '5') +
                              TarMemberBytes("b", std::string(1024, 'b')) +
                              TarMemberBytes("link", "", '2') + TarMemberBytes("e", "") + TarEnd();
  const Outcome outcome = ReadAll(archive);
  EXPECT_THAT(outcome.members,
              ElementsAre("a=hello", "[dir/=]", "b=" + std::string(1024, 'b'), "[link=]", "e="));
  EXPECT_THAT(outcome.errors, ElementsAre());
  EXPECT_TRUE(LooksLikeTar(View(archive)));
  EXPECT_FALSE(LooksLikeTar(View(archive).first(511)));
  EXPECT_FALSE(LooksLikeTar(View(TarEnd())));
}

TEST(TarReaderTest, ReadsLongNamesOfGnuAndPax) {
  const std::string gnu =
      TarMemberBytes("././@LongLink", kLong + '\0', 'L') + TarMemberBytes("cut", "1");
  const std::string pax =
      TarMemberBytes("PaxHeaders/x", PaxRecord("mtime", "1") + PaxRecord("path", kLong), 'x') +
      TarMemberBytes("cut", "2");
  const std::string global =
      TarMemberBytes("g", PaxRecord("path", "ignored"), 'g') + TarMemberBytes("own", "3");
  EXPECT_THAT(ReadAll(gnu + pax + global + TarEnd()).members,
              ElementsAre(kLong + "=1", kLong + "=2", "own=3"));
}

TEST(TarReaderTest, PaxTellsSizes) {
  std::string archive = TarMemberBytes("x", PaxRecord("size", "5"), 'x');
  archive += TarHeader("a", 0) + "hello" + std::string(507, '\0') + TarMemberBytes("b", "c");
  EXPECT_THAT(ReadAll(archive + TarEnd()).members, ElementsAre("a=hello", "b=c"));
}

TEST(TarReaderTest, ArchivesMayFollowOneAnother) {
  const std::string one = TarMemberBytes("a", "1") + TarEnd() + std::string(8192, '\0');
  const Outcome outcome = ReadAll(one + TarMemberBytes("b", "2") + TarEnd());
  EXPECT_THAT(outcome.members, ElementsAre("a=1", "b=2"));
  EXPECT_THAT(outcome.errors, ElementsAre());
  // Zeros without end are an end.
  EXPECT_THAT(ReadAll(one + std::string(2 << 20, '\0') + "x").errors, ElementsAre());
}

TEST(TarReaderTest, SaysWhereItIsCutOff) {
  const std::string archive = TarMemberBytes("a", "1") + TarMemberBytes("b", "2");
  EXPECT_THAT(ReadAll(archive).errors, ElementsAre("archive byte 2048: tar: no end mark: cut off"));
  const Outcome cut = ReadAll(TarMemberBytes("a", "1") + TarHeader("b", 9000) + "begin");
  EXPECT_THAT(cut.members, ElementsAre("a=1", "b=begin"));
  EXPECT_THAT(cut.errors, ElementsAre("archive byte 1024: tar: cut off inside a member"));
}

TEST(TarReaderTest, GoesOnBehindDamage) {
  std::string archive = TarMemberBytes("a", "1") + TarMemberBytes("b", std::string(3000, 'b')) +
                        TarMemberBytes("c", "3") + TarEnd();
  archive[1024 + 3] ^= 1;  // in the name of b
  const Outcome outcome = ReadAll(archive);
  EXPECT_THAT(outcome.members, ElementsAre("a=1", "c=3"));
  EXPECT_THAT(outcome.errors, ElementsAre("archive byte 1024: tar: not a header"));
}

TEST(TarReaderTest, HostileNumbersAreErrors) {
  std::string huge = TarHeader("a", 0);
  huge.replace(124, 12, std::string("\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12));
  EXPECT_FALSE(ReadAll(huge + TarEnd()).errors.empty());
  // The checksum is that of the other size: make it right, so that the size itself is judged.
  unsigned sum = 0;
  huge.replace(148, 8, "        ");
  for (const char c : huge) sum += static_cast<std::uint8_t>(c);
  char digits[9];
  std::snprintf(digits, sizeof(digits), "%06o", sum);
  huge.replace(148, 7, std::string_view(digits, 7));
  EXPECT_THAT(ReadAll(huge + TarMemberBytes("b", "2") + TarEnd()).errors,
              ElementsAre("archive byte 0: tar: a size that cannot be"));
  EXPECT_THAT(ReadAll(huge + TarMemberBytes("b", "2") + TarEnd()).members, ElementsAre("b=2"));

  const std::string special = TarMemberBytes("x", std::string(2 << 20, 'x'), 'x');
  EXPECT_THAT(ReadAll(special + TarMemberBytes("b", "2") + TarEnd()).errors,
              ElementsAre("archive byte 0: tar: a special header above 1 MiB"));
  std::string many;
  for (int i = 0; i < 100; ++i) many += TarMemberBytes("g", "", 'g');
  EXPECT_THAT(ReadAll(many + TarEnd()).errors,
              testing::Contains("archive byte 8192: tar: special headers without end"));
  EXPECT_THAT(ReadAll(TarMemberBytes("L", std::string(5000, 'n'), 'L') + TarMemberBytes("b", "2") +
                      TarEnd())
                  .errors,
              testing::Contains(testing::HasSubstr("a name above 4 KiB")));
  EXPECT_THAT(ReadAll(TarMemberBytes("x", "99 path=a\n", 'x') + TarEnd()).errors,
              testing::Contains(testing::HasSubstr("a special header that cannot be read")));
}

TEST(TarReaderTest, TellsSparseMembers) {
  std::string sparse = TarHeader("s", 3, 'S');
  sparse[482] = 1;  // more places follow
  unsigned sum = 0;
  sparse.replace(148, 8, "        ");
  for (const char c : sparse) sum += static_cast<std::uint8_t>(c);
  char digits[9];
  std::snprintf(digits, sizeof(digits), "%06o", sum);
  sparse.replace(148, 7, std::string_view(digits, 7));
  sparse += std::string(512, '\0') + "abc" + std::string(509, '\0');
  const std::string pax = TarMemberBytes("x", PaxRecord("GNU.sparse.major", "1"), 'x');
  EXPECT_THAT(ReadAll(sparse + pax + TarMemberBytes("t", "d") + TarEnd()).members,
              ElementsAre("s=abc sparse", "t=d sparse"));
}

}  // namespace
}  // namespace gtengine::io
