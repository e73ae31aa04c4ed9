// gtengine diff: what became slower or faster from one corpus to another.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/reports/registry.h"
#include "engine/run/corpus_diff.h"
#include "engine/run/corpus_result.h"
#include "engine/run/corpus_scan.h"
#include "engine/run/diff_document.h"
#include "engine/run/partial_file.h"
#include "tools/gtengine/commands.h"
#include "tools/gtengine/exit_status.h"
#include "tools/gtengine/partial_input.h"
#include "tools/gtengine/progress_line.h"
#include "tools/gtengine/quantities.h"
#include "tools/gtengine/report_list.h"
#include "tools/gtengine/result_output.h"
#include "tools/gtengine/scan_arguments.h"
#include "tools/program/cancel.h"
#include "tools/program/diagnostics.h"
#include "tools/program/output_file.h"
#include "tools/program/size_argument.h"

namespace gtengine::cli {
namespace {

constexpr std::string_view kCommand = "gtengine diff";
constexpr std::uint64_t kMostRows = 4'294'967'295;

// As typed.
struct Arguments {
  std::vector<std::string> paths;
  std::vector<std::string> to;
  std::vector<std::string> reports;
  std::string fail_over;
  ScanArguments scan;
  OutputArguments output;
};

struct Settings {
  run::Sides<std::vector<std::string>> paths;
  std::vector<std::string> reports;  // empty: all that both sides have
  std::optional<std::int64_t> fail_over_permille;
  run::ScanOptions scan;
  Format format = Format::kTable;
  std::size_t top = 0;
};

// Names of the reports that can be compared.
std::vector<std::string> Comparable() {
  std::vector<std::string> names;
  for (const ReportType& report : AllReports()) {
    if (report.visit_lengths != nullptr) names.emplace_back(report.name);
  }
  return names;
}

std::optional<int> Read(std::vector<std::string> texts, Arguments& arguments) {
  CLI::App app(
      "Tells what became slower or faster from A to B, and what the difference between hosts "
      "explains.",
      std::string(kCommand));
  AddPaths(app, arguments.paths, "A B",
           "A, then B: traces, folders, or partial files of gtengine scan; with --to, all are A");
  app.add_option("--to", arguments.to, "B, when a side has several paths")->type_name("PATH");
  app.add_option("--report", arguments.reports,
                 fmt::format("what to compare, of {}\n(default: all that both sides have)",
                             fmt::join(Comparable(), ", ")))
      ->type_name("NAME[,NAME]")
      ->allow_extra_args(false);
  app.add_option("--fail-over", arguments.fail_over,
                 "exit with status 3 when something is slower by more, and beyond noise")
      ->type_name("PERCENT");
  AddScanArguments(app, arguments.scan);
  app.add_option("--top", arguments.output.top, "rows of each list")
      ->type_name("N")
      ->capture_default_str();
  AddFormatArguments(app, arguments.output, FormatSet::kDocuments);
  app.add_flag("-q,--quiet", arguments.output.is_quiet, "no progress and no summary on stderr");
  app.footer(
      "Examples:\n"
      "  gtengine diff before/ after/\n"
      "  gtengine diff traces/*/*/20260101 --to traces/*/*/20260102 --fail-over 10%\n"
      "  gtengine scan before/ --report all --format partial -o before.part\n"
      "  gtengine diff before.part after/ --report tasks,regions --format markdown\n\n"
      "Hosts are compared, so that a single bad one is no change; where a side has fewer than "
      "four,\n"
      "traces are. Services are compared by name: their paths must tell them (--layout).\n\n"
      "Exit status:\n"
      "  0    everything was read; with --fail-over, nothing is slower by more and beyond noise\n"
      "  1    there is a result, but something was damaged or could not be read\n"
      "  2    wrong usage, nothing readable on a side, or the result could not be written\n"
      "  3    something is slower by more than --fail-over, and beyond noise\n"
      "  130  interrupted (Ctrl-C, SIGTERM, SIGHUP): nothing was written to -o\n"
      "  141  whoever read the output left before its end\n");
  return ReadArguments(app, std::move(texts));
}

Error Usage(std::string what) { return {.code = ErrorCode::kUsage, .what = std::move(what)}; }

Result<Settings> Check(const Arguments& arguments) {
  Settings settings;
  if (arguments.to.empty() && arguments.paths.size() != 2) {
    return Usage("two sides are needed: A and B, or A... --to B...");
  }
  if (arguments.to.empty()) {
    settings.paths = {std::vector{arguments.paths[0]}, std::vector{arguments.paths[1]}};
  } else {
    settings.paths = {arguments.paths, arguments.to};
  }
  if (!arguments.reports.empty()) {
    const auto reports = ParseReports(arguments.reports);
    if (!reports.ok()) return reports.error();
    for (const ReportType* report : *reports) {
      if (report->visit_lengths != nullptr) settings.reports.emplace_back(report->name);
    }
    if (settings.reports.empty()) {
      return Usage(fmt::format("--report: nothing to compare; these measure lengths: {}",
                               fmt::join(Comparable(), ", ")));
    }
  }
  if (!arguments.fail_over.empty()) {
    const auto permille = ParsePercent("--fail-over", arguments.fail_over);
    if (!permille.ok()) return permille.error();
    settings.fail_over_permille = *permille;
  }
  auto scan = ParseScanArguments(arguments.scan);
  if (!scan.ok()) return std::move(scan).error();
  settings.scan = std::move(*scan);
  const auto top = ParseNumber("--top", arguments.output.top, 1, kMostRows);
  if (!top.ok()) return top.error();
  settings.top = static_cast<std::size_t>(*top);
  const auto format = ParseFormat(arguments.output.format, FormatSet::kDocuments);
  if (!format.ok()) return format.error();
  settings.format = *format;
  return settings;
}

// What a side's paths are.
struct SideInput {
  std::vector<std::string> traces;  // files and folders to be scanned
  std::vector<run::PartialFile> partials;
};

// Nothing when a partial file cannot be read, which is said.
std::optional<SideInput> Open(const std::vector<std::string>& paths) {
  SideInput side;
  bool all_read = true;
  for (const std::string& path : paths) {
    if (!IsPartialFile(path)) {
      side.traces.push_back(path);
      continue;
    }
    auto partial = ReadPartial(path);
    if (partial.ok()) {
      side.partials.push_back(std::move(*partial));
    } else {
      Say(partial.error());
      all_read = false;
    }
  }
  return all_read ? std::optional(std::move(side)) : std::nullopt;
}

// The reports to compare: those asked for, or all that measure lengths, as far as the partial files
// have them. Errors (kUsage): one that was asked for is missing, or there is none.
Result<std::vector<std::string>> Choose(const std::vector<std::string>& asked_for,
                                        const run::Sides<SideInput>& sides) {
  std::vector<std::string> chosen = asked_for.empty() ? Comparable() : asked_for;
  for (const SideInput& side : sides) {
    for (const run::PartialFile& partial : side.partials) {
      const auto is_missing = [&](const std::string& name) {
        return std::ranges::find(partial.reports, name) == partial.reports.end();
      };
      const auto missing = std::ranges::find_if(chosen, is_missing);
      if (missing == chosen.end()) continue;
      if (!asked_for.empty()) {
        return Usage(fmt::format("--report: a partial file lacks {}; it has: {}", *missing,
                                 fmt::join(partial.reports, ", ")));
      }
      std::erase_if(chosen, is_missing);
    }
  }
  if (!chosen.empty()) return chosen;
  return Usage(fmt::format("the sides have no report in common that measures lengths: {}",
                           fmt::join(Comparable(), ", ")));
}

run::PartialFile Load(SideInput side, const std::vector<std::string>& reports,
                      run::ScanOptions scan) {
  for (run::PartialFile& partial : side.partials) run::KeepReports(partial, reports);
  if (!side.traces.empty()) {
    for (const std::string& name : reports) scan.reports.push_back(FindReport(name));
    side.partials.push_back(run::ScanCorpusToPartial(side.traces, scan));
  }
  return run::JoinPartialFiles(std::move(side.partials)).value();
}

// Says what was wrong on both sides. Gives the exit status so far.
int SayProblems(const run::Sides<run::PartialFile>& files) {
  int status = kAllRead;
  for (std::size_t side = 0; side < 2; ++side) {
    const run::CorpusResult sums = SumWithoutReports(files[side]);
    for (const std::string& line : sums.ProblemLines()) Say(line);
    if (sums.traces() == 0) {
      Say(fmt::format("nothing to compare: {} has no Go execution trace", side == 0 ? "A" : "B"));
      return kNoResult;
    }
    if (sums.has_problems()) status = kSomethingLost;
  }
  return status;
}

int Diff(const Arguments& arguments, const Settings& settings) {
  OutputFile output;
  if (const Status opened = output.Open(arguments.output.path); !opened.ok()) {
    return output.ReportFailure(opened.error());
  }
  run::Sides<SideInput> sides;
  for (std::size_t side = 0; side < 2; ++side) {
    auto opened = Open(settings.paths[side]);
    if (!opened) {
      Say("nothing was compared");
      return kNoResult;
    }
    sides[side] = std::move(*opened);
  }
  const auto reports = Choose(settings.reports, sides);
  if (!reports.ok()) return RefuseUsage(reports.error(), kCommand);

  run::Sides<run::PartialFile> files;
  for (std::size_t side = 0; side < 2; ++side) {
    ProgressLine progress(arguments.output.is_quiet);
    run::ScanOptions scan = settings.scan;
    if (progress.is_shown()) {
      scan.on_progress = [&](const run::Progress& now) { progress.Update(now); };
    }
    scan.is_cancelled = IsCancelled;
    files[side] = Load(std::move(sides[side]), *reports, std::move(scan));
    progress.Clear();
    if (IsCancelled()) return kInterrupted;
  }
  const int status = SayProblems(files);
  if (status == kNoResult) return status;

  const run::CorpusDiff diff = run::CompareCorpora(files[0], files[1]);
  if (IsCancelled()) return kInterrupted;
  const Document document = run::ToDocument(diff, settings.top);
  Status done = output.Write(Render({&document, 1}, settings.format, output));
  if (done.ok()) done = output.Commit();
  if (!done.ok()) return output.ReportFailure(done.error());
  if (diff.services.empty()) Say("no service is on both sides: nothing was compared");
  if (!settings.fail_over_permille) return status;

  const std::uint64_t slower = run::CountSlower(diff, *settings.fail_over_permille);
  if (diff.judged.empty()) {
    Say("--fail-over: a side has too few hosts and traces to tell a change from noise");
  }
  if (slower == 0) return status;
  if (!arguments.output.is_quiet) {
    Say(fmt::format("slower by more than {}, beyond noise: {}", arguments.fail_over, slower));
  }
  return kSlower;
}

int Run(std::vector<std::string> texts) {
  Arguments arguments;
  if (const auto status = Read(std::move(texts), arguments)) return *status;
  const auto settings = Check(arguments);
  if (!settings.ok()) return RefuseUsage(settings.error(), kCommand);
  return Diff(arguments, *settings);
}

}  // namespace

const Command kDiffCommand{"diff", "tells what became slower or faster", Run};

}  // namespace gtengine::cli
