#include "engine/analysis/row_survey.h"

#include <algorithm>

namespace gtengine {

RowSurvey::RowSurvey(const RowChoice& choice, const SpanRequest& wanted)
    : choice_(choice), wanted_(wanted) {}

SpanRequest RowSurvey::Request() const {
  SpanRequest request;
  for (const GoState state :
       {GoState::kRunnable, GoState::kRunning, GoState::kWaiting, GoState::kSyscall}) {
    request.states[static_cast<std::size_t>(state)] = true;
  }
  request.goroutine_columns = {.g = true, .start_function = true, .cause = true};
  request.sets.labels = !choice_.label.empty();
  request.sets.logs = !choice_.log.empty();
  request.sets.region_slices = choice_.needs_work();
  request.sets.regions = !choice_.region.empty();
  request.sets.ranges = wanted_.only_stops;
  request.sets.range_stacks = wanted_.only_stops && wanted_.sets.range_stacks;
  request.sets.range_running = wanted_.only_stops && wanted_.sets.range_running;
  request.sets.generations = wanted_.sets.generations;
  return request;
}

void RowSurvey::OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) {
  for (std::size_t i = 0; i < spans.rows; ++i) {
    const bool is_first = spans.cause[i] == SpanCause::kCreated || (spans.flags[i] & kCutAtStart);
    const bool runs_first = spans.state == GoState::kRunning && (spans.flags[i] & kNeverRanYet);
    if (!is_first && !runs_first) continue;
    Goroutine& goroutine = goroutines_[Raw(spans.g[i])];
    goroutine.has_run |= runs_first;
    if (spans.start_function[i] != kEmptyString) {
      goroutine.start_function = copies_.Copy(spans.start_function[i], tables.strings, strings_);
    } else {
      unnamed_[spans.goroutine[i]] = spans.g[i];
    }
  }
}

void RowSurvey::OnLateName(std::uint32_t goroutine, StringRef start_function,
                           const TraceTables& tables) {
  const auto unnamed = unnamed_.find(goroutine);
  if (unnamed == unnamed_.end()) return;
  goroutines_[Raw(unnamed->second)].start_function =
      copies_.Copy(start_function, tables.strings, strings_);
  unnamed_.erase(unnamed);
}

void RowSurvey::OnLabels(const Labels& labels, const TraceTables& tables) {
  for (std::size_t i = 0; i < labels.rows; ++i) {
    goroutines_[Raw(labels.g[i])].label_marks |=
        choice_.label.Mark(tables.strings.Get(labels.label[i]));
  }
}

void RowSurvey::OnLogs(const Logs& logs, const TraceTables& tables) {
  for (std::size_t i = 0; i < logs.rows; ++i) {
    if (logs.task[i] == kBackgroundTask) continue;
    const TextMarks marks = choice_.log.Mark(tables.strings.Get(logs.category[i])) |
                            choice_.log.Mark(tables.strings.Get(logs.message[i]));
    if (marks != kNoMarks) log_marks_[Raw(logs.task[i])] |= marks;
  }
}

void RowSurvey::OnRanges(const Ranges& ranges, const TraceTables&) {
  for (std::size_t i = 0; i < ranges.rows; ++i) {
    if (ranges.kind[i] != RangeKind::kStopTheWorld) continue;
    if (stops_.empty() || stops_.back()->rows == Ranges::kRows) {
      stops_.push_back(std::make_unique<Ranges>());
    }
    Ranges& stops = *stops_.back();
    const std::size_t row = stops.rows++;
    stops.kind[row] = ranges.kind[i];
    stops.scope_g[row] = ranges.scope_g[i];
    stops.scope_p[row] = ranges.scope_p[i];
    stops.start_g[row] = ranges.start_g[i];
    stops.end_g[row] = ranges.end_g[i];
    stops.start_ns[row] = ranges.start_ns[i];
    stops.end_ns[row] = ranges.end_ns[i];
    stops.stopped_ns[row] = ranges.stopped_ns[i];
    stops.flags[row] = ranges.flags[i];
  }
}

void RowSurvey::OnRegionSlices(const RegionSlices& slices, const TraceTables& tables) {
  for (std::size_t i = 0; i < slices.rows; ++i) {
    if (slices.start_ns[i] == slices.end_ns[i]) continue;
    std::vector<Work>& works = works_[Raw(slices.g[i])];
    if (!works.empty() && works.back().end_ns == slices.start_ns[i] &&
        works.back().region == slices.region[i] && works.back().task == slices.task[i]) {
      works.back().end_ns = slices.end_ns[i];
      continue;
    }
    const std::size_t before = works.capacity();
    works.push_back({.start_ns = slices.start_ns[i],
                     .end_ns = slices.end_ns[i],
                     .region = slices.region[i],
                     .task = slices.task[i],
                     .task_name = copies_.Copy(slices.task_name[i], tables.strings, strings_)});
    work_bytes_ += (works.capacity() - before) * sizeof(Work);
  }
}

void RowSurvey::OnRegions(const Regions& regions, const TraceTables& tables) {
  for (std::size_t i = 0; i < regions.rows; ++i) {
    const auto index = static_cast<std::size_t>(Raw(regions.region[i]));
    if (index >= regions_.size()) regions_.resize(index + 1);
    // What a goroutine inherits has no name.
    const bool is_named = !(regions.flags[i] & kInherited);
    regions_[index] = {
        .parent = regions.parent[i],
        .marks = is_named ? choice_.region.Mark(tables.strings.Get(regions.name[i])) : kNoMarks};
  }
}

void RowSurvey::OnGenerations(const Generations& generations, const TraceTables&) {
  generations_.push_back(std::make_unique<Generations>(generations));
}

void RowSurvey::Finish() {
  // Outer regions have begun before inner ones, and so have lower numbers.
  for (Region& region : regions_) {
    const auto parent = static_cast<std::size_t>(Raw(region.parent));
    if (region.parent != kNoRegion && parent < regions_.size()) {
      region.marks |= regions_[parent].marks;
    }
  }
  if (choice_.region.empty()) return;
  for (const auto& [g, works] : works_) {
    for (const Work& work : works) {
      if (work.task == kBackgroundTask) continue;
      const TextMarks marks = RegionMarks(work.region);
      if (marks != kNoMarks) task_region_marks_[Raw(work.task)] |= marks;
    }
  }
}

std::span<const RowSurvey::Work> RowSurvey::WorksOf(GoId g) const {
  const auto found = works_.find(Raw(g));
  if (found == works_.end()) return {};
  return found->second;
}

const RowSurvey::Work* RowSurvey::WorkAt(GoId g, TimeNs time_ns) const {
  const std::span<const Work> works = WorksOf(g);
  const auto next = std::ranges::upper_bound(works, time_ns, {}, &Work::end_ns);
  return next == works.end() || next->start_ns > time_ns ? nullptr : &*next;
}

TextMarks RowSurvey::RegionMarks(RegionId region) const {
  const auto index = static_cast<std::size_t>(Raw(region));
  return index < regions_.size() ? regions_[index].marks : kNoMarks;
}

std::size_t RowSurvey::state_bytes(const Growth& growth) const {
  return RobinBytes(goroutines_, growth.born) + RobinBytes(unnamed_, growth.goroutines) +
         RobinBytes(works_, choice_.needs_work() ? growth.born : 0) + work_bytes_ +
         (choice_.needs_work() ? 4 * growth.regions * sizeof(Work) : 0) +
         HeapBytes(regions_, choice_.region.empty() ? 0 : growth.regions) +
         RobinBytes(log_marks_, choice_.log.empty() ? 0 : growth.tasks) +
         RobinBytes(task_region_marks_) + strings_.heap_bytes() + copies_.heap_bytes() +
         generations_.size() * sizeof(Generations) + (stops_.size() + 1) * sizeof(Ranges);
}

}  // namespace gtengine
