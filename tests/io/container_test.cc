#include "engine/io/container.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/io/compressed_bytes.h"
#include "tests/io/temp_folder.h"

namespace gtengine::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

bool BeginsWithT(ByteView bytes) { return !bytes.empty() && bytes[0] == 'T'; }

Contents Read(std::string_view bytes) { return ReadContents(View(bytes), &BeginsWithT, {}); }

std::vector<std::string> Names(const Contents& contents) {
  std::vector<std::string> names;
  for (const ContainedTrace& trace : contents.traces) names.push_back(trace.name);
  return names;
}

std::vector<std::string> Lines(const Contents& contents) {
  std::vector<std::string> lines;
  for (const Error& error : contents.errors) lines.push_back(error.ToString());
  return lines;
}

std::string Archive() {
  return TarMemberBytes("./z/plain", "Trace one") + TarMemberBytes("notes", "nothing") +
         TarMemberBytes("b.gz", Gzip("Trace two")) + TarMemberBytes("c.zst", Zstd("Trace three")) +
         TarMemberBytes("link", "", '2') + TarMemberBytes("d.gz", Gzip("no trace")) + TarEnd();
}

TEST(ContainerTest, ReadsArchivesHoweverTheyAreCompressed) {
  for (const std::string& file : {Archive(), Gzip(Archive()), Zstd(Archive())}) {
    ASSERT_TRUE(LooksLikeContainer(View(file)));
    const Contents contents = Read(file);
    EXPECT_TRUE(contents.is_archive);
    EXPECT_THAT(Names(contents), ElementsAre("b.gz", "c.zst", "z/plain"));
    EXPECT_THAT(Lines(contents), ElementsAre());
    EXPECT_EQ(contents.passed_over, 2u);
    EXPECT_EQ(contents.traces[0].place.compression, Compression::kGzip);
    EXPECT_EQ(contents.traces[2].place.compression, Compression::kNone);
    EXPECT_EQ(contents.traces[2].place.size, 9u);
    EXPECT_EQ(contents.traces[0].head, HashContent(View("Trace two")));
    if (contents.compression == Compression::kNone) continue;
    EXPECT_EQ(contents.traces[1].content, HashContent(View("Trace three")));
  }
}

TEST(ContainerTest, ReadsACompressedTrace) {
  const Contents contents = Read(Zstd("Trace"));
  EXPECT_FALSE(contents.is_archive);
  ASSERT_THAT(Names(contents), ElementsAre(""));
  EXPECT_EQ(contents.traces[0].place.compression, Compression::kZstd);
  EXPECT_EQ(contents.traces[0].head, HashContent(View("Trace")));
  EXPECT_THAT(Lines(Read(Gzip("text"))), ElementsAre(HasSubstr("neither a Go execution trace")));
  EXPECT_THAT(Lines(Read(Gzip(Gzip("Trace")))), ElementsAre(HasSubstr("compressed twice")));
}

TEST(ContainerTest, TheLastOfANameCounts) {
  const std::string archive = TarMemberBytes("a", "T1") + TarMemberBytes("b", "T2") +
                              TarMemberBytes("./a", "T3") + TarEnd();
  for (const std::string& file : {archive, Zstd(archive)}) {
    const Contents contents = Read(file);
    ASSERT_THAT(Names(contents), ElementsAre("a", "b"));
    EXPECT_EQ(contents.traces[0].head, HashContent(View("T3")));
    EXPECT_EQ(contents.passed_over, 1u);
  }
}

TEST(ContainerTest, TheRestOfADamagedArchiveCounts) {
  std::string archive = Archive();
  archive[0] ^= 1;
  EXPECT_THAT(Names(Read(archive)), ElementsAre("b.gz", "c.zst"));
  EXPECT_THAT(Lines(Read(archive)), ElementsAre("archive byte 0: tar: not a header"));
  const std::string cut = Archive().substr(0, 515);
  const Contents of_cut = Read(cut);
  ASSERT_THAT(Names(of_cut), ElementsAre("z/plain"));
  EXPECT_TRUE(of_cut.traces[0].place.damage);
  EXPECT_THAT(Lines(of_cut), ElementsAre("archive byte 0: tar: cut off inside a member"));
  const std::string compressed = Zstd(cut);
  const Contents of_compressed = Read(compressed);
  ASSERT_THAT(Names(of_compressed), ElementsAre("z/plain"));
  EXPECT_TRUE(of_compressed.traces[0].place.damage);
  EXPECT_EQ(of_compressed.errors.size(), 1u);
}

TEST(ContainerTest, ADamagedMemberIsNamed) {
  std::string member = Gzip("Trace two");
  member[10] = '\xff';  // a kind of block that there is not
  const std::string archive =
      TarMemberBytes("bad.gz", member) + TarMemberBytes("good", "Trace") + TarEnd();
  for (const std::string& file : {archive, Gzip(archive)}) {
    EXPECT_THAT(Names(Read(file)), ElementsAre("good"));
    EXPECT_THAT(Lines(Read(file)), ElementsAre(HasSubstr("bad.gz: compressed byte ")));
  }
}

TEST(ContainerTest, LimitsStopAnArchive) {
  const std::string bomb = Zstd(TarMemberBytes("a", "T1") +
                                TarMemberBytes("b", std::string(30'000'000, '\0')) + TarEnd());
  const Contents contents = Read(bomb);
  EXPECT_THAT(Lines(contents), ElementsAre(HasSubstr("more than 200 times as many bytes")));
}

TEST(ContainerTest, PathsAreOfTheFileAndTheMember) {
  const TempFolder folder;
  const std::string path = folder.Write("a.tar", Archive());
  const auto file = StoredFile::Named(path);
  const Corpus corpus = ListContainer({.path = path}, file, &BeginsWithT, {});
  ASSERT_EQ(corpus.traces.size(), 3u);
  EXPECT_EQ(corpus.traces[2].path, path + "!/z/plain");
  const auto opened = OpenTrace("", corpus.traces[0].place, {});
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(HashContent(opened->file.view().bytes()), HashContent(View("Trace two")));
  const Corpus one =
      ListContainer({.path = path, .member = "c.zst", .is_named = true}, file, &BeginsWithT, {});
  ASSERT_EQ(one.traces.size(), 1u);
  EXPECT_EQ(one.traces[0].path, path + "!/c.zst");
  const Corpus none =
      ListContainer({.path = path, .member = "x", .is_named = true}, file, &BeginsWithT, {});
  ASSERT_EQ(none.errors.size(), 1u);
  EXPECT_EQ(none.errors[0].ToString(), path + ": no such trace in the archive: x");
}

}  // namespace
}  // namespace gtengine::io
