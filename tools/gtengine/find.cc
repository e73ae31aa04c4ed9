// gtengine find: the longest intervals of one kind, and where they are.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/reports/worst_intervals.h"
#include "engine/run/corpus_result.h"
#include "engine/run/corpus_scan.h"
#include "tools/gtengine/commands.h"
#include "tools/gtengine/exit_status.h"
#include "tools/gtengine/filter_arguments.h"
#include "tools/gtengine/progress_line.h"
#include "tools/gtengine/quantities.h"
#include "tools/gtengine/result_output.h"
#include "tools/gtengine/scan_arguments.h"
#include "tools/program/cancel.h"
#include "tools/program/diagnostics.h"
#include "tools/program/output_file.h"
#include "tools/program/size_argument.h"

namespace gtengine::cli {
namespace {

constexpr std::uint64_t kMostIntervals = 10'000;

// As typed.
struct Arguments {
  std::vector<std::string> paths;
  std::string longest;
  ScanArguments scan;
  std::string top = "10";
  FilterArguments filters;
  OutputArguments output;
};

struct Settings {
  IntervalQuery query;
  std::size_t top = 0;
  run::ScanOptions scan;
  Format format = Format::kTable;
};

std::optional<int> Read(std::vector<std::string> texts, Arguments& arguments) {
  CLI::App app("Finds the longest intervals of one kind in any number of traces.", "gtengine find");
  AddPaths(app, arguments.paths, "PATH",
           "traces, compressed ones, tar archives, folders (with all below them), or - for stdin");
  app.add_option("--longest", arguments.longest, "runnable, syscall, block, task:NAME or stw")
      ->required()
      ->type_name("KIND");
  app.add_option("--top", arguments.top, "how many")->type_name("N")->capture_default_str();
  AddScanArguments(app, arguments.scan);
  AddFilterArguments(app, arguments.filters);
  AddFormatArguments(app, arguments.output, FormatSet::kDocuments);
  app.add_flag("-q,--quiet", arguments.output.is_quiet, "no progress and no summary on stderr");
  app.footer(fmt::format(
      "Kinds:\n"
      "  runnable   a goroutine that could run waited for it\n"
      "  syscall    a goroutine was in a system call\n"
      "  block      a goroutine was blocked, whatever the reason\n"
      "  task:NAME  a task of that name, from its beginning to its end\n"
      "  stw        the world was stopped\n\n"
      "Examples:\n"
      "  gtengine find traces/ --longest runnable\n"
      "  gtengine find traces/shop/ --longest task:checkout --top 3\n"
      "  gtengine find traces/ --longest runnable --host web-1 --from 2026-01-02\n"
      "  gtengine find traces/ --longest stw --format json | jq '.reports[0].tables.intervals'\n\n"
      "Of each it tells the trace, its generations with their bytes, the time from the trace's "
      "start, the\n"
      "goroutine and the stack. gtengine slice cuts the generations out.\n\n{}\n{}",
      kFilterHelp, kExitStatusHelp));
  return ReadArguments(app, std::move(texts));
}

Result<IntervalQuery> ParseQuery(std::string_view text) {
  constexpr std::string_view kTask = "task:";
  if (text == "runnable") return IntervalQuery{.kind = IntervalKind::kRunnable, .task_name = {}};
  if (text == "syscall") return IntervalQuery{.kind = IntervalKind::kSyscall, .task_name = {}};
  if (text == "block") return IntervalQuery{.kind = IntervalKind::kBlocked, .task_name = {}};
  if (text == "stw") return IntervalQuery{.kind = IntervalKind::kStopTheWorld, .task_name = {}};
  if (text.starts_with(kTask) && text.size() > kTask.size()) {
    return IntervalQuery{.kind = IntervalKind::kTask,
                         .task_name = std::string(text.substr(kTask.size()))};
  }
  return Error{.code = ErrorCode::kUsage,
               .what = fmt::format("--longest: there is no kind \"{}\"; kinds are: runnable, "
                                   "syscall, block, task:NAME, stw",
                                   text)};
}

Result<Settings> Check(const Arguments& arguments) {
  Settings settings;
  auto query = ParseQuery(arguments.longest);
  if (!query.ok()) return std::move(query).error();
  settings.query = std::move(*query);
  const auto top = ParseNumber("--top", arguments.top, 1, kMostIntervals);
  if (!top.ok()) return top.error();
  settings.top = static_cast<std::size_t>(*top);
  auto scan = ParseScanArguments(arguments.scan);
  if (!scan.ok()) return std::move(scan).error();
  settings.scan = std::move(*scan);
  const Status filters = ParseFilters(arguments.filters, settings.scan);
  if (!filters.ok()) return filters.error();
  const auto format = ParseFormat(arguments.output.format, FormatSet::kDocuments);
  if (!format.ok()) return format.error();
  settings.format = *format;
  return settings;
}

int Find(const Arguments& arguments, Settings settings) {
  OutputFile output;
  if (const Status opened = output.Open(arguments.output.path); !opened.ok()) {
    return output.ReportFailure(opened.error());
  }
  const ReportType report = WorstIntervals(settings.query, settings.top);
  ProgressLine progress(arguments.output.is_quiet);
  run::ScanOptions& scan = settings.scan;
  scan.reports = {&report};
  scan.is_cancelled = IsCancelled;
  if (progress.is_shown()) {
    scan.on_progress = [&](const run::Progress& now) { progress.Update(now); };
  }
  const run::CorpusResult result = run::ScanCorpus(arguments.paths, scan);
  progress.Clear();
  if (IsCancelled()) return kInterrupted;
  const Document document = result.partial(0).ToDocument({.top = settings.top});
  const int status = FinishOutput(
      result, Render({&document, 1}, settings.format, output),
      result.left_out() > 0 ? NoMatches(result)
                            : "nothing to find anything in: no Go execution trace was read",
      output);
  if (status <= kSomethingLost && !arguments.output.is_quiet) {
    Say(fmt::format(
        "{} found in {}, {} events in {}", Counted(document.tables.front().rows.size(), "interval"),
        Counted(result.traces(), "trace"), result.events(), Counted(result.bytes(), "byte")));
  }
  return status;
}

int Run(std::vector<std::string> texts) {
  Arguments arguments;
  if (const auto status = Read(std::move(texts), arguments)) return *status;
  auto settings = Check(arguments);
  if (!settings.ok()) return RefuseUsage(settings.error(), "gtengine find");
  return Find(arguments, std::move(*settings));
}

}  // namespace

const Command kFindCommand{"find", "finds the longest intervals of one kind", Run};

}  // namespace gtengine::cli
