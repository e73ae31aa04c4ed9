#include "tools/gtengine/result_output.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "engine/render/json.h"
#include "engine/render/table.h"
#include "tools/gtengine/exit_status.h"
#include "tools/program/cancel.h"
#include "tools/program/diagnostics.h"
#include "tools/program/size_argument.h"

namespace gtengine::cli {
namespace {

constexpr std::string_view kGoToolTrace = "go-tool-trace";

}  // namespace

void AddFormatArguments(CLI::App& app, OutputArguments& arguments, const std::string& formats) {
  app.add_option("--format", arguments.format, formats)->type_name("FORMAT")->capture_default_str();
  app.add_option("-o,--output", arguments.path,
                 "file for the result: it is there whole or not at all")
      ->type_name("FILE");
}

void AddReportArguments(CLI::App& app, OutputArguments& arguments) {
  AddFormatArguments(app, arguments, "table, json, or partial (a file for gtengine merge)");
  app.add_option("--top", arguments.top, "rows of each list of the worst")
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--compat", arguments.compat,
                 "go-tool-trace: count as go tool trace does, also where that loses something")
      ->type_name("PROGRAM");
  app.add_flag("-q,--quiet", arguments.is_quiet, "no progress and no summary on stderr");
}

Result<Format> ParseFormat(std::string_view name, bool has_partial) {
  if (name == "table") return Format::kTable;
  if (name == "json") return Format::kJson;
  if (name == "partial" && has_partial) return Format::kPartial;
  return Error{
      .code = ErrorCode::kUsage,
      .what = fmt::format("--format: there is no format \"{}\"; formats are: table, json{}", name,
                          has_partial ? ", partial" : "")};
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
  return options;
}

std::string Render(std::span<const Document> documents, Format format, const OutputFile& output) {
  if (format == Format::kJson) return RenderJson(documents);
  return RenderTables(documents, output.TerminalColumns().value_or(kDefaultTableWidth));
}

run::CorpusResult SumWithoutReports(const run::PartialFile& file) {
  run::CorpusResult result({});
  for (const run::TraceResult& trace : file.traces) result.Add(trace);
  for (const run::Duplicate& duplicate : file.duplicates) result.AddDuplicate(duplicate);
  for (const run::Unread& unread : file.unread) result.AddUnread(unread);
  result.AddPassedOver(file.passed_over);
  return result;
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
