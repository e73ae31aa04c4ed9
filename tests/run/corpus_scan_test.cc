#include "engine/run/corpus_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>

#include "tests/io/temp_folder.h"
#include "tests/order/text_trace.h"
#include "tests/run/scan_setup.h"

namespace gtengine::run {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(CorpusScanTest, ResultsDoNotDependOnThreadsOrOrder) {
  std::vector<std::string> paths = SmallTraces();
  const std::string expected = Text(ScanCorpus(paths, SchedOptions(1)));
  std::mt19937 random(1);
  for (const int threads : {1, 2, 8}) {
    std::ranges::shuffle(paths, random);
    EXPECT_EQ(Text(ScanCorpus(paths, SchedOptions(threads))), expected) << threads << " threads";
  }
}

TEST(CorpusScanTest, ATraceThatFindsNoMemoryIsScannedAgainAlone) {
  const TempFolder folder;
  std::vector<std::string> paths;
  for (const int goroutines : {60'000, 60'001, 60'002, 60'003}) {
    const auto traces = gtengine::testing::AssembleTextTraces(CrowdText(goroutines));
    ASSERT_TRUE(traces.ok()) << traces.error().ToString();
    const ByteView bytes = traces->front().bytes;
    paths.push_back(folder.Write(std::to_string(goroutines) + ".trace",
                                 {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  }
  const std::string expected = Text(ScanCorpus(paths, SchedOptions(1)));
  // The least that is enough for one.
  ScanOptions options = SchedOptions(4);
  const auto is_enough = [&](std::uint64_t bytes) {
    options.memory_bytes = bytes;
    return ScanCorpus({paths[3]}, options).traces() == 1;
  };
  std::uint64_t enough = std::uint64_t{64} << 20;
  ASSERT_TRUE(is_enough(enough));
  while (is_enough(enough - (1 << 20))) enough -= 1 << 20;
  ASSERT_GT(enough, std::uint64_t{4} << 20);
  options.memory_bytes = enough;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Text(ScanCorpus(paths, options)), expected);
}

TEST(CorpusScanTest, FilesOfEqualContentAreCountedOnceUnderTheFirstPath) {
  const TempFolder folder;
  const std::string content = ReadWhole(SmallTraces()[0]);
  const std::string b = folder.Write("b.trace", content);
  const std::string a = folder.Write("a.trace", content);
  const CorpusResult once = ScanCorpus({a}, SchedOptions());
  const CorpusResult result = ScanCorpus({b, a}, SchedOptions());
  EXPECT_EQ(result.traces(), 1u);
  EXPECT_EQ(result.events(), once.events());
  EXPECT_THAT(Text(result), HasSubstr("## duplicates\n" + b + "|" + a + "|\n"));
  EXPECT_FALSE(result.has_problems());
}

TEST(CorpusScanTest, BadFilesAreNamedAndTheOthersCount) {
  const TempFolder folder;
  std::string content = ReadWhole(SmallTraces()[3]);
  content.resize(content.size() / 2);
  const std::string cut = folder.Write("cut.trace", content);
  const std::string old = folder.Write("old.trace", std::string("go 1.10 trace\0\0\0", 16));
  const std::string none = folder.path() + "/none";
  std::vector<std::string> paths = {cut, old, none, SmallTraces()[0]};
  const CorpusResult result = ScanCorpus(paths, SchedOptions());
  EXPECT_EQ(result.traces(), 2u);
  EXPECT_TRUE(result.has_problems());
  EXPECT_THAT(result.ProblemLines(),
              ElementsAre(none + ": no such file or folder",
                          AllOf(HasSubstr(old), HasSubstr("go 1.10 is not read")),
                          AllOf(HasSubstr(cut), HasSubstr("the file ends inside a batch"),
                                HasSubstr("lost "), HasSubstr("kept "))));
}

TEST(CorpusScanTest, AGenerationThatNeedsTooMuchMemoryIsAnErrorThatSaysHowMuch) {
  ScanOptions options = SchedOptions();
  options.memory_bytes = 1000;
  const CorpusResult result = ScanCorpus({SmallTraces()[0]}, options);
  EXPECT_EQ(result.traces(), 0u);
  EXPECT_THAT(result.ProblemLines(),
              ElementsAre(HasSubstr("MiB of memory, but 0 MiB are allowed")));
}

TEST(CorpusScanTest, ProgressEndsWhenAllIsDone) {
  ScanOptions options = SchedOptions();
  Progress last;
  options.on_progress = [&last](const Progress& progress) {
    EXPECT_LE(progress.traces_done, progress.traces);
    EXPECT_LE(progress.bytes_done, progress.bytes);
    last = progress;
  };
  ScanCorpus(SmallTraces(), options);
  EXPECT_EQ(last.traces_done, SmallTraces().size());
  EXPECT_EQ(last.traces, SmallTraces().size());
  EXPECT_EQ(last.bytes_done, last.bytes);
}

TEST(CorpusScanTest, CancellationStops) {
  ScanOptions options = SchedOptions();
  std::atomic<int> asked = 0;
  options.is_cancelled = [&] { return ++asked > 3; };
  ScanCorpus(SmallTraces(), options);
  EXPECT_GT(asked, 3);
}

}  // namespace
}  // namespace gtengine::run
