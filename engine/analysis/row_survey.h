// What must be known of a whole trace before its rows can be chosen or told apart.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/analysis/row_choice.h"
#include "engine/base/heap_bytes.h"
#include "engine/base/mix_hash.h"
#include "engine/spans/span_consumer.h"

namespace gtengine {

// Interns strings of one table in another, each once.
class StringCopies {
 public:
  StringRef Copy(StringRef ref, const StringTable& from, StringTable& to) {
    const auto index = static_cast<std::size_t>(ref);
    if (index >= copies_.size()) copies_.resize(index + 1);
    if (copies_[index] == kEmptyString && ref != kEmptyString) {
      copies_[index] = to.Intern(from.Get(ref));
    }
    return copies_[index];
  }
  std::size_t heap_bytes() const { return HeapBytes(copies_); }

 private:
  std::vector<StringRef> copies_;
};

// Reads the columns of a trace once, before a RowRouter reads them again: names that come late,
// what goroutines worked for and when, which tasks had which logs. Its refs are of its own table.
// Memory: some 40 bytes a goroutine of the trace, 48 a region and 24 a task with logs, as far as
// the choice needs them. One thread at a time; reading, after Finish, from any.
class RowSurvey final : public SpanConsumer {
 public:
  struct Goroutine {
    StringRef start_function = kEmptyString;
    TextMarks label_marks = kNoMarks;
    bool has_run = false;  // for the first time, within the trace
  };
  // A time during which a goroutine's innermost region was the same.
  struct Work {
    TimeNs start_ns = 0;
    TimeNs end_ns = 0;
    RegionId region = kNoRegion;
    TaskId task = kBackgroundTask;
    StringRef task_name = kEmptyString;
  };

  // Borrows the choice. `wanted` is what those want who get the rows.
  RowSurvey(const RowChoice& choice, const SpanRequest& wanted);

  SpanRequest Request() const override;
  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) override;
  void OnLateName(std::uint32_t goroutine, StringRef start_function,
                  const TraceTables& tables) override;
  void OnLabels(const Labels& labels, const TraceTables& tables) override;
  void OnLogs(const Logs& logs, const TraceTables& tables) override;
  void OnRanges(const Ranges& ranges, const TraceTables& tables) override;
  void OnRegionSlices(const RegionSlices& slices, const TraceTables& tables) override;
  void OnRegions(const Regions& regions, const TraceTables& tables) override;
  void OnGenerations(const Generations& generations, const TraceTables& tables) override;
  // After the last row.
  void Finish();

  // Null: nothing is known of it.
  const Goroutine* Find(GoId g) const {
    const auto found = goroutines_.find(Raw(g));
    return found == goroutines_.end() ? nullptr : &found->second;
  }
  // In order of time; they do not overlap.
  std::span<const Work> WorksOf(GoId g) const;
  // What it worked for at an instant; null: for nothing that is known.
  const Work* WorkAt(GoId g, TimeNs time_ns) const;
  // Of the names of a region and all around it.
  TextMarks RegionMarks(RegionId region) const;
  // Of all logs of a task, and of all regions in which it was worked for.
  TextMarks LogMarks(TaskId task) const { return MarksIn(log_marks_, task); }
  TextMarks TaskRegionMarks(TaskId task) const { return MarksIn(task_region_marks_, task); }

  // What tells of the whole trace, for those who read it beside their own rows: generations, and
  // the stop-the-worlds.
  std::span<const std::unique_ptr<Generations>> generations() const { return generations_; }
  std::span<const std::unique_ptr<Ranges>> stops() const { return stops_; }

  StringTable& strings() { return strings_; }

  std::size_t state_bytes(const Growth& growth) const;

 private:
  using TaskMarks = tsl::robin_map<std::uint64_t, TextMarks, MixHash>;
  struct Region {
    RegionId parent = kNoRegion;
    TextMarks marks = kNoMarks;
  };

  static TextMarks MarksIn(const TaskMarks& marks, TaskId task) {
    const auto found = marks.find(Raw(task));
    return found == marks.end() ? kNoMarks : found->second;
  }

  const RowChoice& choice_;
  SpanRequest wanted_;
  StringTable strings_;
  StringCopies copies_;
  tsl::robin_map<std::int64_t, Goroutine, MixHash> goroutines_;
  tsl::robin_map<std::uint32_t, GoId, MixHash> unnamed_;  // by goroutine number
  tsl::robin_map<std::int64_t, std::vector<Work>, MixHash> works_;
  std::size_t work_bytes_ = 0;
  std::vector<Region> regions_;  // by RegionId
  TaskMarks log_marks_;
  TaskMarks task_region_marks_;
  std::vector<std::unique_ptr<Generations>> generations_;
  std::vector<std::unique_ptr<Ranges>> stops_;
};

}  // namespace gtengine
