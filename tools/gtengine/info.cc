// gtengine info: what traces are, without putting their events in order.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/io/corpus.h"
#include "engine/io/stored_trace.h"
#include "engine/run/trace_listing.h"
#include "engine/wire/trace_info.h"
#include "tools/gtengine/commands.h"
#include "tools/gtengine/exit_status.h"
#include "tools/gtengine/expand_arguments.h"
#include "tools/gtengine/info_document.h"
#include "tools/gtengine/input_file.h"
#include "tools/gtengine/result_output.h"
#include "tools/program/cancel.h"
#include "tools/program/diagnostics.h"
#include "tools/program/output_file.h"

namespace gtengine::cli {
namespace {

// As typed.
struct Arguments {
  std::vector<std::string> paths;
  ExpandArguments expand;
  OutputArguments output;
};

std::optional<int> Read(std::vector<std::string> texts, Arguments& arguments) {
  CLI::App app("Tells what Go execution traces are: format, size, generations, events, damage.",
               "gtengine info");
  AddPaths(app, arguments.paths, "PATH",
           "traces, compressed ones, tar archives, folders (with all below them), or - for stdin");
  AddExpandArguments(app, arguments.expand);
  AddFormatArguments(app, arguments.output, FormatSet::kDocuments);
  app.footer(fmt::format(
      "Examples:\n"
      "  gtengine info trace.out\n"
      "  gtengine info traces/shop/ --format json\n\n"
      "The events are counted but not put in order: gtengine dump --parsed does that.\n\n{}",
      kExitStatusHelp));
  return ReadArguments(app, std::move(texts));
}

// Looks at one trace after the other; what is wrong is said at once.
class InfoCollector {
 public:
  void Add(const io::CorpusFile& trace, const io::ExpandOptions& expand) {
    const auto opened = io::OpenTrace(trace.path, trace.place, expand);
    if (!opened.ok()) return Reject(opened.error(), trace.path);
    auto info = wire::DescribeTrace(opened->file.view());
    if (!info.ok()) return Reject(*Joined(info.error(), opened->damage), trace.path);
    for (const wire::Loss& loss : info->losses) Reject(loss.error, trace.path);
    if (opened->damage) Reject(*opened->damage, trace.path);
    documents_.push_back(DescribeInfo(trace.path, *info));
  }
  void Reject(Error error, const std::string& path) {
    error.path = path;
    Say(error);
    has_problems_ = true;
  }

  const std::vector<Document>& documents() const { return documents_; }
  bool has_problems() const { return has_problems_; }

 private:
  std::vector<Document> documents_;
  bool has_problems_ = false;
};

int Info(const Arguments& arguments, const io::ExpandLimits& limits, Format format) {
  OutputFile output;
  if (const Status opened = output.Open(arguments.output.path); !opened.ok()) {
    return output.ReportFailure(opened.error());
  }
  const io::ExpandOptions expand{
      .limits = limits, .memory_or_null = nullptr, .is_cancelled = IsCancelled};
  io::Corpus corpus = run::ListTraces(arguments.paths, expand);
  InfoCollector infos;
  for (const Error& error : corpus.errors) infos.Reject(error, error.path);
  for (io::CorpusFile& trace : corpus.traces) {
    if (IsCancelled()) return kInterrupted;
    infos.Add(trace, expand);
    trace.place = {};  // the last trace of an archive lets go of its temporary file
  }
  if (infos.documents().empty()) {
    Say(
        fmt::format("nothing to tell: no Go execution trace was read; other files in the folders, "
                    "passed over: {}",
                    corpus.passed_over));
    return kNoResult;
  }
  const std::string text = Render(infos.documents(), format, output);
  if (IsCancelled()) return kInterrupted;
  Status done = output.Write(text);
  if (done.ok()) done = output.Commit();
  if (!done.ok()) return output.ReportFailure(done.error());
  return infos.has_problems() ? kSomethingLost : kAllRead;
}

int Run(std::vector<std::string> texts) {
  Arguments arguments;
  if (const auto status = Read(std::move(texts), arguments)) return *status;
  const auto format = ParseFormat(arguments.output.format, FormatSet::kDocuments);
  if (!format.ok()) return RefuseUsage(format.error(), "gtengine info");
  const auto limits = ParseExpandLimits(arguments.expand);
  if (!limits.ok()) return RefuseUsage(limits.error(), "gtengine info");
  return Info(arguments, *limits, *format);
}

}  // namespace

const Command kInfoCommand{"info", "tells what traces are", Run};

}  // namespace gtengine::cli
