// Profiles in an order that depends on their content alone.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/analysis/document.h"
#include "engine/base/int128.h"
#include "engine/columns/stack_table.h"

namespace gtengine {

// Samples of equal frames and labels become one, whose values are the sums. One thread at a time.
class ProfileBuilder {
 public:
  ProfileBuilder(std::string id, std::string heading, std::vector<ProfileValue> values);

  // Adds a sample. `values` are as many as the profile's. O(frames * log(frames of all)).
  void Add(const TraceTables& tables, StackRef stack, std::vector<Int128> values,
           ProfileLabels labels = {});
  // Adds the samples of a profile with the same values, and to each the labels, of which it has
  // none yet.
  void Add(const Profile& profile, const ProfileLabels& labels);

  // The profile: frames in order of function, file and line, samples in order of their frames, the
  // leaf first, then of their labels. Call once. O(samples * log(samples)).
  Profile Build();

 private:
  std::uint32_t Intern(ProfileFrame frame);

  Profile profile_;  // until Build, samples name frames by their numbers
  std::map<ProfileFrame, std::uint32_t> numbers_;
};

}  // namespace gtengine
