#include "engine/reports/sched_profile.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/analysis/profile_builder.h"

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

Profile MakeSchedProfile(const SchedPartial& partial, bool compat_go_tool_trace) {
  ProfileBuilder builder(
      "sched", "Scheduler latency",
      {{.id = "contentions", .unit = Unit::kCount}, {.id = "delay", .unit = Unit::kNs}});
  for (std::size_t i = 0; i < partial.sites.size(); ++i) {
    const Distribution waits = partial.sites[i].Counted(compat_go_tool_trace);
    if (waits.empty()) continue;
    builder.Add(partial.tables, StackRef{static_cast<std::uint32_t>(i)},
                {Int128{waits.count()}, static_cast<Int128>(waits.sum())});
  }
  return builder.Build();
}

}  // namespace gtengine
