#include "engine/analysis/profile_builder.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/base/check.h"

namespace gtengine {

ProfileBuilder::ProfileBuilder(std::string id, std::string heading,
                               std::vector<ProfileValue> values) {
  profile_.id = std::move(id);
  profile_.heading = std::move(heading);
  profile_.values = std::move(values);
}

std::uint32_t ProfileBuilder::Intern(ProfileFrame frame) {
  const auto next = static_cast<std::uint32_t>(numbers_.size());
  return numbers_.try_emplace(std::move(frame), next).first->second;
}

void ProfileBuilder::Add(const TraceTables& tables, StackRef stack, std::vector<Int128> values,
                         ProfileLabels labels) {
  GTENGINE_CHECK(values.size() == profile_.values.size());
  ProfileSample sample{.stack = {}, .labels = std::move(labels), .values = std::move(values)};
  for (const FrameRef ref : tables.stacks.GetStack(stack)) {
    const Frame& frame = tables.stacks.GetFrame(ref);
    sample.stack.push_back(Intern({.function = std::string(tables.strings.Get(frame.function)),
                                   .file = std::string(tables.strings.Get(frame.file)),
                                   .line = frame.line}));
  }
  std::ranges::sort(sample.labels);
  profile_.samples.push_back(std::move(sample));
}

void ProfileBuilder::Add(const Profile& profile, const ProfileLabels& labels) {
  GTENGINE_CHECK(profile.values.size() == profile_.values.size());
  std::vector<std::uint32_t> numbers;
  for (const ProfileFrame& frame : profile.frames) numbers.push_back(Intern(frame));
  for (const ProfileSample& theirs : profile.samples) {
    ProfileSample sample = theirs;
    for (std::uint32_t& frame : sample.stack) frame = numbers[frame];
    sample.labels.insert(sample.labels.end(), labels.begin(), labels.end());
    std::ranges::sort(sample.labels);
    profile_.samples.push_back(std::move(sample));
  }
}

Profile ProfileBuilder::Build() {
  std::vector<std::uint32_t> positions(numbers_.size());
  for (const auto& [frame, number] : numbers_) {
    positions[number] = static_cast<std::uint32_t>(profile_.frames.size());
    profile_.frames.push_back(frame);
  }
  for (ProfileSample& sample : profile_.samples) {
    for (std::uint32_t& frame : sample.stack) frame = positions[frame];
  }
  const auto key = [](const ProfileSample& sample) {
    return std::tie(sample.stack, sample.labels);
  };
  std::ranges::sort(profile_.samples, {}, key);
  std::vector<ProfileSample> merged;
  for (ProfileSample& sample : profile_.samples) {
    if (merged.empty() || key(merged.back()) != key(sample)) {
      merged.push_back(std::move(sample));
      continue;
    }
    for (std::size_t i = 0; i < sample.values.size(); ++i) {
      merged.back().values[i] += sample.values[i];
    }
  }
  profile_.samples = std::move(merged);
  return std::move(profile_);
}

}  // namespace gtengine
