#include "engine/run/partial_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/io/temp_folder.h"
#include "tests/run/scan_setup.h"

namespace gtengine::run {
namespace {

using testing::HasSubstr;

PartialFile Scan(const std::vector<std::string>& paths) {
  return ScanCorpusToPartial(paths, SchedOptions());
}

// What a partial file says after it was bytes.
PartialFile Reread(PartialFile file) {
  auto parsed = ParsePartialFile(SerializePartialFile(std::move(file)));
  EXPECT_TRUE(parsed.ok()) << parsed.error().ToString();
  return std::move(parsed).value();
}

std::string Merged(std::vector<PartialFile> files) {
  auto merged = MergePartialFiles(std::move(files));
  EXPECT_TRUE(merged.ok()) << merged.error().ToString();
  return Text(*merged);
}

TEST(PartialFileTest, AnySplitMergesToTheScanOfAll) {
  const TempFolder folder;
  std::vector<std::string> paths = SmallTraces();
  // Two with equal content, one that is damaged, one that is missing.
  paths.push_back(folder.Write("again.trace", ReadWhole(paths[1])));
  std::string content = ReadWhole(paths[3]);
  content.resize(content.size() / 2);
  paths.push_back(folder.Write("cut.trace", content));
  paths.push_back(folder.path() + "/none");
  const std::string expected = Text(ScanCorpus(paths, SchedOptions()));
  std::mt19937 random(7);
  for (int round = 0; round < 6; ++round) {
    std::ranges::shuffle(paths, random);
    std::vector<std::vector<std::string>> shards(1 + random() % 4);
    for (const std::string& path : paths) shards[random() % shards.size()].push_back(path);
    std::vector<PartialFile> files;
    for (const auto& shard : shards) files.push_back(Reread(Scan(shard)));
    EXPECT_EQ(Merged(std::move(files)), expected);
  }
}

TEST(PartialFileTest, BytesAreCanonical) {
  const std::vector<std::string> paths = SmallTraces();
  const std::string all = SerializePartialFile(Scan(paths));
  EXPECT_EQ(SerializePartialFile(Scan({paths.rbegin(), paths.rend()})), all);
  std::vector<PartialFile> shards;
  for (const std::string& path : paths) shards.push_back(Scan({path}));
  auto joined = JoinPartialFiles(std::move(shards));
  ASSERT_TRUE(joined.ok());
  EXPECT_EQ(SerializePartialFile(std::move(joined).value()), all);
}

TEST(PartialFileTest, ATraceThatTwoShardsScannedCountsOnce) {
  const std::vector<std::string> paths = SmallTraces();
  std::vector<PartialFile> files;
  files.push_back(Scan({paths[0], paths[1]}));
  files.push_back(Scan({paths[1], paths[2]}));
  EXPECT_EQ(Merged(std::move(files)),
            Text(ScanCorpus({paths[0], paths[1], paths[2]}, SchedOptions())));
}

TEST(PartialFileTest, SomeReportsCanBeKept) {
  ScanOptions options = SchedOptions();
  options.reports = {FindReport("sched"), FindReport("syscalls"), FindReport("labels")};
  PartialFile file = ScanCorpusToPartial(SmallTraces(), options);
  KeepReports(file, {"labels", "sched"});
  options.reports = {FindReport("labels"), FindReport("sched")};
  EXPECT_TRUE(SerializePartialFile(std::move(file)) ==
              SerializePartialFile(ScanCorpusToPartial(SmallTraces(), options)));
}

TEST(PartialFileTest, IsKnownByItsFirstBytes) {
  EXPECT_TRUE(LooksLikePartialFile(SerializePartialFile({})));
  EXPECT_FALSE(LooksLikePartialFile("gtengine partial"));
  EXPECT_FALSE(LooksLikePartialFile("go 1.26 trace"));
}

TEST(PartialFileTest, OtherBytesAreRefused) {
  const auto error = [](std::string_view bytes) {
    const auto parsed = ParsePartialFile(bytes);
    EXPECT_FALSE(parsed.ok());
    return parsed.ok() ? "" : parsed.error().ToString();
  };
  EXPECT_THAT(error(""), HasSubstr("not a partial file"));
  EXPECT_THAT(error("go 1.26 trace"), HasSubstr("not a partial file"));
  EXPECT_THAT(error("gtengine partial\n"), HasSubstr("no version"));
  EXPECT_THAT(error("gtengine partial\n\x08\x63"), HasSubstr("version 99; this program reads 2"));
}

TEST(PartialFileTest, DamagedBytesNeverCrash) {
  const std::string bytes = SerializePartialFile(Scan({SmallTraces()[0]}));
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 50) {
    EXPECT_FALSE(ParsePartialFile(std::string_view(bytes).substr(0, size)).ok()) << size;
  }
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = bytes;
    for (int i = 0; i < 3; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto parsed = ParsePartialFile(damaged);
    if (parsed.ok()) SerializePartialFile(ParsePartialFile(damaged).value());
  }
}

}  // namespace
}  // namespace gtengine::run
