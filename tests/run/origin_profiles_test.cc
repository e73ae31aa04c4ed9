#include "engine/run/origin_profiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/reports/registry.h"
#include "engine/reports/sched_partial.h"
#include "engine/reports/sched_profile.h"
#include "tests/run/scan_setup.h"

namespace gtengine::run {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

PartialFile Scanned() { return ScanCorpusToPartial(SmallTraces(), SchedOptions()); }

std::string LabelText(const ProfileLabels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) text += name + "=" + value + " ";
  return text;
}

TEST(OriginProfilesTest, NamesAreThoseOfTheReports) {
  const auto names = [](std::vector<const ReportType*> reports) { return ProfileNames(reports); };
  EXPECT_THAT(names({}), ElementsAre());
  EXPECT_THAT(names({FindReport("goroutines")}), ElementsAre());
  EXPECT_THAT(names({FindReport("sched"), FindReport("blocking"), FindReport("syscalls")}),
              ElementsAre("sched", "net", "sync", "syscall"));
}

TEST(OriginProfilesTest, SamplesAreLabelledAndAddUp) {
  const PartialFile file = Scanned();
  for (const bool compat : {false, true}) {
    const auto profile = MakeOriginProfile(file, "sched", {.compat_go_tool_trace = compat});
    ASSERT_TRUE(profile.ok());
    std::map<std::string, Int128> counts;
    Int128 delay = 0;
    for (const ProfileSample& sample : profile->samples) {
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
  const auto profile = MakeOriginProfile(file, "sched", {});
  std::ranges::reverse(file.traces);
  const auto reversed = MakeOriginProfile(file, "sched", {});
  ASSERT_TRUE(profile.ok() && reversed.ok());
  EXPECT_EQ(profile->frames, reversed->frames);
  ASSERT_EQ(profile->samples.size(), reversed->samples.size());
  for (std::size_t i = 0; i < profile->samples.size(); ++i) {
    EXPECT_EQ(profile->samples[i].stack, reversed->samples[i].stack);
    EXPECT_EQ(profile->samples[i].labels, reversed->samples[i].labels);
    EXPECT_EQ(profile->samples[i].values, reversed->samples[i].values);
  }
}

TEST(OriginProfilesTest, WhatPathsDoNotTellIsNoLabel) {
  PartialFile file = Scanned();
  for (TraceResult& trace : file.traces) trace.facts.origin = {};
  const auto profile = MakeOriginProfile(file, "sched", {});
  ASSERT_TRUE(profile.ok());
  EXPECT_FALSE(profile->samples.empty());
  for (const ProfileSample& sample : profile->samples) EXPECT_TRUE(sample.labels.empty());
}

TEST(OriginProfilesTest, AnUnknownNameIsAnError) {
  ScanOptions options = SchedOptions();
  options.reports = {FindReport("blocking"), FindReport("syscalls")};
  const PartialFile file = ScanCorpusToPartial({SmallTraces().back()}, options);
  const auto profile = MakeOriginProfile(file, "sched", {});
  ASSERT_FALSE(profile.ok());
  EXPECT_THAT(profile.error().what, HasSubstr("there is no profile \"sched\"; profiles are: "));
  EXPECT_THAT(profile.error().what, HasSubstr("net, sync, syscall"));
  EXPECT_TRUE(MakeOriginProfile(file, "blocked: chan receive", {}).ok());
}

}  // namespace
}  // namespace gtengine::run
