// Hands the rows of a trace's columns to those whom they belong to.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "engine/analysis/row_choice.h"
#include "engine/analysis/row_survey.h"
#include "engine/base/heap_bytes.h"
#include "engine/base/mix_hash.h"
#include "engine/spans/span_consumer.h"

namespace gtengine {

// Stands between the builder of spans and the consumers of groups of rows. Each row goes to one
// group, or to none when the filters do not accept it. A running span is cut where what its
// goroutine works for changes, as far as that matters. Fed from one thread. Borrows the choice and
// the survey of the same trace. Memory: a chunk of each set, and some bytes a group, string and
// stack.
// What a router has to get for consumers that want this: rows that are read for the whole trace
// come from the survey.
void UniteRouted(SpanRequest& all, const SpanRequest& one);

class RowRouter final : public SpanConsumer {
 public:
  // Asked for the consumers of a group when its first row comes: `texts` has the name of the task,
  // of the start function, or both, as the choice wants them. They must outlive the router.
  using BeginGroup =
      std::function<std::vector<SpanConsumer*>(const std::vector<std::string>& texts)>;

  // `wanted`: what all consumers want, by UniteRouted.
  RowRouter(const RowChoice& choice, RowSurvey& survey, const SpanRequest& wanted,
            BeginGroup begin_group);

  SpanRequest Request() const override { return request_; }
  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) override;
  void OnLateName(std::uint32_t goroutine, StringRef start_function,
                  const TraceTables& tables) override;
  void OnLabels(const Labels& labels, const TraceTables& tables) override;
  void OnLogs(const Logs& logs, const TraceTables& tables) override;
  void OnSamples(const Samples& samples, const TraceTables& tables) override;
  void OnRanges(const Ranges& ranges, const TraceTables& tables) override;
  void OnSyscalls(const Syscalls& calls, const TraceTables& tables) override;
  void OnRegionSlices(const RegionSlices& slices, const TraceTables& tables) override;
  void OnRegions(const Regions& regions, const TraceTables& tables) override;
  void OnTasks(const Tasks& tasks, const TraceTables& tables) override;
  void OnLateSampleName(GoId g, StringRef start_function, const TraceTables& tables) override;

  std::size_t state_bytes(const Growth& growth) const;

 private:
  static constexpr std::uint32_t kNoGroup = ~std::uint32_t{0};

  // What is known of a row besides what its goroutine worked for.
  struct Row {
    GoId g = kNoGoroutine;
    StackRef stack = kNoStack;
    // Its own task, which goes before that of its goroutine.
    TaskId task = kBackgroundTask;
    StringRef task_name = kEmptyString;  // of the trace's tables
    std::optional<TextMarks> label_marks = {};
    std::optional<TextMarks> log_marks = {};
    std::optional<TextMarks> region_marks = {};
  };
  // A row, or a part of it, on its way to a group.
  struct Piece {
    std::uint32_t group = kNoGroup;
    std::uint32_t row = 0;
    TimeNs start_ns = 0;
    TimeNs end_ns = 0;
    bool is_first = true;
    bool is_last = true;
  };
  struct Target {
    SpanConsumer* consumer;
    SpanRequest request;
  };
  using Group = std::vector<Target>;

  std::uint32_t GroupOf(const Row& row, const RowSurvey::Work* work, const TraceTables& tables);
  std::uint32_t GroupAt(const Row& row, TimeNs time_ns, const TraceTables& tables);
  std::uint32_t GroupNamed(StringRef task_name, StringRef start_function,
                           const TraceTables& tables);
  TextMarks StackMarks(StackRef stack, const TraceTables& tables);
  void CutRun(const GoroutineSpans& spans, std::size_t row, const TraceTables& tables);
  void DeliverSpans(const GoroutineSpans& spans, const TraceTables& tables);
  void FlushSpans(std::uint32_t group, const TraceTables& tables);
  void NoteFirstRun(const GoroutineSpans& spans, std::size_t row);

  // Sends each row to the group that `group_of` its number says.
  template <class Columns, class GroupOfRow>
  void Route(const Columns& columns, const TraceTables& tables, bool SetRequest::*wanted,
             void (SpanConsumer::*receive)(const Columns&, const TraceTables&),
             GroupOfRow group_of);

  const RowChoice& choice_;
  RowSurvey& survey_;
  SpanRequest request_;
  BeginGroup begin_group_;
  std::vector<Group> groups_;
  tsl::robin_map<std::uint64_t, std::uint32_t, MixHash> group_numbers_;  // by refs of the survey
  StringCopies copies_;
  // Of strings of the survey and of stacks and strings of the trace; kUnknown: not asked yet.
  std::vector<TextMarks> task_marks_;
  std::vector<TextMarks> goroutine_marks_;
  std::vector<TextMarks> frame_text_marks_;
  std::vector<TextMarks> stack_marks_;
  // The groups that got rows of a goroutine (by its number) without a name.
  tsl::robin_map<std::uint32_t, std::vector<std::uint32_t>, MixHash> unnamed_;
  std::vector<Piece> pieces_;
  std::unique_ptr<GoroutineSpans> spans_;
  std::unique_ptr<GoroutineSpans> first_runs_;
  std::tuple<std::unique_ptr<Labels>, std::unique_ptr<Logs>, std::unique_ptr<Samples>,
             std::unique_ptr<Ranges>, std::unique_ptr<Syscalls>, std::unique_ptr<RegionSlices>,
             std::unique_ptr<Regions>, std::unique_ptr<Tasks>>
      chunks_;
};

}  // namespace gtengine
