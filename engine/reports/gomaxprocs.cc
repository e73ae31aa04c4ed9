// The gomaxprocs report: how many Ps there were, and for how long.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/report_tables.h"
#include "engine/reports/state_report.h"

namespace gtengine {
namespace {

struct Setting {
  std::string service;
  std::uint64_t procs = 0;

  static constexpr auto Fields() { return std::tuple(&Setting::service, &Setting::procs); }
  friend auto operator<=>(const Setting&, const Setting&) = default;
};

struct Use {
  Uint128 time_ns = 0;
  std::uint64_t times_set = 0;  // to this value from another one, inside a trace
  std::uint64_t traces = 0;     // in which it was so

  static constexpr auto Fields() {
    return std::tuple(&Use::time_ns, &Use::times_set, &Use::traces);
  }
};

struct GoMaxProcs {
  static constexpr std::string_view kName = "gomaxprocs";
  static constexpr std::string_view kSummary = "how many Ps there were, and for how long";
  static constexpr std::uint32_t kVersion = 1;
  static constexpr bool kIsOfWholeTraces = true;

  struct State {
    std::map<Setting, Use> settings;

    static constexpr auto Fields() { return std::tuple(&State::settings); }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
};

// A value holds from where it is told to where another one is, the last one to the trace's end. The
// first one holds from the trace's start.
class GoMaxProcs::Accumulator final : public StateAccumulator<GoMaxProcs> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets.metrics = true;
    request.sets.generations = true;
    return request;
  }

  void OnMetrics(const Metrics& metrics, const TraceTables&) override {
    for (std::size_t i = 0; i < metrics.rows; ++i) {
      if (metrics.kind[i] != MetricKind::kGoMaxProcs) continue;
      const std::uint64_t procs = metrics.value[i];
      if (!told_.empty() && told_.back().procs == procs) continue;
      told_.push_back({procs, metrics.time_ns[i]});
    }
  }
  void OnGenerations(const Generations& generations, const TraceTables&) override {
    for (std::size_t i = 0; i < generations.rows; ++i) {
      if (!has_begun_) first_ns_ = generations.first_ns[i];
      has_begun_ = true;
      last_ns_ = generations.last_ns[i];
    }
  }
  std::size_t state_bytes(const Growth&) override { return HeapBytes(told_); }

 private:
  struct Told {
    std::uint64_t procs;
    TimeNs time_ns;
  };

  void Fill(const TraceTables&, GoMaxProcs::State& state) override {
    for (std::size_t i = 0; i < told_.size(); ++i) {
      Use& use = state.settings[{trace().service, told_[i].procs}];
      const TimeNs from_ns = i == 0 ? first_ns_ : told_[i].time_ns;
      const TimeNs to_ns = i + 1 == told_.size() ? last_ns_ : told_[i + 1].time_ns;
      use.time_ns += LengthNs(from_ns, to_ns);
      if (i > 0) ++use.times_set;
      use.traces = 1;
    }
  }

  std::vector<Told> told_;  // each unlike the one before
  bool has_begun_ = false;
  TimeNs first_ns_ = 0;
  TimeNs last_ns_ = 0;
};

Document GoMaxProcs::ToDocument(const State& state, const TraceTables&,
                                const ReportOptions& options) {
  Greatest most;
  std::uint64_t changes = 0;
  std::map<std::string_view, Uint128> of_service_ns;
  for (const auto& [setting, use] : state.settings) {
    most.Add(setting.procs);
    changes += use.times_set;
    of_service_ns[setting.service] += use.time_ns;
  }
  RankedRows rows("settings", "How many Ps there were, by time",
                  {KeyColumn("service", "service"), KeyColumn("procs", "GOMAXPROCS", Unit::kId),
                   ValueColumn("time_ns", "time", Unit::kNs),
                   ValueColumn("share", "of the service's", Unit::kPermille),
                   ValueColumn("times_set", "times set", Unit::kCount),
                   ValueColumn("traces", "traces", Unit::kCount)});
  for (const auto& [setting, use] : state.settings) {
    rows.Add(use.time_ns,
             {TextCell(setting.service), NumberCell(setting.procs), NumberCell(use.time_ns),
              PermilleCell(use.time_ns, of_service_ns[setting.service]), NumberCell(use.times_set),
              NumberCell(use.traces)});
  }
  Document document;
  document.report = kName;
  document.title = "GOMAXPROCS: how many Ps there were";
  document.facts = {CountFact("gomaxprocs_max", most.value()), CountFact("changes", changes)};
  document.tables.push_back(std::move(rows).Take(options.top));
  document.notes.push_back("The value that a trace tells first holds from its start.");
  return document;
}

}  // namespace

ReportType GoMaxProcsReport() { return MakeReport<GoMaxProcs>(); }

}  // namespace gtengine
