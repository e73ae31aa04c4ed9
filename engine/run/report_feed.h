// The chosen reports of a trace, or of a part of it, with the builder that feeds them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/analysis/row_router.h"
#include "engine/analysis/row_survey.h"
#include "engine/reports/report.h"
#include "engine/spans/span_builder.h"

namespace gtengine::run {

// Which rows go to reports. Where they are chosen, a trace is read twice: the survey first.
// Borrowed.
struct FeedRows {
  enum class Pass : bool { kSurvey, kRows };

  const RowChoice* choice_or_null = nullptr;  // null: all rows
  RowSurvey* survey_or_null = nullptr;        // of the same rows, where there is a choice
  Pass pass = Pass::kRows;
};

// Borrows the reports and what chooses the rows. One thread at a time.
class ReportFeed {
 public:
  using Beginning = spans::SpanBuilder::Beginning;
  using Partials = std::vector<std::unique_ptr<ReportPartial>>;

  explicit ReportFeed(std::span<const ReportType* const> reports, const FeedRows& rows = {})
      : reports_(reports), rows_(rows) {}
  ReportFeed(const ReportFeed&) = delete;
  ReportFeed& operator=(const ReportFeed&) = delete;

  void Begin(const TraceIdentity& identity, Beginning beginning) {
    if (rows_.choice_or_null == nullptr) {
      consumers_ = BeginGroup({}, identity);
    } else if (rows_.pass == FeedRows::Pass::kSurvey) {
      consumers_ = {rows_.survey_or_null};
    } else {
      BeginRouter(identity);
    }
    builder_.emplace(consumers_, beginning);
  }
  bool has_begun() const { return builder_.has_value(); }
  spans::SpanBuilder& builder() { return *builder_; }

  // What spans and reports take at most while the state grows by so much.
  std::uint64_t state_bytes(const Growth& growth) const {
    std::uint64_t bytes = builder_->state_bytes(growth);
    if (rows_.survey_or_null != nullptr) {
      const bool is_growing = rows_.pass == FeedRows::Pass::kSurvey;
      bytes += rows_.survey_or_null->state_bytes(is_growing ? growth : Growth{});
    }
    if (router_) bytes += router_->state_bytes(growth);
    for (const auto& [texts, accumulators] : groups_) {
      for (const auto& accumulator : accumulators) bytes += accumulator->state_bytes(growth);
    }
    return bytes;
  }

  // Adds what the reports have come to, after the builder has finished: `partials_of(texts)` has
  // one partial a report for the group of rows with these texts.
  template <class PartialsOf>
  void AddTo(PartialsOf partials_of) {
    for (const auto& [texts, accumulators] : groups_) {
      Partials& partials = partials_of(texts);
      for (std::size_t i = 0; i < accumulators.size(); ++i) {
        partials[i]->Combine(*accumulators[i]->Finish(builder_->tables()));
      }
    }
  }

 private:
  using Accumulators = std::vector<std::unique_ptr<ReportAccumulator>>;

  void BeginRouter(const TraceIdentity& identity) {
    SpanRequest wanted;
    for (const ReportType* report : reports_) {
      UniteRouted(wanted, report->begin(identity)->Request());
    }
    router_.emplace(*rows_.choice_or_null, *rows_.survey_or_null, wanted,
                    [this, identity](const std::vector<std::string>& texts) {
                      return BeginGroup(texts, identity);
                    });
    consumers_ = {&*router_};
  }

  std::vector<SpanConsumer*> BeginGroup(const std::vector<std::string>& texts,
                                        const TraceIdentity& identity) {
    std::vector<SpanConsumer*> consumers;
    Accumulators& accumulators = groups_[texts];
    for (const ReportType* report : reports_) {
      accumulators.push_back(report->begin(identity));
      consumers.push_back(accumulators.back().get());
    }
    return consumers;
  }

  std::span<const ReportType* const> reports_;
  FeedRows rows_;
  std::map<std::vector<std::string>, Accumulators> groups_;  // of rows, by their texts
  std::optional<RowRouter> router_;
  std::vector<SpanConsumer*> consumers_;
  std::optional<spans::SpanBuilder> builder_;
};

}  // namespace gtengine::run
