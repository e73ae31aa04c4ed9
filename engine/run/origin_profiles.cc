#include "engine/run/origin_profiles.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/analysis/profile_builder.h"
#include "engine/reports/registry.h"

namespace gtengine::run {
namespace {

using Partials = std::vector<std::unique_ptr<ReportPartial>>;

// Whose a trace is, and its group, or that of some of its rows.
ProfileLabels LabelsOf(const TraceFacts& facts, const GroupTexts& row_texts,
                       const Selection& selection) {
  std::map<std::string, std::string> labels = {{"host", facts.origin.host},
                                               {"service", facts.origin.service}};
  const GroupTexts texts = GroupOf(facts, row_texts, selection);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    labels[std::string(Name(selection.group_by[i]))] = texts[i];
  }
  std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
  return {labels.begin(), labels.end()};
}

// The profiles of one report over some traces, or groups of their rows.
std::vector<Profile> ProfilesOf(const ReportType& report, std::size_t position,
                                std::span<const Partials* const> members,
                                const ReportOptions& options) {
  const std::unique_ptr<ReportPartial> sum = report.empty();
  for (const Partials* partials : members) sum->Combine(*(*partials)[position]);
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
  std::map<ProfileLabels, std::vector<const Partials*>> groups;
  for (const TraceResult& trace : file.traces) {
    if (trace.row_groups.empty() && !trace.partials.empty()) {
      groups[LabelsOf(trace.facts, {}, file.selection)].push_back(&trace.partials);
    }
    for (const RowGroup& rows : trace.row_groups) {
      groups[LabelsOf(trace.facts, rows.texts, file.selection)].push_back(&rows.partials);
    }
  }
  std::vector<Profile> profiles;
  for (std::size_t i = 0; i < file.reports.size(); ++i) {
    const ReportType& report = *FindReport(file.reports[i]);
    std::vector<ProfileBuilder> builders;
    for (const Profile& profile : ProfilesOf(report, i, {}, options)) {
      builders.emplace_back(profile.id, profile.heading, profile.values);
    }
    for (const auto& [labels, members] : groups) {
      const std::vector<Profile> parts = ProfilesOf(report, i, members, options);
      for (std::size_t part = 0; part < builders.size(); ++part) {
        builders[part].Add(parts[part], labels);
      }
    }
    for (ProfileBuilder& builder : builders) profiles.push_back(builder.Build());
  }
  return profiles;
}

}  // namespace gtengine::run
