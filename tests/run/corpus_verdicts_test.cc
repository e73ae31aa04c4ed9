#include "engine/run/corpus_verdicts.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/render/json.h"
#include "tests/io/temp_folder.h"
#include "tests/run/scan_setup.h"

namespace gtengine::run {
namespace {

namespace fs = std::filesystem;

// Copies the small traces into a folder, and adds one that is cut and one that is no longer read.
std::string MakeCorpus(const fs::path& folder) {
  for (const std::string& path : SmallTraces()) {
    fs::copy(path, folder / fs::path(path).filename());
  }
  fs::copy(SmallTraces()[3], folder / "cut.trace");
  fs::resize_file(folder / "cut.trace", 400'000);
  std::ofstream(folder / "old.trace") << std::string("go 1.9 trace\0\0\0\0", 16);
  std::ofstream(folder / "notes.txt") << "hello";
  return folder.string();
}

VerifyOptions Options(int threads) {
  return {.threads = threads, .memory_bytes = std::uint64_t{1} << 30};
}

TEST(CorpusVerdictsTest, TellsWholeDamagedAndUnread) {
  const TempFolder folder;
  const CorpusVerdicts verdicts = JudgeCorpus({MakeCorpus(folder.path())}, Options(2));
  EXPECT_EQ(verdicts.traces.size(), 5);
  EXPECT_EQ(verdicts.whole(), 4);
  EXPECT_EQ(verdicts.damaged(), 1);
  EXPECT_EQ(verdicts.passed_over, 1);
  ASSERT_EQ(verdicts.unread.size(), 1);
  EXPECT_NE(verdicts.unread[0].what.find("go 1.9"), std::string::npos);
  for (const FileVerdict& file : verdicts.traces) {
    EXPECT_EQ(file.verdict.is_whole(), !file.path.ends_with("cut.trace"));
  }
}

TEST(CorpusVerdictsTest, NamedFilesMustBeTraces) {
  const CorpusVerdicts verdicts =
      JudgeCorpus({CorpusPath("README.md"), "no/such/file"}, Options(1));
  EXPECT_TRUE(verdicts.traces.empty());
  EXPECT_EQ(verdicts.unread.size(), 2);
}

TEST(CorpusVerdictsTest, ThreadsMakeNoDifference) {
  const TempFolder folder;
  const std::string path = MakeCorpus(folder.path());
  const Document one = ToDocument(JudgeCorpus({path}, Options(1)), true);
  const Document four = ToDocument(JudgeCorpus({path}, Options(4)), true);
  EXPECT_EQ(RenderJson({&one, 1}), RenderJson({&four, 1}));
}

TEST(CorpusVerdictsTest, TheDocumentListsWhatIsAskedFor) {
  const TempFolder folder;
  const CorpusVerdicts verdicts = JudgeCorpus({MakeCorpus(folder.path())}, Options(2));
  const Document problems = ToDocument(verdicts, false);
  ASSERT_EQ(problems.tables.size(), 3);
  EXPECT_EQ(problems.tables[0].rows.size(), 1);
  EXPECT_EQ(problems.tables[1].id, "gaps");
  EXPECT_EQ(problems.tables[1].rows.size(), 1);
  EXPECT_EQ(problems.tables[2].id, "unread");
  EXPECT_EQ(ToDocument(verdicts, true).tables[0].rows.size(), 5);
}

TEST(CorpusVerdictsTest, IsCancelled) {
  VerifyOptions options = Options(2);
  options.is_cancelled = [] { return true; };
  const CorpusVerdicts verdicts = JudgeCorpus(SmallTraces(), options);
  EXPECT_TRUE(verdicts.traces.empty());
}

}  // namespace
}  // namespace gtengine::run
