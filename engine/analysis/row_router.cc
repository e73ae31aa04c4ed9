#include "engine/analysis/row_router.h"

#include <algorithm>
#include <utility>

#include "engine/analysis/row_copy.h"

namespace gtengine {
namespace {

constexpr TextMarks kUnknown = 0xff;

TextMarks& At(std::vector<TextMarks>& marks, std::size_t index) {
  if (index >= marks.size()) marks.resize(index + 1, kUnknown);
  return marks[index];
}

// The marks of a string of the table, looked up once.
TextMarks MarksOf(std::vector<TextMarks>& known, const TextFilter& filter, StringRef ref,
                  const StringTable& strings) {
  TextMarks& marks = At(known, static_cast<std::size_t>(ref));
  if (marks == kUnknown) marks = filter.Mark(strings.Get(ref));
  return marks;
}

// Whose a range is: a sweep, which is of a P, is of the goroutine that was there from its beginning
// to its end.
GoId GoroutineOf(const Ranges& ranges, std::size_t row) {
  if (ranges.kind[row] == RangeKind::kSweep &&
      (ranges.start_g[row] == ranges.end_g[row] || (ranges.flags[row] & kCutAtEnd))) {
    return ranges.start_g[row];
  }
  return ranges.scope_g[row];
}

// Without what the survey has.
SpanRequest Routed(SpanRequest request) {
  request.states[static_cast<std::size_t>(GoState::kRunning)] &= !request.only_first_runs;
  request.sets.ranges &= !request.only_stops;
  return request;
}

}  // namespace

void UniteRouted(SpanRequest& all, const SpanRequest& one) {
  const SpanRequest routed = Routed(one);
  for (std::size_t i = 0; i < kGoStateCount; ++i) all.states[i] |= routed.states[i];
  all.goroutine_columns.Unite(routed.goroutine_columns);
  all.sets.Unite(routed.sets);
  all.only_first_runs |= one.only_first_runs;
  all.only_stops |= one.only_stops;
}

RowRouter::RowRouter(const RowChoice& choice, RowSurvey& survey, const SpanRequest& wanted,
                     BeginGroup begin_group)
    : choice_(choice), survey_(survey), request_(wanted), begin_group_(std::move(begin_group)) {
  request_.goroutine_columns.g = true;
  request_.goroutine_columns.cause = true;
  // These come from the survey.
  request_.sets.generations = false;
  if (!choice_.stack.empty()) {
    request_.goroutine_columns.start_stack = true;
    request_.sets.syscall_stacks |= request_.sets.syscalls;
    request_.sets.range_stacks |= request_.sets.ranges;
    request_.sets.task_stacks |= request_.sets.tasks;
    request_.sets.region_stacks |= request_.sets.regions;
    request_.sets.log_stacks |= request_.sets.logs;
  }
}

TextMarks RowRouter::StackMarks(StackRef stack, const TraceTables& tables) {
  const auto index = static_cast<std::size_t>(stack);
  if (index < stack_marks_.size() && stack_marks_[index] != kUnknown) return stack_marks_[index];
  TextMarks marks = kNoMarks;
  for (const FrameRef ref : tables.stacks.GetStack(stack)) {
    const Frame& frame = tables.stacks.GetFrame(ref);
    for (const StringRef text : {frame.function, frame.file}) {
      marks |= MarksOf(frame_text_marks_, choice_.stack, text, tables.strings);
    }
  }
  return At(stack_marks_, index) = marks;
}

std::uint32_t RowRouter::GroupNamed(StringRef task_name, StringRef start_function,
                                    const TraceTables& tables) {
  const std::uint64_t key = std::uint64_t{static_cast<std::uint32_t>(task_name)} << 32 |
                            static_cast<std::uint32_t>(start_function);
  const auto [place, is_new] =
      group_numbers_.try_emplace(key, static_cast<std::uint32_t>(groups_.size()));
  const std::uint32_t number = place->second;
  if (!is_new) return number;
  std::vector<std::string> texts;
  if (choice_.by_task) texts.emplace_back(survey_.strings().Get(task_name));
  if (choice_.by_goroutine) texts.emplace_back(survey_.strings().Get(start_function));
  Group& group = groups_.emplace_back();
  for (SpanConsumer* consumer : begin_group_(texts)) {
    group.push_back({consumer, Routed(consumer->Request())});
    const SpanRequest& request = group.back().request;
    if (request.sets.generations) {
      for (const auto& generations : survey_.generations()) {
        consumer->OnGenerations(*generations, tables);
      }
    }
    if (request.only_stops) {
      for (const auto& stops : survey_.stops()) consumer->OnRanges(*stops, tables);
    }
  }
  return number;
}

std::uint32_t RowRouter::GroupOf(const Row& row, const RowSurvey::Work* work,
                                 const TraceTables& tables) {
  const RowSurvey::Goroutine* const who = row.g == kNoGoroutine ? nullptr : survey_.Find(row.g);
  const StringRef start_function = who == nullptr ? kEmptyString : who->start_function;
  if (!choice_.goroutine.empty()) {
    const TextMarks marks = row.g == kNoGoroutine ? kNoMarks
                                                  : MarksOf(goroutine_marks_, choice_.goroutine,
                                                            start_function, survey_.strings());
    if (!choice_.goroutine.Accepts(marks)) return kNoGroup;
  }
  if (!choice_.stack.empty() && !choice_.stack.Accepts(StackMarks(row.stack, tables))) {
    return kNoGroup;
  }
  if (!choice_.label.empty()) {
    const TextMarks of_goroutine = who == nullptr ? kNoMarks : who->label_marks;
    if (!choice_.label.Accepts(row.label_marks.value_or(of_goroutine))) return kNoGroup;
  }
  TaskId task = row.task;
  StringRef task_name = kEmptyString;
  if (task != kBackgroundTask) {
    task_name = copies_.Copy(row.task_name, tables.strings, survey_.strings());
  } else if (work != nullptr) {
    task = work->task;
    task_name = work->task_name;
  }
  if (!choice_.task.empty()) {
    const TextMarks marks = task == kBackgroundTask
                                ? kNoMarks
                                : MarksOf(task_marks_, choice_.task, task_name, survey_.strings());
    if (!choice_.task.Accepts(marks)) return kNoGroup;
  }
  if (!choice_.region.empty()) {
    const TextMarks around = work == nullptr ? kNoMarks : survey_.RegionMarks(work->region);
    if (!choice_.region.Accepts(row.region_marks.value_or(around))) return kNoGroup;
  }
  if (!choice_.log.empty()) {
    const TextMarks of_task = task == kBackgroundTask ? kNoMarks : survey_.LogMarks(task);
    if (!choice_.log.Accepts(row.log_marks.value_or(of_task))) return kNoGroup;
  }
  return GroupNamed(choice_.by_task ? task_name : kEmptyString,
                    choice_.by_goroutine ? start_function : kEmptyString, tables);
}

std::uint32_t RowRouter::GroupAt(const Row& row, TimeNs time_ns, const TraceTables& tables) {
  return GroupOf(row, choice_.needs_work() ? survey_.WorkAt(row.g, time_ns) : nullptr, tables);
}

template <class Columns, class GroupOfRow>
void RowRouter::Route(const Columns& columns, const TraceTables& tables, bool SetRequest::*wanted,
                      void (SpanConsumer::*receive)(const Columns&, const TraceTables&),
                      GroupOfRow group_of) {
  pieces_.clear();
  for (std::size_t i = 0; i < columns.rows; ++i) {
    const std::uint32_t group = group_of(i);
    if (group == kNoGroup) continue;
    pieces_.push_back({.group = group, .row = static_cast<std::uint32_t>(i)});
  }
  std::ranges::stable_sort(pieces_, {}, &Piece::group);
  std::unique_ptr<Columns>& chunk = std::get<std::unique_ptr<Columns>>(chunks_);
  // Uninitialised on purpose: what is read was copied there.
  if (chunk == nullptr) chunk = std::make_unique_for_overwrite<Columns>();
  chunk->rows = 0;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    CopyRow(columns, pieces_[i].row, *chunk, chunk->rows++);
    const std::uint32_t group = pieces_[i].group;
    if (i + 1 < pieces_.size() && pieces_[i + 1].group == group) continue;
    for (const Target& target : groups_[group]) {
      if (target.request.sets.*wanted) (target.consumer->*receive)(*chunk, tables);
    }
    chunk->rows = 0;
  }
}

void RowRouter::OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) {
  pieces_.clear();
  const bool is_cut = spans.state == GoState::kRunning && choice_.needs_work();
  for (std::size_t i = 0; i < spans.rows; ++i) {
    if (is_cut) {
      CutRun(spans, i, tables);
      continue;
    }
    const Row row{.g = spans.g[i],
                  .stack = choice_.stack.empty() ? kNoStack : spans.start_stack[i]};
    const std::uint32_t group = GroupAt(row, spans.start_ns[i], tables);
    if (group == kNoGroup) continue;
    pieces_.push_back({.group = group,
                       .row = static_cast<std::uint32_t>(i),
                       .start_ns = spans.start_ns[i],
                       .end_ns = spans.end_ns[i]});
  }
  std::ranges::stable_sort(pieces_, {}, &Piece::group);
  DeliverSpans(spans, tables);
}

// A running span's parts of one group each.
void RowRouter::CutRun(const GoroutineSpans& spans, std::size_t row, const TraceTables& tables) {
  const Row of{.g = spans.g[row],
               .stack = choice_.stack.empty() ? kNoStack : spans.start_stack[row]};
  const TimeNs end_ns = spans.end_ns[row];
  const std::span<const RowSurvey::Work> works = survey_.WorksOf(of.g);
  TimeNs now_ns = spans.start_ns[row];
  auto next = std::ranges::upper_bound(works, now_ns, {}, &RowSurvey::Work::end_ns);
  Piece open{.group = kNoGroup, .row = static_cast<std::uint32_t>(row), .start_ns = now_ns};
  const auto close = [&](TimeNs at_ns, bool is_last) {
    open.end_ns = at_ns;
    open.is_last = is_last;
    if (open.group != kNoGroup) pieces_.push_back(open);
    open.start_ns = at_ns;
    open.is_first = false;
  };
  for (bool is_begun = false;;) {
    const bool is_inside = next != works.end() && next->start_ns <= now_ns;
    const std::uint32_t group = GroupOf(of, is_inside ? &*next : nullptr, tables);
    if (is_begun && group != open.group) close(now_ns, false);
    open.group = group;
    is_begun = true;
    const TimeNs until_ns = next == works.end() ? end_ns
                            : is_inside         ? next->end_ns
                                                : next->start_ns;
    if (is_inside) ++next;
    if (until_ns >= end_ns) break;
    now_ns = until_ns;
  }
  close(end_ns, true);
}

void RowRouter::NoteFirstRun(const GoroutineSpans& spans, std::size_t row) {
  if (spans.state == GoState::kRunning || !(spans.flags[row] & (kNeverRanYet | kAfterForever))) {
    return;
  }
  const RowSurvey::Goroutine* const who = survey_.Find(spans.g[row]);
  if (who == nullptr || !who->has_run) return;
  const std::size_t at = first_runs_->rows++;
  first_runs_->g[at] = spans.g[row];
  first_runs_->cause[at] = SpanCause::kStarted;
  first_runs_->flags[at] = kNeverRanYet;
}

// Hands on the pieces, which are in order of their groups.
void RowRouter::DeliverSpans(const GoroutineSpans& spans, const TraceTables& tables) {
  if (spans_ == nullptr) {
    spans_ = std::make_unique<GoroutineSpans>();
    first_runs_ = std::make_unique<GoroutineSpans>();
    first_runs_->state = GoState::kRunning;
  }
  spans_->state = spans.state;
  spans_->rows = 0;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    const std::size_t row = spans_->rows++;
    CopyRow(spans, piece.row, *spans_, row);
    spans_->start_ns[row] = piece.start_ns;
    spans_->end_ns[row] = piece.end_ns;
    if (!piece.is_first) {
      spans_->cause[row] = SpanCause::kStarted;
      spans_->flags[row] &= static_cast<std::uint8_t>(~(kCutAtStart | kNeverRanYet));
    }
    if (!piece.is_last) {
      spans_->flags[row] &= static_cast<std::uint8_t>(~(kCutAtEnd | kEndsGoroutine));
    }
    if (request_.goroutine_columns.start_function &&
        spans.start_function[piece.row] == kEmptyString) {
      std::vector<std::uint32_t>& groups = unnamed_[spans.goroutine[piece.row]];
      if (groups.empty() || groups.back() != piece.group) groups.push_back(piece.group);
    }
    NoteFirstRun(spans, piece.row);
    const bool is_end = i + 1 == pieces_.size() || pieces_[i + 1].group != piece.group;
    if (is_end || spans_->rows == GoroutineSpans::kRows) FlushSpans(piece.group, tables);
  }
}

void RowRouter::FlushSpans(std::uint32_t group, const TraceTables& tables) {
  for (const Target& target : groups_[group]) {
    if (target.request.only_first_runs) {
      if (first_runs_->rows > 0) target.consumer->OnGoroutineSpans(*first_runs_, tables);
      if (spans_->state == GoState::kRunning) continue;
    }
    if (target.request.states[static_cast<std::size_t>(spans_->state)]) {
      target.consumer->OnGoroutineSpans(*spans_, tables);
    }
  }
  spans_->rows = 0;
  first_runs_->rows = 0;
}

void RowRouter::OnLateName(std::uint32_t goroutine, StringRef start_function,
                           const TraceTables& tables) {
  const auto found = unnamed_.find(goroutine);
  if (found == unnamed_.end()) return;
  std::vector<std::uint32_t> groups = found->second;
  unnamed_.erase(found);
  std::ranges::sort(groups);
  const auto again = std::ranges::unique(groups);
  groups.erase(again.begin(), again.end());
  for (const std::uint32_t group : groups) {
    for (const Target& target : groups_[group]) {
      target.consumer->OnLateName(goroutine, start_function, tables);
    }
  }
}

void RowRouter::OnLateSampleName(GoId g, StringRef start_function, const TraceTables& tables) {
  for (const Group& group : groups_) {
    for (const Target& target : group) {
      if (target.request.sets.sample_goroutines) {
        target.consumer->OnLateSampleName(g, start_function, tables);
      }
    }
  }
}

void RowRouter::OnLabels(const Labels& labels, const TraceTables& tables) {
  Route(labels, tables, &SetRequest::labels, &SpanConsumer::OnLabels, [&](std::size_t i) {
    const TextMarks marks = choice_.label.Mark(tables.strings.Get(labels.label[i]));
    return GroupAt({.g = labels.g[i], .label_marks = marks}, labels.time_ns[i], tables);
  });
}

void RowRouter::OnLogs(const Logs& logs, const TraceTables& tables) {
  Route(logs, tables, &SetRequest::logs, &SpanConsumer::OnLogs, [&](std::size_t i) {
    Row row{.g = logs.g[i],
            .stack = choice_.stack.empty() ? kNoStack : logs.stack[i],
            .task = logs.task[i],
            .task_name = logs.task_name[i]};
    if (!choice_.log.empty()) {
      row.log_marks = choice_.log.Mark(tables.strings.Get(logs.category[i])) |
                      choice_.log.Mark(tables.strings.Get(logs.message[i]));
    }
    return GroupAt(row, logs.time_ns[i], tables);
  });
}

void RowRouter::OnSamples(const Samples& samples, const TraceTables& tables) {
  Route(samples, tables, &SetRequest::samples, &SpanConsumer::OnSamples, [&](std::size_t i) {
    return GroupAt({.g = samples.g[i], .stack = samples.stack[i]}, samples.time_ns[i], tables);
  });
}

void RowRouter::OnRanges(const Ranges& ranges, const TraceTables& tables) {
  Route(ranges, tables, &SetRequest::ranges, &SpanConsumer::OnRanges, [&](std::size_t i) {
    const Row row{.g = GoroutineOf(ranges, i),
                  .stack = choice_.stack.empty() ? kNoStack : ranges.start_stack[i]};
    return GroupAt(row, ranges.start_ns[i], tables);
  });
}

void RowRouter::OnSyscalls(const Syscalls& calls, const TraceTables& tables) {
  Route(calls, tables, &SetRequest::syscalls, &SpanConsumer::OnSyscalls, [&](std::size_t i) {
    const Row row{.g = calls.g[i], .stack = choice_.stack.empty() ? kNoStack : calls.stack[i]};
    return GroupAt(row, calls.start_ns[i], tables);
  });
}

void RowRouter::OnRegionSlices(const RegionSlices& slices, const TraceTables& tables) {
  Route(slices, tables, &SetRequest::region_slices, &SpanConsumer::OnRegionSlices,
        [&](std::size_t i) {
          return GroupAt({.g = slices.g[i],
                          .task = slices.task[i],
                          .task_name = slices.task_name[i],
                          .region_marks = survey_.RegionMarks(slices.region[i])},
                         slices.start_ns[i], tables);
        });
}

void RowRouter::OnRegions(const Regions& regions, const TraceTables& tables) {
  Route(regions, tables, &SetRequest::regions, &SpanConsumer::OnRegions, [&](std::size_t i) {
    return GroupAt({.g = regions.g[i],
                    .stack = choice_.stack.empty() ? kNoStack : regions.start_stack[i],
                    .task = regions.task[i],
                    .task_name = regions.task_name[i],
                    .region_marks = survey_.RegionMarks(regions.region[i])},
                   regions.start_ns[i], tables);
  });
}

void RowRouter::OnTasks(const Tasks& tasks, const TraceTables& tables) {
  Route(tasks, tables, &SetRequest::tasks, &SpanConsumer::OnTasks, [&](std::size_t i) {
    const Row row{.g = tasks.start_g[i],
                  .stack = choice_.stack.empty() ? kNoStack : tasks.start_stack[i],
                  .task = tasks.task[i],
                  .task_name = tasks.name[i],
                  .region_marks = survey_.TaskRegionMarks(tasks.task[i])};
    return GroupOf(row, nullptr, tables);
  });
}

std::size_t RowRouter::state_bytes(const Growth& growth) const {
  constexpr std::size_t kChunks = 2 * sizeof(GoroutineSpans) + sizeof(Labels) + sizeof(Logs) +
                                  sizeof(Samples) + sizeof(Ranges) + sizeof(Syscalls) +
                                  sizeof(RegionSlices) + sizeof(Regions) + sizeof(Tasks);
  return kChunks + HeapBytes(groups_) +
         groups_.size() * (groups_.empty() ? 0 : HeapBytes(groups_.front())) +
         RobinBytes(group_numbers_) + copies_.heap_bytes() + HeapBytes(task_marks_) +
         HeapBytes(goroutine_marks_) + HeapBytes(frame_text_marks_) + HeapBytes(stack_marks_) +
         RobinBytes(unnamed_, growth.goroutines) + 16 * unnamed_.size() + HeapBytes(pieces_);
}

}  // namespace gtengine
