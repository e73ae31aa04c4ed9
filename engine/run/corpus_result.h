// What a scan makes of a corpus, in a form that adds up.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/analysis/document.h"
#include "engine/base/result.h"
#include "engine/reports/report.h"
#include "engine/run/group_keys.h"
#include "engine/run/trace_result.h"

namespace gtengine::run {

// A file that was not read because another has the same content.
struct Duplicate {
  std::string path;
  std::string same_as;

  friend auto operator<=>(const Duplicate&, const Duplicate&) = default;
};

// A path that could not be read, or was no trace.
struct Unread {
  std::string path;
  std::string what;

  friend auto operator<=>(const Unread&, const Unread&) = default;
};

// Sums over traces, and what went wrong. Adding is associative and commutative: documents are equal
// to the byte however traces were split and ordered. One thread at a time.
class CorpusResult {
 public:
  explicit CorpusResult(std::span<const ReportType* const> reports, Selection selection = {});

  void Add(const TraceResult& trace);
  void AddUnread(Unread unread) { unread_.insert(std::move(unread)); }
  void AddDuplicate(Duplicate duplicate) { duplicates_.insert(std::move(duplicate)); }
  void AddPassedOver(std::uint64_t files) { passed_over_ += files; }
  // Traces that filters left out.
  void AddLeftOut(std::uint64_t traces) { left_out_ += traces; }

  // One document of the corpus itself (named "corpus"), then one a report; of a selection with
  // groups, one a report and group, in order of the groups' texts.
  std::vector<Document> ToDocuments(const ReportOptions& options) const;

  std::uint64_t traces() const { return traces_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t events() const { return events_; }
  // Files in folders that are no traces.
  std::uint64_t passed_over() const { return passed_over_; }
  std::uint64_t left_out() const { return left_out_; }
  const Selection& selection() const { return selection_; }
  // Problems, one line each, in order of path.
  std::vector<std::string> ProblemLines() const;
  // True when anything was damaged or could not be read.
  bool has_problems() const { return !losses_.empty() || !unread_.empty(); }
  // Of a result without groups.
  const ReportPartial& partial(std::size_t report) const {
    return *groups_.begin()->second.partials[report];
  }

 private:
  struct FormatTotals {
    std::uint64_t traces = 0;
    std::uint64_t bytes = 0;
    std::uint64_t events = 0;
  };

  // A lost stretch, in order of path and place.
  struct Loss {
    std::string path;
    std::size_t place = 0;  // among those of its trace
    LostStretch stretch;
    std::uint64_t kept_generations = 0;  // of the whole trace
    std::uint64_t kept_events = 0;

    friend auto operator<=>(const Loss&, const Loss&) = default;
  };

  struct Group {
    std::uint64_t traces = 0;
    std::uint64_t by_path_time = 0;
    std::uint64_t bytes = 0;
    std::uint64_t events = 0;
    std::vector<std::unique_ptr<ReportPartial>> partials;
  };

  void AddToGroup(const TraceFacts& facts, const GroupTexts& row_texts,
                  const std::vector<std::unique_ptr<ReportPartial>>& partials);
  Group& At(const GroupTexts& texts);
  void AppendFilters(Document& document) const;
  Table GroupsTable() const;
  Document CorpusDocument() const;
  Table FormatsTable() const;
  Table DamageTable() const;
  Table UnreadTable() const;
  Table DuplicatesTable() const;

  std::vector<const ReportType*> reports_;
  Selection selection_;
  std::map<GroupTexts, Group> groups_;
  std::uint64_t traces_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t generations_ = 0;
  std::uint64_t passed_over_ = 0;
  std::uint64_t left_out_ = 0;
  std::uint64_t by_path_time_ = 0;  // traces whose path tells when they were captured, and no more
  std::map<std::uint32_t, FormatTotals> formats_;
  std::map<std::string, std::uint64_t> services_;  // traces of each
  std::string first_captured_;                     // "yyyymmdd hhmmss"; empty: no path tells
  std::string last_captured_;
  std::uint64_t damaged_traces_ = 0;
  std::set<Loss> losses_;
  std::set<Unread> unread_;
  std::set<Duplicate> duplicates_;
};

}  // namespace gtengine::run
