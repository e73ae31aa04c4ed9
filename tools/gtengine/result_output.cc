#include "tools/gtengine/result_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/render/csv.h"
#include "engine/render/json.h"
#include "engine/render/markdown.h"
#include "engine/render/pprof.h"
#include "engine/render/table.h"
#include "engine/run/origin_profiles.h"
#include "tools/gtengine/exit_status.h"
#include "tools/program/cancel.h"
#include "tools/program/diagnostics.h"
#include "tools/program/size_argument.h"

namespace gtengine::cli {
namespace {

constexpr std::string_view kGoToolTrace = "go-tool-trace";

struct NamedFormat {
  std::string_view name;
  Format format;
};
constexpr NamedFormat kFormats[] = {{"table", Format::kTable}, {"json", Format::kJson},
                                    {"csv", Format::kCsv},     {"markdown", Format::kMarkdown},
                                    {"pprof", Format::kPprof}, {"partial", Format::kPartial}};

}  // namespace

void AddFormatArguments(CLI::App& app, OutputArguments& arguments, FormatSet set) {
  app.add_option("--format", arguments.format,
                 set == FormatSet::kDocuments
                     ? "table, json, csv or markdown"
                     : "table, json, csv, markdown, pprof (for go tool pprof), or partial\n(for "
                       "gtengine merge)")
      ->type_name("FORMAT")
      ->capture_default_str();
  app.add_option("-o,--output", arguments.path,
                 "file for the result: it is there whole or not at all")
      ->type_name("FILE");
}

void AddReportArguments(CLI::App& app, OutputArguments& arguments) {
  AddFormatArguments(app, arguments, FormatSet::kAll);
  app.add_option("--top", arguments.top, "rows of each list of the worst")
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--profile", arguments.profile,
                 "which one of the reports' profiles, with --format pprof")
      ->type_name("NAME");
  app.add_option("--compat", arguments.compat,
                 "go-tool-trace: count as go tool trace does, also where that loses something")
      ->type_name("PROGRAM");
  app.add_option("--stuck", arguments.stuck, "how long a P must be held to be called stuck (procs)")
      ->type_name("TIME")
      ->capture_default_str();
  app.add_option("--grep", arguments.grep, "show logs that contain it only (logs)")
      ->type_name("TEXT");
  app.add_flag("-q,--quiet", arguments.is_quiet, "no progress and no summary on stderr");
}

Result<Format> ParseFormat(std::string_view name, FormatSet set) {
  std::string names;
  for (const NamedFormat& format : kFormats) {
    if (set == FormatSet::kDocuments && IsBinary(format.format)) continue;
    if (name == format.name) return format.format;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", format.name);
  }
  return Error{
      .code = ErrorCode::kUsage,
      .what = fmt::format("--format: there is no format \"{}\"; formats are: {}", name, names)};
}

Result<ReportOptions> ParseReportOptions(const OutputArguments& arguments) {
  ReportOptions options;
  const auto top =
      ParseNumber("--top", arguments.top, 1, std::numeric_limits<std::uint32_t>::max());
  if (!top.ok()) return top.error();
  options.top = static_cast<std::size_t>(*top);
  if (!arguments.compat.empty() && arguments.compat != kGoToolTrace) {
    return Error{.code = ErrorCode::kUsage,
                 .what = fmt::format("--compat: \"{}\" is not known; known is: {}",
                                     arguments.compat, kGoToolTrace)};
  }
  options.compat_go_tool_trace = !arguments.compat.empty();
  const auto stuck_ns = ParseTime("--stuck", arguments.stuck);
  if (!stuck_ns.ok()) return stuck_ns.error();
  options.stuck_ns = *stuck_ns;
  options.grep = arguments.grep;
  return options;
}

Result<std::string> ParseProfile(const OutputArguments& arguments, Format format,
                                 std::span<const ReportType* const> reports) {
  const std::string& name = arguments.profile;
  const auto refusal = [](std::string what) {
    return Error{.code = ErrorCode::kUsage, .what = std::move(what)};
  };
  if (format != Format::kPprof) {
    if (name.empty()) return std::string();
    return refusal("--profile goes with --format pprof only");
  }
  const std::vector<std::string> ids = run::ProfileIds(reports);
  if (ids.empty()) return refusal("--format pprof: the reports have no profile");
  if (name.empty() && ids.size() == 1) return ids.front();
  if (std::ranges::find(ids, name) != ids.end()) return name;
  const std::string_view problem =
      name.empty() ? "one is needed" : "the reports have no profile of that name";
  return refusal(fmt::format("--profile: {}; profiles are: {}", problem, fmt::join(ids, ", ")));
}

bool IsBinary(Format format) { return format == Format::kPprof || format == Format::kPartial; }

std::string Render(std::span<const Document> documents, Format format, const OutputFile& output) {
  switch (format) {
    case Format::kJson:
      return RenderJson(documents);
    case Format::kCsv:
      return RenderCsv(documents);
    case Format::kMarkdown:
      return RenderMarkdown(documents);
    default:
      return RenderTables(documents, output.TerminalColumns().value_or(kDefaultTableWidth));
  }
}

std::string RenderProfile(const run::PartialFile& file, const std::string& profile,
                          const ReportOptions& options) {
  const std::vector<Profile> profiles = run::MakeOriginProfiles(file, options);
  const auto found = std::ranges::find(profiles, profile, &Profile::id);
  GTENGINE_CHECK(found != profiles.end());
  return RenderPprof(*found);
}

run::CorpusResult SumWithoutReports(const run::PartialFile& file) {
  run::CorpusResult result({}, file.selection);
  for (const run::TraceResult& trace : file.traces) result.Add(trace);
  for (const run::Duplicate& duplicate : file.duplicates) result.AddDuplicate(duplicate);
  for (const run::Unread& unread : file.unread) result.AddUnread(unread);
  result.AddPassedOver(file.passed_over);
  result.AddLeftOut(file.left_out);
  return result;
}

std::string NoMatches(const run::CorpusResult& result) {
  return fmt::format("nothing to report on: 0 of {} traces match the filters", result.left_out());
}

int FinishOutput(const run::CorpusResult& result, std::string_view bytes,
                 std::string_view without_traces, OutputFile& output) {
  for (const std::string& line : result.ProblemLines()) Say(line);
  if (result.traces() == 0) {
    Say(without_traces);
    return kNoResult;
  }
  if (IsCancelled()) return kInterrupted;
  Status done = output.Write(bytes);
  if (done.ok()) done = output.Commit();
  if (!done.ok()) return output.ReportFailure(done.error());
  return result.has_problems() ? kSomethingLost : kAllRead;
}

}  // namespace gtengine::cli
