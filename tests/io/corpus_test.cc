#include "engine/io/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/io/temp_folder.h"

namespace gtengine::io {
namespace {

using testing::ElementsAre;

bool BeginsWithT(ByteView bytes) { return !bytes.empty() && bytes[0] == 'T'; }

std::vector<std::string> Paths(const Corpus& corpus) {
  std::vector<std::string> paths;
  for (const CorpusFile& file : corpus.traces) paths.push_back(file.path);
  return paths;
}

std::vector<std::string> Lines(const Corpus& corpus) {
  std::vector<std::string> lines;
  for (const Error& error : corpus.errors) lines.push_back(error.ToString());
  return lines;
}

TEST(CorpusTest, FoldersAreSearchedAndOtherFilesPassedOver) {
  const TempFolder folder;
  const std::string a = folder.Write("s/h/a.trace", "Trace");
  const std::string b = folder.Write("b", "T");
  folder.Write("s/readme", "no trace");
  folder.Write("empty", "");
  const Corpus corpus = ListCorpus({folder.path()}, &BeginsWithT);
  EXPECT_THAT(Paths(corpus), ElementsAre(b, a));
  EXPECT_EQ(corpus.traces[1].bytes, 5u);
  EXPECT_EQ(corpus.passed_over, 2u);
  EXPECT_THAT(Lines(corpus), ElementsAre());
}

TEST(CorpusTest, APathIsListedOnceInOrderOfPath) {
  const TempFolder folder;
  const std::string a = folder.Write("a", "T");
  const std::string b = folder.Write("b", "T");
  const Corpus corpus = ListCorpus({b, folder.path(), a, b}, &BeginsWithT);
  EXPECT_THAT(Paths(corpus), ElementsAre(a, b));
}

TEST(CorpusTest, NamedPathsThatAreNoTracesAreErrors) {
  const TempFolder folder;
  const std::string text = folder.Write("text", "no trace");
  const std::string pipe = folder.path() + "/pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string missing = folder.path() + "/missing";
  const Corpus corpus = ListCorpus({text, pipe, missing}, &BeginsWithT);
  EXPECT_THAT(Paths(corpus), ElementsAre());
  EXPECT_THAT(
      Lines(corpus),
      ElementsAre(missing + ": no such file or folder",
                  pipe + ": neither a file nor a folder; to read a stream, pipe it to \"-\"",
                  text + ": not a Go execution trace: no \"go 1.NN trace\" header"));
  EXPECT_EQ(corpus.errors[2].code, ErrorCode::kNotATrace);
}

TEST(CorpusTest, LinksToFoldersAreNotFollowed) {
  const TempFolder folder;
  const std::string a = folder.Write("a", "T");
  std::filesystem::create_directory_symlink(folder.path(), folder.path() + "/loop");
  const Corpus corpus = ListCorpus({folder.path()}, &BeginsWithT);
  EXPECT_THAT(Paths(corpus), ElementsAre(a));
  EXPECT_THAT(Lines(corpus), ElementsAre());
}

TEST(CorpusTest, WhatMayNotBeReadIsNamedAndTheRestIsListed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TempFolder folder;
  const std::string closed = folder.Write("closed", "T");
  const std::string below = folder.Write("sub/x", "T");
  const std::string open = folder.Write("z", "T");
  ::chmod(closed.c_str(), 0);
  ::chmod((folder.path() + "/sub").c_str(), 0);
  const Corpus corpus = ListCorpus({folder.path()}, &BeginsWithT);
  ::chmod((folder.path() + "/sub").c_str(), 0700);
  EXPECT_THAT(Paths(corpus), ElementsAre(open));
  EXPECT_THAT(Lines(corpus), ElementsAre(closed + ": cannot read: Permission denied",
                                         folder.path() + "/sub: cannot list: Permission denied"));
}

}  // namespace
}  // namespace gtengine::io
