// The labels report: which labels the runtime gave to goroutines, and how often.
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

#include "engine/analysis/report_tables.h"
#include "engine/reports/state_report.h"

namespace gtengine {
namespace {

struct LabelTotals {
  static constexpr std::string_view kName = "labels";
  static constexpr std::string_view kSummary = "labels that goroutines were given, and how often";
  static constexpr std::uint32_t kVersion = 1;

  struct State {
    std::map<StringRef, std::uint64_t> labels;

    static constexpr auto Fields() { return std::tuple(&State::labels); }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
};

class LabelTotals::Accumulator final : public StateAccumulator<LabelTotals> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets.labels = true;
    return request;
  }

  void OnLabels(const Labels& labels, const TraceTables&) override {
    for (std::size_t i = 0; i < labels.rows; ++i) ++state_.labels[labels.label[i]];
  }
  std::size_t state_bytes(const Growth&) override { return HeapBytes(state_.labels); }

 private:
  void Fill(const TraceTables&, LabelTotals::State& state) override { state = std::move(state_); }

  LabelTotals::State state_;
};

Document LabelTotals::ToDocument(const State& state, const TraceTables& tables,
                                 const ReportOptions& options) {
  std::uint64_t all = 0;
  RankedRows rows("labels", "Labels, the most frequent first",
                  {KeyColumn("label", "label"), ValueColumn("count", "times given", Unit::kCount)});
  for (const auto& [label, count] : state.labels) {
    all += count;
    rows.Add(count, {TextCell(tables.strings.Get(label)), NumberCell(count)});
  }
  Document document;
  document.report = kName;
  document.title = "Labels: what goroutines were labelled as";
  document.facts = {CountFact("times_given", all), CountFact("labels", state.labels.size())};
  document.tables.push_back(std::move(rows).Take(options.top));
  document.notes.push_back("The runtime labels its mark workers by the mode in which they run.");
  return document;
}

}  // namespace

ReportType LabelsReport() { return MakeReport<LabelTotals>(); }

}  // namespace gtengine
