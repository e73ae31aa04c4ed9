// The chosen reports of a trace, or of a part of it, with the builder that feeds them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/reports/report.h"
#include "engine/spans/span_builder.h"

namespace gtengine::run {

// Borrows the reports. One thread at a time.
class ReportFeed {
 public:
  using Beginning = spans::SpanBuilder::Beginning;

  explicit ReportFeed(std::span<const ReportType* const> reports) : reports_(reports) {}

  void Begin(const TraceIdentity& identity, Beginning beginning) {
    for (const ReportType* report : reports_) {
      accumulators_.push_back(report->begin(identity));
      consumers_.push_back(accumulators_.back().get());
    }
    builder_.emplace(consumers_, beginning);
  }
  bool has_begun() const { return builder_.has_value(); }
  spans::SpanBuilder& builder() { return *builder_; }

  // What spans and reports take at most while the state grows by so much.
  std::uint64_t state_bytes(const Growth& growth) const {
    std::uint64_t bytes = builder_->state_bytes(growth);
    for (const auto& accumulator : accumulators_) bytes += accumulator->state_bytes(growth);
    return bytes;
  }

  // Adds what the reports have come to, after the builder has finished: one partial a report.
  void AddTo(std::vector<std::unique_ptr<ReportPartial>>& partials) {
    for (std::size_t i = 0; i < accumulators_.size(); ++i) {
      partials[i]->Combine(*accumulators_[i]->Finish(builder_->tables()));
    }
  }

 private:
  std::span<const ReportType* const> reports_;
  std::vector<std::unique_ptr<ReportAccumulator>> accumulators_;
  std::vector<SpanConsumer*> consumers_;
  std::optional<spans::SpanBuilder> builder_;
};

}  // namespace gtengine::run
