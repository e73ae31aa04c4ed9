#include "engine/analysis/profile_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace gtengine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Added {
  std::vector<ProfileFrame> stack;
  Int128 count = 0;
  Int128 delay = 0;
  ProfileLabels labels = {};
};

ProfileBuilder Builder() {
  return {"waits", "Waits", {{.id = "n", .unit = Unit::kCount}, {.id = "t", .unit = Unit::kNs}}};
}

void AddTo(ProfileBuilder& builder, const Added& added) {
  TraceTables tables;
  std::vector<FrameRef> frames;
  for (const ProfileFrame& frame : added.stack) {
    frames.push_back(tables.stacks.InternFrame({.function = tables.strings.Intern(frame.function),
                                                .file = tables.strings.Intern(frame.file),
                                                .line = frame.line}));
  }
  builder.Add(tables, tables.stacks.InternStack(frames), {added.count, added.delay}, added.labels);
}

// "main.f:3 main.g:1 host=a = 2 30", a line a sample.
std::vector<std::string> Lines(const Profile& profile) {
  std::vector<std::string> lines;
  for (const ProfileSample& sample : profile.samples) {
    std::string& line = lines.emplace_back();
    for (const std::uint32_t position : sample.stack) {
      const ProfileFrame& frame = profile.frames.at(position);
      line += frame.function + ":" + std::to_string(frame.line) + " ";
    }
    for (const auto& [name, text] : sample.labels) line += name + "=" + text + " ";
    line += "=";
    for (const Int128 value : sample.values) {
      line += " " + std::to_string(static_cast<long long>(value));
    }
  }
  return lines;
}

const ProfileFrame kF{.function = "main.f", .file = "f.go", .line = 3};
const ProfileFrame kG{.function = "main.g", .file = "g.go", .line = 1};
const ProfileFrame kG9{.function = "main.g", .file = "g.go", .line = 9};

TEST(ProfileBuilderTest, IsEmptyWithoutSamples) {
  const Profile profile = Builder().Build();
  EXPECT_EQ(profile.id, "waits");
  EXPECT_EQ(profile.heading, "Waits");
  ASSERT_EQ(profile.values.size(), 2);
  EXPECT_EQ(profile.values[1].id, "t");
  EXPECT_THAT(profile.samples, IsEmpty());
  EXPECT_THAT(profile.frames, IsEmpty());
}

TEST(ProfileBuilderTest, EqualStacksAndLabelsBecomeOneSample) {
  ProfileBuilder builder = Builder();
  AddTo(builder, {.stack = {kG9, kF}, .count = 1, .delay = 10});
  AddTo(builder, {.stack = {kG, kF}, .count = 2, .delay = 20});
  AddTo(builder, {.stack = {kG9, kF}, .count = 3, .delay = 30});
  AddTo(builder, {.stack = {}, .count = 1, .delay = 5});
  AddTo(builder, {.stack = {kG, kF}, .count = 1, .delay = 1, .labels = {{"b", "2"}, {"a", "1"}}});
  EXPECT_THAT(Lines(builder.Build()),
              ElementsAre("= 1 5", "main.g:1 main.f:3 = 2 20", "main.g:1 main.f:3 a=1 b=2 = 1 1",
                          "main.g:9 main.f:3 = 4 40"));
}

TEST(ProfileBuilderTest, AddsProfilesWithLabels) {
  ProfileBuilder part = Builder();
  AddTo(part, {.stack = {kG}, .count = 1, .delay = 10, .labels = {{"reason", "x"}}});
  AddTo(part, {.stack = {kF}, .count = 2, .delay = 20});
  const Profile profile = part.Build();
  ProfileBuilder builder = Builder();
  builder.Add(profile, {{"host", "a"}});
  builder.Add(profile, {{"host", "b"}});
  builder.Add(profile, {{"host", "b"}});
  EXPECT_THAT(Lines(builder.Build()),
              ElementsAre("main.f:3 host=a = 2 20", "main.f:3 host=b = 4 40",
                          "main.g:1 host=a reason=x = 1 10", "main.g:1 host=b reason=x = 2 20"));
}

TEST(ProfileBuilderTest, AnyOrderGivesTheSameProfile) {
  std::mt19937_64 random(4);
  std::vector<Added> all;
  for (int i = 0; i < 200; ++i) {
    Added& added = all.emplace_back();
    for (std::uint64_t frames = random() % 3; frames > 0; --frames) {
      added.stack.push_back({.function = std::string(1, static_cast<char>('a' + random() % 3)),
                             .file = random() % 2 == 0 ? "x" : "",
                             .line = random() % 3});
    }
    added.count = 1;
    added.delay = static_cast<std::int64_t>(random() % 100);
    if (random() % 2 == 0) added.labels = {{"host", random() % 2 == 0 ? "a" : "b"}};
  }
  std::vector<std::string> expected;
  for (int round = 0; round < 5; ++round) {
    ProfileBuilder builder = Builder();
    for (const Added& added : all) AddTo(builder, added);
    const Profile profile = builder.Build();
    EXPECT_TRUE(std::ranges::is_sorted(profile.frames));
    if (round == 0) expected = Lines(profile);
    EXPECT_EQ(Lines(profile), expected);
    std::ranges::shuffle(all, random);
  }
}

}  // namespace
}  // namespace gtengine
