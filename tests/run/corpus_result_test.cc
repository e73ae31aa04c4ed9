#include "engine/run/corpus_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/run/scan_setup.h"

namespace gtengine::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TraceResult Trace(const std::string& path, std::uint64_t bytes,
                  std::vector<LostStretch> lost = {}) {
  TraceResult trace;
  trace.facts = {.path = path,
                 .bytes = bytes,
                 .content = {},
                 .origin = {.service = "s",
                            .host = "h",
                            .date = "20261123",
                            .time = path.size() == 6 ? path : ""},
                 .format = 26,
                 .events = bytes / 5,
                 .generations = 2,
                 .lost = std::move(lost)};
  trace.partials.push_back(FindReport("sched")->empty());
  return trace;
}

CorpusResult Empty() {
  const ReportType* const reports[] = {FindReport("sched")};
  return CorpusResult(reports);
}

TEST(CorpusResultTest, TheOrderOfAddingDoesNotMatter) {
  const TraceResult a = Trace("010000", 100, {{"byte 7: bad", 10}, {"byte 5: worse", 20}});
  const TraceResult b = Trace("020000", 200);
  CorpusResult forward = Empty();
  forward.Add(a);
  forward.Add(b);
  forward.AddUnread({"x", "gone"});
  forward.AddUnread({"w", "gone"});
  CorpusResult backward = Empty();
  backward.AddUnread({"w", "gone"});
  backward.AddUnread({"x", "gone"});
  backward.Add(b);
  backward.Add(a);
  EXPECT_EQ(Text(forward), Text(backward));
  EXPECT_EQ(forward.traces(), 2u);
  EXPECT_EQ(forward.bytes(), 300u);
  EXPECT_EQ(forward.events(), 60u);
  EXPECT_THAT(Text(forward), HasSubstr("first_captured=2026-11-23 01:00:00|"));
  EXPECT_THAT(Text(forward), HasSubstr("last_captured=2026-11-23 02:00:00|"));
}

TEST(CorpusResultTest, ProblemsAreLinesThatSayWhatWasKept) {
  CorpusResult result = Empty();
  EXPECT_FALSE(result.has_problems());
  result.Add(Trace("b", 100, {{"byte 9: bad", 10}, {"byte 50: worse", 20}}));
  result.AddUnread({"a", "no such file or folder"});
  EXPECT_TRUE(result.has_problems());
  EXPECT_THAT(result.ProblemLines(),
              ElementsAre("a: no such file or folder",
                          "b: byte 9: bad; lost 10 bytes, kept 2 generations with 20 events",
                          "b: byte 50: worse; lost 20 bytes, kept 2 generations with 20 events"));
}

TEST(CorpusResultTest, DuplicatesAndOtherFilesAreNoProblems) {
  CorpusResult result = Empty();
  result.AddDuplicate({"b", "a"});
  result.AddPassedOver(3);
  EXPECT_FALSE(result.has_problems());
  EXPECT_THAT(Text(result), HasSubstr("duplicates=1|passed_over=3|"));
}

}  // namespace
}  // namespace gtengine::run
