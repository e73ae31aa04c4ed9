#include "engine/run/partial_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>
#include <tuple>
#include <utility>

#include "engine/base/check.h"
#include "engine/reports/registry.h"

namespace gtengine::run {
namespace {

constexpr std::string_view kMagic = "gtengine partial\n";
constexpr std::uint32_t kFileVersion = 2;

// Field numbers, which are described in docs/partials.md. A number is never used again for another
// meaning.
enum class FileField : protozero::pbf_tag_type {
  kVersion = 1,
  kReport = 2,
  kTrace = 3,
  kDuplicate = 4,
  kUnread = 5,
  kPassedOver = 6,
  kFilter = 7,
  kGroupBy = 8,
  kTimeZone = 9,
  kLeftOut = 10,
};
enum class ReportField : protozero::pbf_tag_type { kName = 1, kVersion = 2 };
enum class TraceField : protozero::pbf_tag_type {
  kPath = 1,
  kBytes = 2,
  kContentHigh = 3,
  kContentLow = 4,
  kService = 5,
  kHost = 6,
  kDate = 7,
  kTime = 8,
  kFormat = 9,
  kEvents = 10,
  kGenerations = 11,
  kLost = 12,
  kPartial = 13,
  kRowGroup = 14,
  kWallSeconds = 15,
};
enum class RowGroupField : protozero::pbf_tag_type { kText = 1, kPartial = 2 };
enum class PairField : protozero::pbf_tag_type { kFirst = 1, kSecond = 2 };

using FileBuilder = protozero::pbf_builder<FileField>;
using TraceBuilder = protozero::pbf_builder<TraceField>;

void WriteTrace(FileBuilder& file, const TraceResult& trace) {
  const TraceFacts& facts = trace.facts;
  TraceBuilder builder(file, FileField::kTrace);
  builder.add_bytes(TraceField::kPath, facts.path);
  builder.add_uint64(TraceField::kBytes, facts.bytes);
  builder.add_fixed64(TraceField::kContentHigh, facts.content.high);
  builder.add_fixed64(TraceField::kContentLow, facts.content.low);
  builder.add_bytes(TraceField::kService, facts.origin.service);
  builder.add_bytes(TraceField::kHost, facts.origin.host);
  builder.add_bytes(TraceField::kDate, facts.origin.date);
  builder.add_bytes(TraceField::kTime, facts.origin.time);
  builder.add_uint32(TraceField::kFormat, facts.format);
  builder.add_uint64(TraceField::kEvents, facts.events);
  builder.add_uint64(TraceField::kGenerations, facts.generations);
  for (const LostStretch& lost : facts.lost) {
    protozero::pbf_builder<PairField> pair(builder, TraceField::kLost);
    pair.add_bytes(PairField::kFirst, lost.what);
    pair.add_uint64(PairField::kSecond, lost.bytes);
  }
  for (const auto& partial : trace.partials) {
    builder.add_bytes(TraceField::kPartial, partial->Serialize());
  }
  for (const RowGroup& rows : trace.row_groups) {
    protozero::pbf_builder<RowGroupField> group(builder, TraceField::kRowGroup);
    for (const std::string& text : rows.texts) group.add_bytes(RowGroupField::kText, text);
    for (const auto& partial : rows.partials) {
      group.add_bytes(RowGroupField::kPartial, partial->Serialize());
    }
  }
  if (facts.wall_seconds) builder.add_sint64(TraceField::kWallSeconds, *facts.wall_seconds);
}

void WritePair(FileBuilder& file, FileField field, std::string_view first,
               std::string_view second) {
  protozero::pbf_builder<PairField> pair(file, field);
  pair.add_bytes(PairField::kFirst, first.data(), first.size());
  pair.add_bytes(PairField::kSecond, second.data(), second.size());
}

// Reads a partial file. Where the library throws at bytes that are no message, Parse answers with
// an error.
class Parser {
 public:
  Result<PartialFile> Parse(std::string_view bytes);

 private:
  std::optional<Error> ParseField(protozero::pbf_message<FileField>& message);
  std::optional<Error> ParseReport(protozero::data_view bytes);
  std::optional<Error> ParseTrace(protozero::data_view bytes);
  std::optional<Error> ParsePartial(protozero::data_view bytes,
                                    std::vector<std::unique_ptr<ReportPartial>>& partials);
  std::optional<Error> ParseRowGroup(protozero::data_view bytes, TraceResult& trace);
  std::optional<Error> CheckRowGroups() const;
  static std::pair<std::string, std::string> ParseTexts(protozero::data_view bytes);
  static LostStretch ParseLost(protozero::data_view bytes);

  PartialFile file_;
  std::vector<const ReportType*> reports_;
  bool has_version_ = false;
  bool has_end_ = false;  // the field that is written last
};

// The current field's value. The library only asserts that the field has the type which is asked
// for.
template <class Message>
void Require(const Message& message, protozero::pbf_wire_type type) {
  if (!message.has_wire_type(type)) throw protozero::unknown_pbf_wire_type_exception();
}
template <class Message>
protozero::data_view TakeView(Message& message) {
  Require(message, protozero::pbf_wire_type::length_delimited);
  return message.get_view();
}
template <class Message>
std::string TakeText(Message& message) {
  return std::string(TakeView(message));
}
template <class Message>
std::uint64_t TakeNumber(Message& message) {
  Require(message, protozero::pbf_wire_type::varint);
  return message.get_uint64();
}
template <class Message>
std::uint64_t TakeFixed(Message& message) {
  Require(message, protozero::pbf_wire_type::fixed64);
  return message.get_fixed64();
}

Error Corrupt(std::string what) {
  return {.code = ErrorCode::kCorrupt, .what = "damaged partial file: " + std::move(what)};
}

Result<PartialFile> Parser::Parse(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) {
    return Error{.code = ErrorCode::kNotATrace,
                 .what = "not a partial file: make one by \"gtengine scan --format partial\""};
  }
  bytes.remove_prefix(kMagic.size());
  try {
    protozero::pbf_message<FileField> message(bytes.data(), bytes.size());
    while (message.next()) {
      if (auto error = ParseField(message)) return *std::move(error);
    }
  } catch (const protozero::exception& exception) {
    return Corrupt(exception.what());
  }
  if (!has_version_) return Corrupt("it has no version");
  if (!has_end_) return Corrupt("its end is missing");
  if (auto error = CheckRowGroups()) return *std::move(error);
  return std::move(file_);
}

std::optional<Error> Parser::ParseField(protozero::pbf_message<FileField>& message) {
  switch (message.tag_and_type()) {
    case tag_and_type(FileField::kVersion, protozero::pbf_wire_type::varint):
      if (const std::uint32_t version = message.get_uint32(); version != kFileVersion) {
        return Error{.code = ErrorCode::kUnsupportedVersion,
                     .what = fmt::format("partial file of version {}; this program reads {}: scan "
                                         "the traces again",
                                         version, kFileVersion)};
      }
      has_version_ = true;
      return std::nullopt;
    case tag_and_type(FileField::kReport, protozero::pbf_wire_type::length_delimited):
      return ParseReport(message.get_view());
    case tag_and_type(FileField::kTrace, protozero::pbf_wire_type::length_delimited):
      return ParseTrace(message.get_view());
    case tag_and_type(FileField::kDuplicate, protozero::pbf_wire_type::length_delimited): {
      auto [path, same_as] = ParseTexts(message.get_view());
      file_.duplicates.push_back({.path = std::move(path), .same_as = std::move(same_as)});
      return std::nullopt;
    }
    case tag_and_type(FileField::kUnread, protozero::pbf_wire_type::length_delimited): {
      auto [path, what] = ParseTexts(message.get_view());
      file_.unread.push_back({.path = std::move(path), .what = std::move(what)});
      return std::nullopt;
    }
    case tag_and_type(FileField::kPassedOver, protozero::pbf_wire_type::varint):
      file_.passed_over = message.get_uint64();
      return std::nullopt;
    case tag_and_type(FileField::kFilter, protozero::pbf_wire_type::length_delimited):
      file_.selection.filters.push_back(ParseTexts(message.get_view()));
      return std::nullopt;
    case tag_and_type(FileField::kGroupBy, protozero::pbf_wire_type::length_delimited): {
      const auto key = ParseGroupKey(message.get_string());
      if (!key.ok()) return Corrupt("a group that no version has");
      file_.selection.group_by.push_back(*key);
      return std::nullopt;
    }
    case tag_and_type(FileField::kTimeZone, protozero::pbf_wire_type::length_delimited): {
      auto zone = TimeZone::Parse(message.get_string());
      if (!zone.ok()) return std::move(zone).error();
      file_.selection.zone = std::move(*zone);
      return std::nullopt;
    }
    case tag_and_type(FileField::kLeftOut, protozero::pbf_wire_type::varint):
      file_.left_out = message.get_uint64();
      has_end_ = true;
      return std::nullopt;
    default:
      return Corrupt("a field that no version has");
  }
}

std::optional<Error> Parser::ParseReport(protozero::data_view bytes) {
  std::string name;
  std::uint32_t version = 0;
  protozero::pbf_message<ReportField> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case ReportField::kName:
        name = TakeText(message);
        break;
      case ReportField::kVersion:
        version = static_cast<std::uint32_t>(TakeNumber(message));
        break;
      default:
        message.skip();
    }
  }
  const ReportType* report = FindReport(name);
  if (report == nullptr) {
    return Error{.code = ErrorCode::kUsage,
                 .what = fmt::format("it holds a report that this program does not know; known: {}",
                                     ReportNames())};
  }
  if (report->version != version) {
    return Error{
        .code = ErrorCode::kUnsupportedVersion,
        .what = fmt::format("its {} report has version {}; this program reads {}: scan the "
                            "traces again",
                            name, version, report->version)};
  }
  reports_.push_back(report);
  file_.reports.push_back(std::move(name));
  return std::nullopt;
}

std::optional<Error> Parser::ParseTrace(protozero::data_view bytes) {
  TraceResult trace;
  TraceFacts& facts = trace.facts;
  protozero::pbf_message<TraceField> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case TraceField::kPath:
        facts.path = TakeText(message);
        break;
      case TraceField::kBytes:
        facts.bytes = TakeNumber(message);
        break;
      case TraceField::kContentHigh:
        facts.content.high = TakeFixed(message);
        break;
      case TraceField::kContentLow:
        facts.content.low = TakeFixed(message);
        break;
      case TraceField::kService:
        facts.origin.service = TakeText(message);
        break;
      case TraceField::kHost:
        facts.origin.host = TakeText(message);
        break;
      case TraceField::kDate:
        facts.origin.date = TakeText(message);
        break;
      case TraceField::kTime:
        facts.origin.time = TakeText(message);
        break;
      case TraceField::kFormat:
        facts.format = static_cast<std::uint32_t>(TakeNumber(message));
        break;
      case TraceField::kEvents:
        facts.events = TakeNumber(message);
        break;
      case TraceField::kGenerations:
        facts.generations = TakeNumber(message);
        break;
      case TraceField::kLost:
        facts.lost.push_back(ParseLost(TakeView(message)));
        break;
      case TraceField::kPartial:
        if (auto error = ParsePartial(TakeView(message), trace.partials)) return error;
        break;
      case TraceField::kRowGroup:
        if (auto error = ParseRowGroup(TakeView(message), trace)) return error;
        break;
      case TraceField::kWallSeconds:
        Require(message, protozero::pbf_wire_type::varint);
        facts.wall_seconds = message.get_sint64();
        break;
      default:
        return Corrupt("a trace has a field that no version has");
    }
  }
  const auto wrong_length = [](const std::string& text, std::size_t length) {
    return !text.empty() && text.size() != length;
  };
  if (wrong_length(facts.origin.date, 8) || wrong_length(facts.origin.time, 6)) {
    return Corrupt("a trace has a bad capture time");
  }
  file_.traces.push_back(std::move(trace));
  return std::nullopt;
}

std::optional<Error> Parser::ParsePartial(protozero::data_view bytes,
                                          std::vector<std::unique_ptr<ReportPartial>>& partials) {
  if (partials.size() == reports_.size()) return Corrupt("a trace has too many reports");
  auto parsed = reports_[partials.size()]->parse({bytes.data(), bytes.size()});
  if (!parsed.ok()) return std::move(parsed).error();
  partials.push_back(std::move(parsed).value());
  return std::nullopt;
}

std::optional<Error> Parser::ParseRowGroup(protozero::data_view bytes, TraceResult& trace) {
  RowGroup group;
  protozero::pbf_message<RowGroupField> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case RowGroupField::kText:
        group.texts.push_back(TakeText(message));
        break;
      case RowGroupField::kPartial:
        if (auto error = ParsePartial(TakeView(message), group.partials)) return error;
        break;
      default:
        return Corrupt("a group of rows has a field that no version has");
    }
  }
  if (!trace.row_groups.empty() && trace.row_groups.back().texts >= group.texts) {
    return Corrupt("groups of rows are not in order");
  }
  trace.row_groups.push_back(std::move(group));
  return std::nullopt;
}

// Whether every trace has what the file's reports and groups ask for.
std::optional<Error> Parser::CheckRowGroups() const {
  const auto keys =
      static_cast<std::size_t>(std::ranges::count_if(file_.selection.group_by, IsOfRows));
  for (const TraceResult& trace : file_.traces) {
    if (trace.partials.size() != (keys > 0 ? 0 : reports_.size())) {
      return Corrupt("a trace lacks a report");
    }
    if (keys == 0 && !trace.row_groups.empty()) return Corrupt("a trace has groups of rows");
    for (const RowGroup& rows : trace.row_groups) {
      if (rows.texts.size() != keys || rows.partials.size() != reports_.size()) {
        return Corrupt("a group of rows lacks a report");
      }
    }
  }
  return std::nullopt;
}

std::pair<std::string, std::string> Parser::ParseTexts(protozero::data_view bytes) {
  std::pair<std::string, std::string> texts;
  protozero::pbf_message<PairField> message(bytes);
  while (message.next()) {
    std::string& text = message.tag() == PairField::kFirst ? texts.first : texts.second;
    text = TakeText(message);
  }
  return texts;
}

LostStretch Parser::ParseLost(protozero::data_view bytes) {
  LostStretch lost;
  protozero::pbf_message<PairField> message(bytes);
  while (message.next()) {
    if (message.tag() == PairField::kFirst) {
      lost.what = TakeText(message);
    } else {
      lost.bytes = TakeNumber(message);
    }
  }
  return lost;
}

// Counts traces of equal content once, under the path that sorts first.
void KeepDistinct(PartialFile& file) {
  std::ranges::sort(file.traces, {}, [](const TraceResult& trace) {
    return std::tuple(std::string_view(trace.facts.path), trace.facts.content);
  });
  std::map<std::tuple<std::uint64_t, io::ContentHash>, std::string> first_path;
  std::map<std::string, std::string> moved;  // from a path that is no longer counted
  std::vector<TraceResult> kept;
  for (TraceResult& trace : file.traces) {
    const TraceFacts& facts = trace.facts;
    const auto [entry, is_new] =
        first_path.try_emplace(std::tuple(facts.bytes, facts.content), facts.path);
    if (is_new) {
      kept.push_back(std::move(trace));
    } else if (entry->second != facts.path) {
      moved.emplace(facts.path, entry->second);
      file.duplicates.push_back({.path = facts.path, .same_as = entry->second});
    }
  }
  file.traces = std::move(kept);
  for (Duplicate& duplicate : file.duplicates) {
    if (const auto found = moved.find(duplicate.same_as); found != moved.end()) {
      duplicate.same_as = found->second;
    }
  }
  // The same trace, met by two shards, is no duplicate of itself.
  std::erase_if(file.duplicates,
                [](const Duplicate& duplicate) { return duplicate.path == duplicate.same_as; });
  const auto sort_unique = [](auto& rows) {
    std::ranges::sort(rows);
    const auto again = std::ranges::unique(rows);
    rows.erase(again.begin(), again.end());
  };
  sort_unique(file.duplicates);
  sort_unique(file.unread);
}

}  // namespace

std::string SerializePartialFile(PartialFile file) {
  KeepDistinct(file);
  std::string bytes(kMagic);
  FileBuilder builder(bytes);
  builder.add_uint32(FileField::kVersion, kFileVersion);
  for (const std::string& name : file.reports) {
    protozero::pbf_builder<ReportField> report(builder, FileField::kReport);
    report.add_bytes(ReportField::kName, name);
    report.add_uint32(ReportField::kVersion, FindReport(name)->version);
  }
  for (const TraceResult& trace : file.traces) WriteTrace(builder, trace);
  for (const Duplicate& duplicate : file.duplicates) {
    WritePair(builder, FileField::kDuplicate, duplicate.path, duplicate.same_as);
  }
  for (const Unread& unread : file.unread) {
    WritePair(builder, FileField::kUnread, unread.path, unread.what);
  }
  builder.add_uint64(FileField::kPassedOver, file.passed_over);
  for (const auto& [filter, pattern] : file.selection.filters) {
    WritePair(builder, FileField::kFilter, filter, pattern);
  }
  for (const GroupKey key : file.selection.group_by) {
    builder.add_string(FileField::kGroupBy, std::string(Name(key)));
  }
  builder.add_string(FileField::kTimeZone, file.selection.zone.name());
  builder.add_uint64(FileField::kLeftOut, file.left_out);
  return bytes;
}

bool LooksLikePartialFile(std::string_view bytes) { return bytes.starts_with(kMagic); }

Result<PartialFile> ParsePartialFile(std::string_view bytes) { return Parser().Parse(bytes); }

Result<PartialFile> JoinPartialFiles(std::vector<PartialFile> files) {
  PartialFile all;
  if (!files.empty()) {
    all.reports = files.front().reports;
    all.selection = files.front().selection;
  }
  for (PartialFile& file : files) {
    if (file.reports != all.reports) {
      return Error{.code = ErrorCode::kUsage, .what = "the partial files hold different reports"};
    }
    const Selection& selection = file.selection;
    if (selection.filters != all.selection.filters ||
        selection.zone.name() != all.selection.zone.name()) {
      return Error{.code = ErrorCode::kUsage,
                   .what = "the partial files were made with different filters or time zones"};
    }
    if (selection.group_by != all.selection.group_by) {
      return Error{.code = ErrorCode::kUsage,
                   .what = "the partial files are grouped by different things"};
    }
    std::ranges::move(file.traces, std::back_inserter(all.traces));
    std::ranges::move(file.duplicates, std::back_inserter(all.duplicates));
    std::ranges::move(file.unread, std::back_inserter(all.unread));
    all.passed_over += file.passed_over;
    all.left_out += file.left_out;
  }
  KeepDistinct(all);
  return all;
}

void KeepReports(PartialFile& file, const std::vector<std::string>& names) {
  std::vector<std::size_t> positions;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(file.reports, name);
    GTENGINE_CHECK(found != file.reports.end());
    positions.push_back(static_cast<std::size_t>(found - file.reports.begin()));
  }
  for (TraceResult& trace : file.traces) {
    std::vector<std::unique_ptr<ReportPartial>> kept;
    for (const std::size_t position : positions) {
      kept.push_back(std::move(trace.partials[position]));
    }
    trace.partials = std::move(kept);
  }
  file.reports = names;
}

Result<CorpusResult> MergePartialFiles(std::vector<PartialFile> files) {
  auto joined = JoinPartialFiles(std::move(files));
  if (!joined.ok()) return std::move(joined).error();
  return SumPartialFile(std::move(*joined));
}

CorpusResult SumPartialFile(PartialFile file) {
  std::vector<const ReportType*> reports;
  for (const std::string& name : file.reports) reports.push_back(FindReport(name));
  CorpusResult result(reports, file.selection);
  for (const TraceResult& trace : file.traces) result.Add(trace);
  for (Duplicate& duplicate : file.duplicates) result.AddDuplicate(std::move(duplicate));
  for (Unread& unread : file.unread) result.AddUnread(std::move(unread));
  result.AddPassedOver(file.passed_over);
  result.AddLeftOut(file.left_out);
  return result;
}

Status RegroupPartialFiles(std::vector<PartialFile>& files, const std::vector<GroupKey>& group_by) {
  const auto keys_of_rows = [](const std::vector<GroupKey>& keys) {
    std::vector<GroupKey> of_rows;
    std::ranges::copy_if(keys, std::back_inserter(of_rows), IsOfRows);
    std::ranges::sort(of_rows);
    return of_rows;
  };
  for (PartialFile& file : files) {
    if (keys_of_rows(file.selection.group_by) != keys_of_rows(group_by)) {
      return Error{.code = ErrorCode::kUsage,
                   .what =
                       "--group-by: groups by task and goroutine must be those that the partial "
                       "files were made with"};
    }
    file.selection.group_by = group_by;
  }
  return {};
}

}  // namespace gtengine::run
