#include "engine/run/origin_profiles.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/analysis/profile_builder.h"
#include "engine/reports/registry.h"

namespace gtengine::run {
namespace {

// Service and host.
using Origin = std::pair<std::string, std::string>;

ProfileLabels LabelsOf(const Origin& origin) {
  ProfileLabels labels;
  if (!origin.second.empty()) labels.emplace_back("host", origin.second);
  if (!origin.first.empty()) labels.emplace_back("service", origin.first);
  return labels;
}

// The profiles of one report over some traces.
std::vector<Profile> ProfilesOf(const ReportType& report, std::size_t position,
                                std::span<const TraceResult* const> traces,
                                const ReportOptions& options) {
  const std::unique_ptr<ReportPartial> sum = report.empty();
  for (const TraceResult* trace : traces) sum->Combine(*trace->partials[position]);
  return sum->ToDocument(options).profiles;
}

}  // namespace

std::vector<std::string> ProfileIds(std::span<const ReportType* const> reports) {
  std::vector<std::string> ids;
  for (const ReportType* report : reports) {
    for (const Profile& profile : report->empty()->ToDocument({.with_profiles = true}).profiles) {
      ids.push_back(profile.id);
    }
  }
  return ids;
}

std::vector<Profile> MakeOriginProfiles(const PartialFile& file, ReportOptions options) {
  options.with_profiles = true;
  std::map<Origin, std::vector<const TraceResult*>> traces;
  for (const TraceResult& trace : file.traces) {
    traces[{trace.facts.origin.service, trace.facts.origin.host}].push_back(&trace);
  }
  std::vector<Profile> profiles;
  for (std::size_t i = 0; i < file.reports.size(); ++i) {
    const ReportType& report = *FindReport(file.reports[i]);
    std::vector<ProfileBuilder> builders;
    for (const Profile& profile : ProfilesOf(report, i, {}, options)) {
      builders.emplace_back(profile.id, profile.heading, profile.values);
    }
    for (const auto& [origin, members] : traces) {
      const std::vector<Profile> parts = ProfilesOf(report, i, members, options);
      for (std::size_t part = 0; part < builders.size(); ++part) {
        builders[part].Add(parts[part], LabelsOf(origin));
      }
    }
    for (ProfileBuilder& builder : builders) profiles.push_back(builder.Build());
  }
  return profiles;
}

}  // namespace gtengine::run
