#include "engine/run/origin_profiles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "engine/analysis/profile_builder.h"
#include "engine/reports/registry.h"

namespace gtengine::run {
namespace {

// Service and host.
using Origin = std::pair<std::string, std::string>;
using OriginTraces = std::map<Origin, std::vector<const TraceResult*>>;

ProfileLabels LabelsOf(const Origin& origin) {
  ProfileLabels labels;
  if (!origin.second.empty()) labels.emplace_back("host", origin.second);
  if (!origin.first.empty()) labels.emplace_back("service", origin.first);
  return labels;
}

// What the file's report at `position` comes to over some of its traces.
std::unique_ptr<ReportPartial> SumOf(const PartialFile& file, std::size_t position,
                                     std::span<const TraceResult* const> traces) {
  std::unique_ptr<ReportPartial> sum = FindReport(file.reports[position])->empty();
  for (const TraceResult* trace : traces) sum->Combine(*trace->partials[position]);
  return sum;
}

void AddSamples(const StackProfile& from, const ProfileLabels& labels, ProfileBuilder& to) {
  for (const StackProfile::Sample& sample : from.samples) {
    to.Add(*from.tables, sample.stack, {Int128{sample.count}, static_cast<Int128>(sample.time_ns)},
           labels);
  }
}

}  // namespace

std::vector<std::string> ProfileNames(std::span<const ReportType* const> reports) {
  std::vector<std::string> names;
  for (const ReportType* report : reports) {
    const std::unique_ptr<ReportPartial> nothing = report->empty();
    for (const StackProfile& profile : nothing->Profiles({})) names.push_back(profile.name);
  }
  return names;
}

Result<Profile> MakeOriginProfile(const PartialFile& file, std::string_view name,
                                  const ReportOptions& options) {
  OriginTraces traces;
  for (const TraceResult& trace : file.traces) {
    traces[{trace.facts.origin.service, trace.facts.origin.host}].push_back(&trace);
  }
  // The values of `go tool trace -pprof`.
  ProfileBuilder builder(std::string(name), {{.id = "contentions", .unit = Unit::kCount},
                                             {.id = "delay", .unit = Unit::kNs}});
  std::set<std::string> names;
  for (std::size_t i = 0; i < file.reports.size(); ++i) {
    for (const auto& [origin, members] : traces) {
      const std::unique_ptr<ReportPartial> sum = SumOf(file, i, members);
      for (const StackProfile& profile : sum->Profiles(options)) {
        names.insert(profile.name);
        if (profile.name == name) AddSamples(profile, LabelsOf(origin), builder);
      }
    }
  }
  if (!traces.empty() && !names.contains(std::string(name))) {
    return Error{.code = ErrorCode::kUsage,
                 .what = fmt::format("there is no profile \"{}\"; profiles are: {}", name,
                                     fmt::join(names, ", "))};
  }
  return builder.Build();
}

}  // namespace gtengine::run
