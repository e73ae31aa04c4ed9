// gtengine repair: what is whole of a damaged trace, as traces.
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/order/trace_verdict.h"
#include "tools/gtengine/commands.h"
#include "tools/gtengine/exit_status.h"
#include "tools/gtengine/expand_arguments.h"
#include "tools/gtengine/input_file.h"
#include "tools/gtengine/quantities.h"
#include "tools/gtengine/trace_writer.h"
#include "tools/program/cancel.h"
#include "tools/program/diagnostics.h"
#include "tools/program/output_file.h"

namespace gtengine::cli {
namespace {

namespace fs = std::filesystem;

// As typed.
struct Arguments {
  std::string path;
  std::string folder;
  ExpandArguments expand;
  bool is_quiet = false;
};

std::optional<int> Read(std::vector<std::string> texts, Arguments& arguments) {
  CLI::App app("Writes what is whole of a damaged trace: a trace for each stretch of it.",
               "gtengine repair");
  app.add_option("FILE", arguments.path,
                 "a trace, also compressed or ARCHIVE!/MEMBER; - for standard input")
      ->required()
      ->type_name("");
  app.add_option("-o,--output", arguments.folder, "folder for the traces; made if it is not there")
      ->required()
      ->type_name("DIR");
  AddExpandArguments(app, arguments.expand);
  app.add_flag("-q,--quiet", arguments.is_quiet, "not a word on stderr about what is lost");
  app.footer(fmt::format(
      "Examples:\n"
      "  gtengine repair upload.trace -o repaired/     # repaired/upload.1.trace, upload.2.trace\n"
      "  gtengine repair upload.trace -o repaired/ | xargs -n 1 go tool trace -d=parsed\n\n"
      "Each contiguous run of whole generations becomes a trace, which Go's reader takes: no state "
      "can be\n"
      "carried over a gap. Their paths go to standard output. Each file is there whole or not at "
      "all.\n\n"
      "Exit status:\n"
      "  0    nothing is lost\n"
      "  1    something is lost; what is whole was written\n"
      "  2    wrong usage, nothing is whole, or a trace could not be written\n"
      "  130  interrupted (Ctrl-C, SIGTERM, SIGHUP)\n"
      "  141  whoever read the output left before its end\n"));
  return ReadArguments(app, std::move(texts));
}

// Where the `number`th trace goes.
std::string PathOf(const Arguments& arguments, std::size_t number) {
  fs::path name = fs::path(arguments.path).filename();
  if (arguments.path == kStandardInput) name = "stdin";
  if (name.extension() == ".gz" || name.extension() == ".zst") name = name.stem();
  if (name.extension() == ".trace") name = name.stem();
  return (fs::path(arguments.folder) / fmt::format("{}.{}.trace", name.string(), number)).string();
}

void SayLosses(const Arguments& arguments, const order::TraceVerdict& verdict,
               const std::optional<Error>& damage) {
  for (const order::TraceGap& gap : verdict.gaps) {
    const std::string what = gap.errors.empty() ? "more damage" : gap.errors.front().ToString();
    Say(fmt::format("{}: {}; lost {} bytes, {}", arguments.path, what, gap.end - gap.begin,
                    Counted(gap.generations, "generation")));
  }
  if (damage) Say(fmt::format("{}: {}", arguments.path, damage->ToString()));
}

// Gives the exit status.
int Write(const io::MappedFile& file, const order::GenerationRun& run, const std::string& path) {
  OutputFile output;
  Status status = output.Open(path, OldTrace::kReplace);
  if (status.ok()) status = WriteTraceOf(file, run, output);
  if (IsCancelled()) return kInterrupted;
  if (status.ok()) status = output.Commit();
  return status.ok() ? kAllRead : output.ReportFailure(status.error());
}

int Refuse(Error error, const std::string& path) {
  error.path = path;
  Say(error);
  return kNoResult;
}

int Repair(const Arguments& arguments, const io::ExpandLimits& limits) {
  const auto opened = OpenInput(arguments.path, limits);
  if (!opened.ok()) {
    Say(opened.error());
    return kNoResult;
  }
  const io::MappedFile& file = opened->file;
  const order::WalkHooks hooks{
      .is_cancelled = IsCancelled,
      .on_done_before = [&](std::uint64_t offset) { file.Release(offset); }};
  const auto verdict = order::JudgeTrace(file.view(), hooks);
  if (IsCancelled()) return kInterrupted;
  if (!verdict.ok()) {
    return Refuse(*Joined(verdict.error(), opened->damage), arguments.path);
  }
  if (!arguments.is_quiet) SayLosses(arguments, *verdict, opened->damage);
  if (verdict->runs.empty()) {
    return Refuse({.what = "nothing of the trace is whole"}, arguments.path);
  }
  std::error_code code;
  fs::create_directories(arguments.folder, code);
  if (code) {
    return Refuse({.code = ErrorCode::kIo, .what = "cannot make the folder: " + code.message()},
                  arguments.folder);
  }
  std::string paths;
  for (std::size_t i = 0; i < verdict->runs.size(); ++i) {
    const std::string path = PathOf(arguments, i + 1);
    if (const int status = Write(file, verdict->runs[i], path); status != kAllRead) return status;
    paths += path + "\n";
  }
  if (const int status = Print(paths); status != kAllRead) return status;
  return verdict->is_whole() && !opened->damage ? kAllRead : kSomethingLost;
}

int Run(std::vector<std::string> texts) {
  Arguments arguments;
  if (const auto status = Read(std::move(texts), arguments)) return *status;
  const auto limits = ParseExpandLimits(arguments.expand);
  if (!limits.ok()) return RefuseUsage(limits.error(), "gtengine repair");
  return Repair(arguments, *limits);
}

}  // namespace

const Command kRepairCommand{"repair", "writes what is whole of a damaged trace", Run};

}  // namespace gtengine::cli
