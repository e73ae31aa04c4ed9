// gtengine scan: reports on many traces.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/corpus_result.h"
#include "engine/run/corpus_scan.h"
#include "engine/run/partial_file.h"
#include "tools/gtengine/commands.h"
#include "tools/gtengine/exit_status.h"
#include "tools/gtengine/filter_arguments.h"
#include "tools/gtengine/progress_line.h"
#include "tools/gtengine/quantities.h"
#include "tools/gtengine/report_list.h"
#include "tools/gtengine/result_output.h"
#include "tools/gtengine/scan_arguments.h"
#include "tools/program/cancel.h"
#include "tools/program/diagnostics.h"
#include "tools/program/output_file.h"

namespace gtengine::cli {
namespace {

// As typed.
struct Arguments {
  std::vector<std::string> paths;
  std::vector<std::string> reports;
  ScanArguments scan;
  FilterArguments filters;
  std::vector<std::string> group_by;
  OutputArguments output;
};

struct Settings {
  run::ScanOptions scan;
  Format format = Format::kTable;
  std::string profile;
  ReportOptions report;
};

std::string Footer() {
  return fmt::format(
      "Reports:\n{}\n"
      "Examples:\n"
      "  gtengine scan traces/ --report sched\n"
      "  gtengine scan a.trace b.trace --report sched --top 5\n"
      "  gtengine scan traces/ --report sched --format json -o sched.json\n"
      "  gtengine scan traces/shop/ --report sched --format partial -o shop.part\n"
      "  gtengine scan traces/ --report sched --format pprof -o sched.pb.gz; go tool pprof -top "
      "sched.pb.gz\n"
      "  gtengine scan day.tar.zst trace.out.gz --report sched\n"
      "  curl -s https://host/trace.gz | gtengine scan - --report sched\n"
      "  gtengine scan traces/ --report sched --service 'shop*' --time-of-day 09:00-17:00\n"
      "  gtengine scan traces/ --report tasks --from 2026-01-02 --to 2026-01-03 --group-by host\n\n"
      "A trace that is damaged counts with its whole generations. The result goes to standard "
      "output\n"
      "or to -o, everything else to stderr. With --format partial, --top and --compat are for "
      "gtengine merge.\n\n{}\n{}",
      DescribeReports(), kFilterHelp, kExitStatusHelp);
}

std::optional<int> Read(std::vector<std::string> texts, Arguments& arguments) {
  CLI::App app("Makes reports on Go execution traces: any number of them at once.",
               "gtengine scan");
  AddPaths(app, arguments.paths, "PATH",
           "traces, compressed ones, tar archives, folders (with all below them), or - for stdin");
  app.add_option("--report", arguments.reports, "reports to make, with commas between them")
      ->type_name("NAME[,NAME]")
      ->allow_extra_args(false);
  AddScanArguments(app, arguments.scan);
  AddGroupByArgument(app, arguments.group_by);
  AddFilterArguments(app, arguments.filters);
  AddReportArguments(app, arguments.output);
  app.footer(Footer());
  return ReadArguments(app, std::move(texts));
}

Result<Settings> Check(const Arguments& arguments) {
  Settings settings;
  auto scan = ParseScanArguments(arguments.scan);
  if (!scan.ok()) return std::move(scan).error();
  settings.scan = std::move(*scan);
  const Status filters = ParseFilters(arguments.filters, settings.scan);
  if (!filters.ok()) return filters.error();
  auto group_by = ParseGroupBy(arguments.group_by);
  if (!group_by.ok()) return std::move(group_by).error();
  for (const run::GroupKey key : *group_by) {
    settings.scan.rows.by_task |= key == run::GroupKey::kTask;
    settings.scan.rows.by_goroutine |= key == run::GroupKey::kGoroutine;
  }
  settings.scan.selection.group_by = std::move(*group_by);
  const std::string_view row_option = RowOptionOf(settings.scan);
  auto reports = row_option.empty() ? ParseReports(arguments.reports)
                                    : ParseRowReports(arguments.reports, row_option);
  if (!reports.ok()) return std::move(reports).error();
  settings.scan.reports = std::move(*reports);

  const auto format = ParseFormat(arguments.output.format, FormatSet::kAll);
  if (!format.ok()) return format.error();
  settings.format = *format;
  const auto report = ParseReportOptions(arguments.output);
  if (!report.ok()) return report.error();
  settings.report = *report;
  auto profile = ParseProfile(arguments.output, settings.format, settings.scan.reports);
  if (!profile.ok()) return std::move(profile).error();
  settings.profile = std::move(*profile);
  return settings;
}

std::string NoTraces(const run::CorpusResult& result) {
  if (result.left_out() > 0) return NoMatches(result);
  return fmt::format(
      "nothing to report on: no Go execution trace was read; other files in the "
      "folders, passed over: {}",
      result.passed_over());
}

void SaySummary(const run::CorpusResult& result, std::chrono::steady_clock::duration took) {
  const double seconds = std::max(std::chrono::duration<double>(took).count(), 1e-9);
  const auto millions_per_second = [&](std::uint64_t count) {
    return static_cast<double>(count) / seconds / 1e6;
  };
  Say(fmt::format("{}, {} bytes, {} events in {:.3f} s: {:.2f} M events/s, {:.2f} MB/s",
                  Counted(result.traces(), "trace"), result.bytes(), result.events(), seconds,
                  millions_per_second(result.events()), millions_per_second(result.bytes())));
}

int Scan(const Arguments& arguments, Settings settings) {
  const auto begin = std::chrono::steady_clock::now();
  OutputFile output;
  if (const Status opened = output.Open(arguments.output.path); !opened.ok()) {
    return output.ReportFailure(opened.error());
  }
  if (IsBinary(settings.format) && output.TerminalColumns()) {
    return RefuseUsage(kNotForTerminals, "gtengine scan");
  }
  ProgressLine progress(arguments.output.is_quiet);
  if (progress.is_shown()) {
    settings.scan.on_progress = [&](const run::Progress& now) { progress.Update(now); };
  }
  settings.scan.is_cancelled = IsCancelled;

  run::CorpusResult result({});
  std::string bytes;
  if (IsBinary(settings.format)) {
    run::PartialFile partial = run::ScanCorpusToPartial(arguments.paths, settings.scan);
    result = SumWithoutReports(partial);
    if (!IsCancelled()) {
      bytes = settings.format == Format::kPprof
                  ? RenderProfile(partial, settings.profile, settings.report)
                  : run::SerializePartialFile(std::move(partial));
    }
  } else {
    result = run::ScanCorpus(arguments.paths, settings.scan);
    if (!IsCancelled())
      bytes = Render(result.ToDocuments(settings.report), settings.format, output);
  }
  progress.Clear();
  if (IsCancelled()) return kInterrupted;

  const int status = FinishOutput(result, bytes, NoTraces(result), output);
  if (status <= kSomethingLost && !arguments.output.is_quiet) {
    SaySummary(result, std::chrono::steady_clock::now() - begin);
  }
  return status;
}

int Run(std::vector<std::string> texts) {
  Arguments arguments;
  if (const auto status = Read(std::move(texts), arguments)) return *status;
  auto settings = Check(arguments);
  if (!settings.ok()) return RefuseUsage(settings.error(), "gtengine scan");
  return Scan(arguments, std::move(*settings));
}

}  // namespace

const Command kScanCommand{"scan", "makes reports on any number of traces", Run};

}  // namespace gtengine::cli
