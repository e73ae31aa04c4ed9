// gtengine merge: one result from partial files.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/reports/registry.h"
#include "engine/run/corpus_result.h"
#include "engine/run/partial_file.h"
#include "tools/gtengine/commands.h"
#include "tools/gtengine/exit_status.h"
#include "tools/gtengine/filter_arguments.h"
#include "tools/gtengine/partial_input.h"
#include "tools/gtengine/quantities.h"
#include "tools/gtengine/result_output.h"
#include "tools/program/cancel.h"
#include "tools/program/diagnostics.h"
#include "tools/program/output_file.h"

namespace gtengine::cli {
namespace {

constexpr const char* kNoTraces = "nothing to report on: the partial files hold no trace";

// As typed.
struct Arguments {
  std::vector<std::string> paths;
  std::vector<std::string> group_by;
  OutputArguments output;
};

std::optional<int> Read(std::vector<std::string> texts, Arguments& arguments) {
  CLI::App app("Makes one result from the partial files of several scans.", "gtengine merge");
  AddPaths(app, arguments.paths, "FILE", "partial files, or - for standard input");
  AddGroupByArgument(app, arguments.group_by);
  AddReportArguments(app, arguments.output);
  app.footer(
      fmt::format("Examples:\n"
                  "  gtengine scan traces/shop/ --report sched --format partial -o shop.part\n"
                  "  gtengine scan traces/chat/ --report sched --format partial -o chat.part\n"
                  "  gtengine merge shop.part chat.part\n"
                  "  gtengine merge *.part --format partial -o all.part\n"
                  "  gtengine merge *.part --group-by service,day\n"
                  "  gtengine merge *.part --format pprof -o sched.pb.gz\n\n"
                  "The result equals that of one scan of all the traces, to the byte, grouped as "
                  "that was, or as\n--group-by says. A trace that "
                  "is in several\n"
                  "files counts once. A file that is no whole partial file is refused, and nothing "
                  "is written.\n\n{}",
                  kExitStatusHelp));
  return ReadArguments(app, std::move(texts));
}

std::vector<const ReportType*> ReportsOf(const run::PartialFile& file) {
  std::vector<const ReportType*> reports;
  for (const std::string& name : file.reports) reports.push_back(FindReport(name));
  return reports;
}

int Merge(const Arguments& arguments, Format format, const ReportOptions& options,
          const std::vector<run::GroupKey>& group_by) {
  OutputFile output;
  if (const Status opened = output.Open(arguments.output.path); !opened.ok()) {
    return output.ReportFailure(opened.error());
  }
  if (IsBinary(format) && output.TerminalColumns()) {
    return RefuseUsage(kNotForTerminals, "gtengine merge");
  }
  std::vector<run::PartialFile> files;
  bool all_read = true;
  for (const std::string& path : arguments.paths) {
    if (IsCancelled()) return kInterrupted;
    auto file = ReadPartial(path);
    if (file.ok()) {
      files.push_back(std::move(*file));
    } else {
      Say(file.error());
      all_read = false;
    }
  }
  if (IsCancelled()) return kInterrupted;
  if (!all_read) {
    Say("nothing was merged");
    return kNoResult;
  }
  if (!arguments.group_by.empty()) {
    const Status regrouped = run::RegroupPartialFiles(files, group_by);
    if (!regrouped.ok()) return RefuseUsage(regrouped.error(), "gtengine merge");
  }
  run::CorpusResult result({});
  std::string bytes;
  if (IsBinary(format)) {
    auto joined = run::JoinPartialFiles(std::move(files));
    if (!joined.ok()) return RefuseUsage(joined.error(), "gtengine merge");
    const auto profile = ParseProfile(arguments.output, format, ReportsOf(*joined));
    if (!profile.ok()) return RefuseUsage(profile.error(), "gtengine merge");
    result = SumWithoutReports(*joined);
    bytes = format == Format::kPprof ? RenderProfile(*joined, *profile, options)
                                     : run::SerializePartialFile(std::move(*joined));
  } else {
    auto merged = run::MergePartialFiles(std::move(files));
    if (!merged.ok()) return RefuseUsage(merged.error(), "gtengine merge");
    result = std::move(*merged);
    bytes = Render(result.ToDocuments(options), format, output);
  }
  const int status = FinishOutput(result, bytes, kNoTraces, output);
  if (status <= kSomethingLost && !arguments.output.is_quiet) {
    Say(fmt::format("{}, {} bytes, {} events in {}", Counted(result.traces(), "trace"),
                    result.bytes(), result.events(),
                    Counted(arguments.paths.size(), "partial file")));
  }
  return status;
}

int Run(std::vector<std::string> texts) {
  Arguments arguments;
  if (const auto status = Read(std::move(texts), arguments)) return *status;
  const auto format = ParseFormat(arguments.output.format, FormatSet::kAll);
  if (!format.ok()) return RefuseUsage(format.error(), "gtengine merge");
  const auto options = ParseReportOptions(arguments.output);
  if (!options.ok()) return RefuseUsage(options.error(), "gtengine merge");
  if (!arguments.output.profile.empty() && *format != Format::kPprof) {
    return RefuseUsage("--profile goes with --format pprof only", "gtengine merge");
  }
  const auto group_by = ParseGroupBy(arguments.group_by);
  if (!group_by.ok()) return RefuseUsage(group_by.error(), "gtengine merge");
  return Merge(arguments, *format, *options, *group_by);
}

}  // namespace

const Command kMergeCommand{"merge", "makes one result from partial files", Run};

}  // namespace gtengine::cli
