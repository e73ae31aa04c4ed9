#include "engine/run/corpus_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gtengine::run {
namespace {

Cell Number(std::uint64_t value) { return Cell::Integer(static_cast<Int128>(value)); }

std::string Captured(const io::TraceOrigin& origin) {
  if (origin.date.empty()) return {};
  const std::string& date = origin.date;
  std::string text =
      fmt::format("{}-{}-{}", date.substr(0, 4), date.substr(4, 2), date.substr(6, 2));
  if (const std::string& time = origin.time; !time.empty()) {
    text += fmt::format(" {}:{}:{}", time.substr(0, 2), time.substr(2, 2), time.substr(4, 2));
  }
  return text;
}

bool IsByPathTime(const TraceFacts& facts, const TimeZone& zone) {
  return CaptureTimeOf(facts.origin, facts.wall_seconds, zone).source == TimeSource::kPath;
}

bool DependsOnTime(const Selection& selection) {
  return std::ranges::any_of(selection.group_by, IsOfTime) ||
         std::ranges::any_of(selection.filters, [](const auto& filter) {
           return filter.first == "--from" || filter.first == "--to" ||
                  filter.first == "--time-of-day";
         });
}

std::string_view Shown(std::string_view text) {
  return text.empty() ? std::string_view("(unknown)") : text;
}

}  // namespace

CorpusResult::CorpusResult(std::span<const ReportType* const> reports, Selection selection)
    : reports_(reports.begin(), reports.end()), selection_(std::move(selection)) {
  if (selection_.group_by.empty()) At({});
}

CorpusResult::Group& CorpusResult::At(const GroupTexts& texts) {
  const auto [place, is_new] = groups_.try_emplace(texts);
  if (is_new) {
    for (const ReportType* report : reports_) place->second.partials.push_back(report->empty());
  }
  return place->second;
}

void CorpusResult::AddToGroup(const TraceFacts& facts, const GroupTexts& row_texts,
                              const std::vector<std::unique_ptr<ReportPartial>>& partials) {
  Group& group = At(GroupOf(facts, row_texts, selection_));
  ++group.traces;
  group.by_path_time += IsByPathTime(facts, selection_.zone);
  group.bytes += facts.bytes;
  group.events += facts.events;
  for (std::size_t i = 0; i < group.partials.size(); ++i) group.partials[i]->Combine(*partials[i]);
}

void CorpusResult::Add(const TraceResult& trace) {
  const TraceFacts& facts = trace.facts;
  ++traces_;
  bytes_ += facts.bytes;
  events_ += facts.events;
  generations_ += facts.generations;
  FormatTotals& format = formats_[facts.format];
  ++format.traces;
  format.bytes += facts.bytes;
  format.events += facts.events;
  ++services_[facts.origin.service];
  if (const std::string captured = Captured(facts.origin); !captured.empty()) {
    if (first_captured_.empty() || captured < first_captured_) first_captured_ = captured;
    last_captured_ = std::max(last_captured_, captured);
  }
  if (!facts.lost.empty()) ++damaged_traces_;
  for (std::size_t place = 0; place < facts.lost.size(); ++place) {
    losses_.insert({.path = facts.path,
                    .place = place,
                    .stretch = facts.lost[place],
                    .kept_generations = facts.generations,
                    .kept_events = facts.events});
  }
  if (!selection_.empty()) by_path_time_ += IsByPathTime(facts, selection_.zone);
  if (std::ranges::any_of(selection_.group_by, IsOfRows)) {
    for (const RowGroup& rows : trace.row_groups) AddToGroup(facts, rows.texts, rows.partials);
  } else {
    AddToGroup(facts, {}, trace.partials);
  }
}

std::vector<std::string> CorpusResult::ProblemLines() const {
  std::vector<std::string> lines;
  for (const Unread& unread : unread_) {
    lines.push_back(fmt::format("{}: {}", unread.path, unread.what));
  }
  for (const Loss& loss : losses_) {
    lines.push_back(fmt::format("{}: {}; lost {} bytes, kept {} generations with {} events",
                                loss.path, loss.stretch.what, loss.stretch.bytes,
                                loss.kept_generations, loss.kept_events));
  }
  return lines;
}

std::vector<Document> CorpusResult::ToDocuments(const ReportOptions& options) const {
  std::vector<Document> documents;
  documents.push_back(CorpusDocument());
  for (std::size_t i = 0; i < reports_.size(); ++i) {
    for (const auto& [texts, group] : groups_) {
      Document& document = documents.emplace_back(group.partials[i]->ToDocument(options));
      std::string where;
      for (std::size_t key = 0; key < texts.size(); ++key) {
        const std::string name(Name(selection_.group_by[key]));
        where += fmt::format("{}{} {}", where.empty() ? "" : ", ", name, Shown(texts[key]));
        document.group.emplace_back(name, texts[key]);
      }
      if (!where.empty()) document.title += fmt::format(" [{}]", where);
    }
  }
  return documents;
}

void CorpusResult::AppendFilters(Document& document) const {
  if (selection_.filters.empty()) return;
  document.facts.push_back({.key = "left_out_by_filters", .value = Number(left_out_)});
  document.facts.back().unit = Unit::kCount;
  document.notes.push_back(
      fmt::format("{} of {} traces match the filters.", traces_, traces_ + left_out_));
  Table table{.id = "filters",
              .heading = "Filters",
              .columns = {{"filter", "filter", Unit::kText, ColumnKind::kKey},
                          {"pattern", "pattern", Unit::kText, ColumnKind::kKey}},
              .rows = {}};
  for (const auto& [filter, pattern] : selection_.filters) {
    table.rows.push_back({Cell::Text(filter), Cell::Text(pattern)});
  }
  document.tables.push_back(std::move(table));
}

Table CorpusResult::GroupsTable() const {
  Table table{.id = "groups", .heading = "Groups", .columns = {}, .rows = {}};
  for (const GroupKey key : selection_.group_by) {
    const std::string name(Name(key));
    table.columns.push_back({name, name, Unit::kText, ColumnKind::kKey});
  }
  table.columns.insert(table.columns.end(), {{"traces", "traces", Unit::kCount},
                                             {"by_path_time", "by path time", Unit::kCount},
                                             {"bytes", "bytes", Unit::kBytes},
                                             {"events", "events", Unit::kCount}});
  for (const auto& [texts, group] : groups_) {
    std::vector<Cell>& row = table.rows.emplace_back();
    for (const std::string& text : texts) row.push_back(Cell::Text(text));
    for (const std::uint64_t value :
         {group.traces, group.by_path_time, group.bytes, group.events}) {
      row.push_back(Number(value));
    }
  }
  return table;
}

Document CorpusResult::CorpusDocument() const {
  Document document{.report = "corpus", .title = "Corpus", .facts = {}, .tables = {}, .notes = {}};
  const auto count = [&](const char* key, std::uint64_t value, Unit unit = Unit::kCount) {
    document.facts.push_back({.key = key, .value = Number(value), .unit = unit});
  };
  count("traces", traces_);
  count("bytes", bytes_, Unit::kBytes);
  count("events", events_);
  count("generations", generations_);
  count("services", services_.size());
  if (!first_captured_.empty()) {
    document.facts.push_back({.key = "first_captured", .value = Cell::Text(first_captured_)});
    document.facts.push_back({.key = "last_captured", .value = Cell::Text(last_captured_)});
  }
  count("damaged_traces", damaged_traces_);
  count("unread_files", unread_.size());
  count("duplicates", duplicates_.size());
  count("passed_over", passed_over_);
  AppendFilters(document);
  if (DependsOnTime(selection_)) {
    count("by_path_time", by_path_time_);
    if (by_path_time_ > 0) {
      document.notes.push_back(
          fmt::format("Of {} traces only the path tells the time; it was read in the time zone {}.",
                      by_path_time_, selection_.zone.name()));
    }
  }
  document.tables.push_back(FormatsTable());
  if (!selection_.group_by.empty()) document.tables.push_back(GroupsTable());
  if (!losses_.empty()) document.tables.push_back(DamageTable());
  if (!unread_.empty()) document.tables.push_back(UnreadTable());
  if (!duplicates_.empty()) {
    document.tables.push_back(DuplicatesTable());
    document.notes.push_back(fmt::format(
        "{} files have the content of another one and were counted once.", duplicates_.size()));
  }
  return document;
}

Table CorpusResult::FormatsTable() const {
  Table table{.id = "formats",
              .heading = "Formats",
              .columns = {{"format", "format", Unit::kText, ColumnKind::kKey},
                          {"traces", "traces", Unit::kCount},
                          {"bytes", "bytes", Unit::kBytes},
                          {"events", "events", Unit::kCount}},
              .rows = {}};
  for (const auto& [format, totals] : formats_) {
    table.rows.push_back({Cell::Text(fmt::format("go 1.{}", format)), Number(totals.traces),
                          Number(totals.bytes), Number(totals.events)});
  }
  return table;
}

Table CorpusResult::DamageTable() const {
  Table table{.id = "damage",
              .heading = "Damaged traces",
              .columns = {{"trace", "trace", Unit::kText, ColumnKind::kKey},
                          {"what", "what", Unit::kText},
                          {"lost_bytes", "lost", Unit::kBytes},
                          {"kept_generations", "generations kept", Unit::kCount},
                          {"kept_events", "events kept", Unit::kCount}},
              .rows = {}};
  for (const Loss& loss : losses_) {
    table.rows.push_back({Cell::Text(loss.path), Cell::Text(loss.stretch.what),
                          Number(loss.stretch.bytes), Number(loss.kept_generations),
                          Number(loss.kept_events)});
  }
  return table;
}

Table CorpusResult::UnreadTable() const {
  Table table{
      .id = "unread",
      .heading = "Not read",
      .columns = {{"path", "path", Unit::kText, ColumnKind::kKey}, {"what", "what", Unit::kText}},
      .rows = {}};
  for (const auto& [path, what] : unread_) {
    table.rows.push_back({Cell::Text(path), Cell::Text(what)});
  }
  return table;
}

Table CorpusResult::DuplicatesTable() const {
  Table table{.id = "duplicates",
              .heading = "Counted once",
              .columns = {{"path", "path", Unit::kText, ColumnKind::kKey},
                          {"same_as", "same content as", Unit::kText}},
              .rows = {}};
  for (const auto& [path, same_as] : duplicates_) {
    table.rows.push_back({Cell::Text(path), Cell::Text(same_as)});
  }
  return table;
}

}  // namespace gtengine::run
