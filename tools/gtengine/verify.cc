// gtengine verify: what is whole and what is damaged, without reporting.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/corpus_verdicts.h"
#include "tools/gtengine/available_cores.h"
#include "tools/gtengine/commands.h"
#include "tools/gtengine/exit_status.h"
#include "tools/gtengine/expand_arguments.h"
#include "tools/gtengine/quantities.h"
#include "tools/gtengine/result_output.h"
#include "tools/program/cancel.h"
#include "tools/program/diagnostics.h"
#include "tools/program/output_file.h"
#include "tools/program/size_argument.h"

namespace gtengine::cli {
namespace {

constexpr std::uint64_t kMaxThreads = 1024;

// As typed.
struct Arguments {
  std::vector<std::string> paths;
  bool all = false;
  std::string threads;
  std::string memory = "1G";
  ExpandArguments expand;
  OutputArguments output;
};

std::optional<int> Read(std::vector<std::string> texts, Arguments& arguments) {
  CLI::App app("Tells which traces are whole, and what is lost of the others.", "gtengine verify");
  AddPaths(app, arguments.paths, "PATH",
           "traces, compressed ones, tar archives, folders (with all below them), or - for stdin");
  app.add_flag("--all", arguments.all, "list every trace, not only the damaged ones");
  app.add_option("--threads", arguments.threads,
                 fmt::format("default: the cores available, here {}", AvailableCores()))
      ->type_name("N");
  app.add_option("--memory", arguments.memory,
                 "most for expanding compressed files, such as 512M or 2G")
      ->type_name("SIZE")
      ->capture_default_str();
  AddExpandArguments(app, arguments.expand);
  AddFormatArguments(app, arguments.output, FormatSet::kDocuments);
  app.add_flag("-q,--quiet", arguments.output.is_quiet, "no summary on stderr");
  app.footer(fmt::format(
      "Examples:\n"
      "  gtengine verify traces/\n"
      "  gtengine verify traces/ --all --format json -o verdicts.json\n"
      "  gtengine verify upload.trace -q >/dev/null || gtengine repair upload.trace -o "
      "repaired/\n\n"
      "Every event is put in order, so that a trace that is called whole is one for Go's tools, "
      "too.\n"
      "Losses are those of gtengine scan.\n\n"
      "Exit status:\n"
      "  0    every trace is whole\n"
      "  1    something is damaged or could not be read\n"
      "  2    wrong usage, no trace, or the result could not be written\n"
      "  130  interrupted (Ctrl-C, SIGTERM, SIGHUP): nothing was written to -o\n"
      "  141  whoever read the output left before its end\n"));
  return ReadArguments(app, std::move(texts));
}

Result<run::VerifyOptions> Check(const Arguments& arguments) {
  run::VerifyOptions options{.threads = AvailableCores(), .is_cancelled = IsCancelled};
  if (!arguments.threads.empty()) {
    const auto threads = ParseNumber("--threads", arguments.threads, 1, kMaxThreads);
    if (!threads.ok()) return threads.error();
    options.threads = static_cast<int>(*threads);
  }
  const auto memory = ParseSize("--memory", arguments.memory);
  if (!memory.ok()) return memory.error();
  options.memory_bytes = *memory;
  const auto expand = ParseExpandLimits(arguments.expand);
  if (!expand.ok()) return expand.error();
  options.expand = *expand;
  return options;
}

int Verify(const Arguments& arguments, const run::VerifyOptions& options, Format format) {
  OutputFile output;
  if (const Status opened = output.Open(arguments.output.path); !opened.ok()) {
    return output.ReportFailure(opened.error());
  }
  const run::CorpusVerdicts verdicts = run::JudgeCorpus(arguments.paths, options);
  if (IsCancelled()) return kInterrupted;
  if (verdicts.traces.empty()) {
    for (const run::Unread& unread : verdicts.unread) {
      Say(fmt::format("{}: {}", unread.path, unread.what));
    }
    Say(
        fmt::format("nothing to verify: no Go execution trace was read; other files in the "
                    "folders, passed over: {}",
                    verdicts.passed_over));
    return kNoResult;
  }
  const Document document = run::ToDocument(verdicts, arguments.all);
  Status done = output.Write(Render({&document, 1}, format, output));
  if (done.ok()) done = output.Commit();
  if (!done.ok()) return output.ReportFailure(done.error());
  if (!arguments.output.is_quiet) {
    Say(fmt::format("{}: {} whole, {} damaged; {} not read",
                    Counted(verdicts.traces.size(), "trace"), verdicts.whole(), verdicts.damaged(),
                    Counted(verdicts.unread.size(), "file")));
  }
  return verdicts.damaged() == 0 && verdicts.unread.empty() ? kAllRead : kSomethingLost;
}

int Run(std::vector<std::string> texts) {
  Arguments arguments;
  if (const auto status = Read(std::move(texts), arguments)) return *status;
  const auto format = ParseFormat(arguments.output.format, FormatSet::kDocuments);
  if (!format.ok()) return RefuseUsage(format.error(), "gtengine verify");
  const auto options = Check(arguments);
  if (!options.ok()) return RefuseUsage(options.error(), "gtengine verify");
  return Verify(arguments, *options, *format);
}

}  // namespace

const Command kVerifyCommand{"verify", "tells which traces are whole", Run};

}  // namespace gtengine::cli
