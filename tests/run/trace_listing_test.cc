#include "engine/run/trace_listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/run/duplicates.h"
#include "tests/io/compressed_bytes.h"
#include "tests/io/temp_folder.h"

namespace gtengine::run {
namespace {

using testing::ElementsAre;

std::string Trace(char c) { return std::string("go 1.26 trace\0\0\0", 16) + std::string(99, c); }

std::vector<std::string> Paths(const std::vector<io::CorpusFile>& traces) {
  std::vector<std::string> paths;
  for (const io::CorpusFile& trace : traces) paths.push_back(trace.path);
  return paths;
}

TEST(TraceListingTest, FindsTracesHoweverTheyAreStored) {
  const TempFolder folder;
  const std::string tar = io::TarMemberBytes("m", Trace('m')) + io::TarEnd();
  const std::string a = folder.Write("a", Trace('a'));
  const std::string b = folder.Write("b", io::Gzip(Trace('b')));
  const std::string c = folder.Write("c", tar);
  const std::string d = folder.Write("d", io::Zstd(tar));
  folder.Write("e", io::Gzip("text"));
  const io::Corpus corpus = ListTraces({folder.path()}, {});
  EXPECT_THAT(Paths(corpus.traces), ElementsAre(a, b, c + "!/m", d + "!/m"));
  EXPECT_EQ(corpus.passed_over, 1u);
  EXPECT_TRUE(corpus.errors.empty());
  EXPECT_TRUE(corpus.containers.empty());
  EXPECT_THAT(Paths(ListTraces({d + "!/m", d, c + "!/m"}, {}).traces),
              ElementsAre(c + "!/m", d + "!/m"));
}

TEST(TraceListingTest, EqualTracesAreFoundHoweverTheyAreStored) {
  const TempFolder folder;
  const std::string tar = io::TarMemberBytes("m", Trace('x')) +
                          io::TarMemberBytes("n", io::Zstd(Trace('x'))) +
                          io::TarMemberBytes("other", Trace('y')) + io::TarEnd();
  const std::string a = folder.Write("a", Trace('x'));
  const std::string b = folder.Write("b", io::Gzip(Trace('x')));
  const std::string c = folder.Write("c", tar);
  const std::string d = folder.Write("d", io::Zstd(tar));
  for (const bool hash_all : {false, true}) {
    io::Corpus corpus = ListTraces({folder.path()}, {});
    const DistinctTraces distinct = FindDistinct(std::move(corpus.traces), hash_all, {});
    EXPECT_THAT(Paths(distinct.traces), ElementsAre(a, c + "!/other"));
    ASSERT_EQ(distinct.duplicates.size(), 6u);
    EXPECT_EQ(distinct.duplicates.back(),
              (Duplicate{.path = d + "!/other", .same_as = c + "!/other"}));
  }
}

}  // namespace
}  // namespace gtengine::run
