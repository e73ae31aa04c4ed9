#include "engine/reports/sched_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gtengine {

SchedProfile SummarizeSched(const SchedPartial& partial, bool compat_go_tool_trace) {
  SchedProfile profile;
  for (const Waits& site : partial.sites) {
    const Distribution waits = site.Counted(compat_go_tool_trace);
    if (waits.empty()) continue;
    profile.count += waits.count();
    profile.time_ns += waits.sum();
    profile.max_ns = std::max(profile.max_ns, waits.max());
    ++profile.stacks;
  }
  return profile;
}

std::vector<StackProfile> SchedPartial::Profiles(const ReportOptions& options) const {
  StackProfile profile{.name = std::string(kName), .tables = &tables, .samples = {}};
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const Distribution waits = sites[i].Counted(options.compat_go_tool_trace);
    if (waits.empty()) continue;
    profile.samples.push_back({.stack = StackRef{static_cast<std::uint32_t>(i)},
                               .count = waits.count(),
                               .time_ns = waits.sum()});
  }
  return {std::move(profile)};
}

void VisitSchedStacks(const SchedPartial& partial, bool compat_go_tool_trace,
                      const SchedStackVisitor& visit) {
  const TraceTables& tables = partial.tables;
  for (std::size_t i = 0; i < partial.sites.size(); ++i) {
    const Distribution waits = partial.sites[i].Counted(compat_go_tool_trace);
    if (waits.empty()) continue;
    std::vector<std::string> frames;
    for (const FrameRef ref : tables.stacks.GetStack(StackRef{static_cast<std::uint32_t>(i)})) {
      const Frame& frame = tables.stacks.GetFrame(ref);
      frames.push_back(fmt::format("{} {}:{}", tables.strings.Get(frame.function),
                                   tables.strings.Get(frame.file), frame.line));
    }
    visit(frames, waits.count(), waits.sum());
  }
}

}  // namespace gtengine
