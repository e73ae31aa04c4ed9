#include "engine/reports/sched_partial.h"

#include <tuple>

#include "engine/analysis/stack_copier.h"
#include "engine/base/check.h"

namespace gtengine {

bool WorstFirst::operator()(const WorstWait& a, const WorstWait& b) const {
  if (a.duration_ns != b.duration_ns) return a.duration_ns > b.duration_ns;
  return std::tie(a.path, a.offset_ns, a.g, a.function, a.cause, a.kind) <
         std::tie(b.path, b.offset_ns, b.g, b.function, b.cause, b.kind);
}

Waits& SchedPartial::Site(StackRef stack) {
  const auto index = static_cast<std::size_t>(stack);
  if (index >= sites.size()) sites.resize(index + 1);
  return sites[index];
}

Waits SchedPartial::Overall() const {
  Waits overall;
  for (const auto& [service, waits] : services) overall.Combine(waits);
  return overall;
}

void SchedPartial::Combine(const ReportPartial& other_report) {
  const auto* other = dynamic_cast<const SchedPartial*>(&other_report);
  GTENGINE_CHECK(other != nullptr);
  StackCopier copier(other->tables, tables);
  for (std::size_t i = 0; i < other->sites.size(); ++i) {
    if (other->sites[i].empty()) continue;
    const StackRef stack = copier.Copy(StackRef{static_cast<std::uint32_t>(i)});
    Site(stack).Combine(other->sites[i]);
  }
  for (std::size_t cause = 0; cause < kSpanCauseCount; ++cause) {
    causes[cause].Combine(other->causes[cause]);
  }
  for (const auto& [name, waits] : other->start_functions) start_functions[name].Combine(waits);
  for (const auto& [name, waits] : other->services) services[name].Combine(waits);
  worst_ordinary.Combine(other->worst_ordinary);
  worst_other.Combine(other->worst_other);
}

void SchedPartial::VisitLengths(const LengthVisitor& visit) const {
  for (std::size_t i = 0; i < sites.size(); ++i) {
    visit(KeyOfStack("wait, made runnable in", tables, StackRef{static_cast<std::uint32_t>(i)}),
          sites[i].Counted(false));
  }
  for (const auto& [name, waits] : start_functions) {
    visit(KeyOfName("wait of goroutines of", name), waits.Counted(false));
  }
}

}  // namespace gtengine
