#include "engine/analysis/row_survey.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace gtengine {
namespace {

class RowSurveyTest : public ::testing::Test {
 protected:
  StringRef Ref(const std::string& text) { return tables_.strings.Intern(text); }
  std::string Text(RowSurvey& survey, StringRef ref) {
    return std::string(survey.strings().Get(ref));
  }
  void AddFirst(RowSurvey& survey, int g, std::uint32_t slot, const std::string& function) {
    const auto spans = std::make_unique<GoroutineSpans>();
    spans->state = GoState::kRunnable;
    spans->rows = 1;
    spans->g[0] = GoId{g};
    spans->goroutine[0] = slot;
    spans->start_function[0] = Ref(function);
    spans->cause[0] = SpanCause::kCreated;
    survey.OnGoroutineSpans(*spans, tables_);
  }
  void AddSlice(RowSurvey& survey, int g, TimeNs start_ns, TimeNs end_ns, int region, int task) {
    const auto slices = std::make_unique<RegionSlices>();
    slices->rows = 1;
    slices->g[0] = GoId{g};
    slices->start_ns[0] = start_ns;
    slices->end_ns[0] = end_ns;
    slices->region[0] = RegionId{static_cast<std::uint64_t>(region)};
    slices->task[0] = TaskId{static_cast<std::uint64_t>(task)};
    slices->task_name[0] = Ref("t" + std::to_string(task));
    survey.OnRegionSlices(*slices, tables_);
  }
  void AddRegion(RowSurvey& survey, int region, RegionId parent, const std::string& name) {
    const auto regions = std::make_unique<Regions>();
    regions->rows = 1;
    regions->region[0] = RegionId{static_cast<std::uint64_t>(region)};
    regions->parent[0] = parent;
    regions->name[0] = Ref(name);
    survey.OnRegions(*regions, tables_);
  }

  TraceTables tables_;
};

TEST_F(RowSurveyTest, NamesMayComeLate) {
  const RowChoice choice;
  RowSurvey survey(choice, {});
  AddFirst(survey, 5, 1, "main.early");
  AddFirst(survey, 6, 2, "");
  survey.OnLateName(2, Ref("main.late"), tables_);
  survey.Finish();
  EXPECT_EQ(Text(survey, survey.Find(GoId{5})->start_function), "main.early");
  EXPECT_EQ(Text(survey, survey.Find(GoId{6})->start_function), "main.late");
  EXPECT_EQ(survey.Find(GoId{7}), nullptr);
}

TEST_F(RowSurveyTest, TellsWhatAGoroutineWorkedForAtAnInstant) {
  RowChoice choice;
  choice.by_task = true;
  RowSurvey survey(choice, {});
  AddSlice(survey, 1, 10, 20, 0, 7);
  AddSlice(survey, 1, 20, 30, 0, 7);  // in another state: the same work
  AddSlice(survey, 1, 40, 50, 1, 8);
  survey.Finish();
  EXPECT_EQ(survey.WorksOf(GoId{1}).size(), 2u);
  EXPECT_EQ(survey.WorkAt(GoId{1}, 9), nullptr);
  EXPECT_EQ(survey.WorkAt(GoId{1}, 10)->task, TaskId{7});
  EXPECT_EQ(survey.WorkAt(GoId{1}, 29)->task, TaskId{7});
  EXPECT_EQ(survey.WorkAt(GoId{1}, 30), nullptr);
  EXPECT_EQ(Text(survey, survey.WorkAt(GoId{1}, 40)->task_name), "t8");
  EXPECT_EQ(survey.WorkAt(GoId{1}, 50), nullptr);
  EXPECT_EQ(survey.WorkAt(GoId{2}, 15), nullptr);
}

TEST_F(RowSurveyTest, ARegionIsInsideAllAroundIt) {
  RowChoice choice;
  choice.region = TextFilter::Parse({"outer"}).value();
  RowSurvey survey(choice, {});
  AddSlice(survey, 1, 10, 20, 1, 7);
  AddRegion(survey, 1, RegionId{0}, "inner");
  AddRegion(survey, 0, kNoRegion, "outer");
  AddRegion(survey, 2, kNoRegion, "other");
  survey.Finish();
  EXPECT_TRUE(choice.region.Accepts(survey.RegionMarks(RegionId{0})));
  EXPECT_TRUE(choice.region.Accepts(survey.RegionMarks(RegionId{1})));
  EXPECT_FALSE(choice.region.Accepts(survey.RegionMarks(RegionId{2})));
  EXPECT_FALSE(choice.region.Accepts(survey.RegionMarks(RegionId{3})));
  EXPECT_TRUE(choice.region.Accepts(survey.TaskRegionMarks(TaskId{7})));
  EXPECT_FALSE(choice.region.Accepts(survey.TaskRegionMarks(TaskId{8})));
}

}  // namespace
}  // namespace gtengine
