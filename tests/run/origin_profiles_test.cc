#include "engine/run/origin_profiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "engine/reports/registry.h"
#include "engine/reports/sched_partial.h"
#include "engine/reports/sched_profile.h"
#include "tests/run/scan_setup.h"

namespace gtengine::run {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

PartialFile Scanned() { return ScanCorpusToPartial(SmallTraces(), SchedOptions()); }

std::string LabelText(const ProfileLabels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) text += name + "=" + value + " ";
  return text;
}

TEST(OriginProfilesTest, IdsAreThoseOfTheReports) {
  const ReportType* sched = FindReport("sched");
  EXPECT_THAT(ProfileIds({}), ElementsAre());
  EXPECT_THAT(ProfileIds({&sched, 1}), Contains("sched"));
}

TEST(OriginProfilesTest, SamplesAreLabelledAndAddUp) {
  const PartialFile file = Scanned();
  for (const bool compat : {false, true}) {
    const std::vector<Profile> profiles =
        MakeOriginProfiles(file, {.compat_go_tool_trace = compat});
    ASSERT_FALSE(profiles.empty());
    std::map<std::string, Int128> counts;
    Int128 delay = 0;
    for (const ProfileSample& sample : profiles[0].samples) {
      counts[LabelText(sample.labels)] += sample.values.at(0);
      delay += sample.values.at(1);
    }
    std::map<std::string, Int128> expected;
    Int128 expected_delay = 0;
    for (const TraceResult& trace : file.traces) {
      const auto& partial = dynamic_cast<const SchedPartial&>(*trace.partials[0]);
      const SchedProfile sum = SummarizeSched(partial, compat);
      const io::TraceOrigin& origin = trace.facts.origin;
      expected["host=" + origin.host + " service=" + origin.service + " "] += sum.count;
      expected_delay += static_cast<Int128>(sum.time_ns);
    }
    EXPECT_EQ(counts.size(), 4);
    EXPECT_TRUE(counts == expected);
    EXPECT_TRUE(delay == expected_delay);
  }
}

TEST(OriginProfilesTest, TracesInAnyOrderGiveTheSame) {
  PartialFile file = Scanned();
  const std::vector<Profile> profiles = MakeOriginProfiles(file, {});
  std::ranges::reverse(file.traces);
  const std::vector<Profile> reversed = MakeOriginProfiles(file, {});
  ASSERT_EQ(profiles.size(), reversed.size());
  EXPECT_EQ(profiles[0].frames, reversed[0].frames);
  ASSERT_EQ(profiles[0].samples.size(), reversed[0].samples.size());
  for (std::size_t i = 0; i < profiles[0].samples.size(); ++i) {
    EXPECT_EQ(profiles[0].samples[i].stack, reversed[0].samples[i].stack);
    EXPECT_EQ(profiles[0].samples[i].labels, reversed[0].samples[i].labels);
    EXPECT_EQ(profiles[0].samples[i].values, reversed[0].samples[i].values);
  }
}

TEST(OriginProfilesTest, WhatPathsDoNotTellIsNoLabel) {
  PartialFile file = Scanned();
  for (TraceResult& trace : file.traces) trace.facts.origin = {};
  const std::vector<Profile> profiles = MakeOriginProfiles(file, {});
  for (const ProfileSample& sample : profiles[0].samples) {
    EXPECT_TRUE(sample.labels.empty());
  }
}

}  // namespace
}  // namespace gtengine::run
