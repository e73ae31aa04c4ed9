// Reports made of a state with fields (engine/analysis/fields.h): a file tells what the state is,
// how rows go into it, and what document comes of it; the rest is here.
//
//   struct Stalls {
//     static constexpr std::string_view kName = "stalls";
//     static constexpr std::string_view kSummary = "what stood still";
//     static constexpr std::uint32_t kVersion = 1;
//     struct State { ...; static constexpr auto Fields() { ... } };
//     class Accumulator;  // derived from StateAccumulator<Stalls>
//     static Document ToDocument(const State&, const TraceTables&, const ReportOptions&);
//     // Where it measures lengths:
//     static void VisitLengths(const State&, const TraceTables&, const LengthVisitor&);
//   };
//   // static constexpr bool kIsOfWholeTraces: it makes no sense of some of a trace's rows.
//   ReportType StallsReport() { return MakeReport<Stalls>(); }
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "engine/analysis/combine.h"
#include "engine/analysis/exemplar.h"
#include "engine/analysis/stack_copier.h"
#include "engine/base/check.h"
#include "engine/reports/report.h"
#include "engine/reports/state_codec.h"

namespace gtengine {

// Names the trace in every interval of a state that has come from it.
template <class T>
void SetPaths(T& field, const std::string& path) {
  if constexpr (HasFields<T>) {
    ForEachField<T>([&](auto member) { SetPaths(field.*member, path); });
  } else if constexpr (IsArray<T>::value) {
    for (auto& item : field) SetPaths(item, path);
  } else if constexpr (IsMap<T>::value) {
    for (auto& [key, value] : field) SetPaths(value, path);
  } else if constexpr (std::is_same_v<T, Longest>) {
    Longest named(field.k());
    for (Exemplar& one : field.Sorted()) {
      one.path = path;
      named.Add(std::move(one));
    }
    field = std::move(named);
  }
}

// The partial of such a report.
template <class Report>
class StatePartial final : public ReportPartial {
 public:
  using State = typename Report::State;

  void Combine(const ReportPartial& other_report) override {
    const auto* other = dynamic_cast<const StatePartial*>(&other_report);
    GTENGINE_CHECK(other != nullptr);
    Add(other->state_, other->tables_);
  }
  std::string Serialize() const override {
    return SerializeState(Report::kName, Report::kVersion, state_, tables_);
  }
  Document ToDocument(const ReportOptions& options) const override {
    return Report::ToDocument(state_, tables_, options);
  }
  static Result<std::unique_ptr<ReportPartial>> Parse(std::string_view bytes) {
    auto partial = std::make_unique<StatePartial>();
    const Status read =
        ParseState(Report::kName, Report::kVersion, bytes, partial->state_, partial->tables_);
    if (!read.ok()) return read.error();
    return std::unique_ptr<ReportPartial>(std::move(partial));
  }

  static void VisitLengths(const ReportPartial& partial, const LengthVisitor& visit) {
    const auto* self = dynamic_cast<const StatePartial*>(&partial);
    GTENGINE_CHECK(self != nullptr);
    Report::VisitLengths(self->state_, self->tables_, visit);
  }

  // Adds a state whose refs are of `tables`.
  void Add(const State& state, const TraceTables& tables) {
    StackCopier copier(tables, tables_);
    CombineFields(state_, state, copier);
  }

 private:
  State state_;
  TraceTables tables_;  // what the state's refs are of
};

// One trace on its way into the state of a report.
template <class Report>
class StateAccumulator : public ReportAccumulator {
 public:
  explicit StateAccumulator(TraceIdentity trace) : trace_(std::move(trace)) {}

  void OnGoroutineSpans(const GoroutineSpans&, const TraceTables&) override {}
  void OnLateName(std::uint32_t, StringRef, const TraceTables&) override {}

  std::unique_ptr<ReportPartial> Finish(const TraceTables& tables) final {
    typename Report::State state;
    Fill(tables, state);
    SetPaths(state, trace_.path);
    auto partial = std::make_unique<StatePartial<Report>>();
    partial->Add(state, tables);
    return partial;
  }

 protected:
  // What all rows came to. Refs of the state are of `tables`.
  virtual void Fill(const TraceTables& tables, typename Report::State& state) = 0;

  const TraceIdentity& trace() const { return trace_; }
  // An interval of this trace, which its path is added to at the end.
  Exemplar MakeExemplar(TimeNs start_ns, std::int64_t length_ns, GoId g,
                        std::string_view what) const {
    return {.length_ns = length_ns,
            .path = {},
            .offset_ns = WrappingSubtract(start_ns, trace_.start_ns),
            .g = g,
            .what = std::string(what),
            .more = {}};
  }

 private:
  TraceIdentity trace_;
};

// The report's line in the registry.
template <class Report>
ReportType MakeReport() {
  ReportType type{.name = Report::kName,
                  .summary = Report::kSummary,
                  .version = Report::kVersion,
                  .begin = [](TraceIdentity trace) -> std::unique_ptr<ReportAccumulator> {
                    return std::make_unique<typename Report::Accumulator>(std::move(trace));
                  },
                  .empty = []() -> std::unique_ptr<ReportPartial> {
                    return std::make_unique<StatePartial<Report>>();
                  },
                  .parse = StatePartial<Report>::Parse};
  if constexpr (requires { &Report::VisitLengths; }) {
    type.visit_lengths = StatePartial<Report>::VisitLengths;
  }
  type.is_of_whole_traces = requires { Report::kIsOfWholeTraces; };
  return type;
}

}  // namespace gtengine
