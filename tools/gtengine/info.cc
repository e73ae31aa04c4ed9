// gtengine info: what traces are, without putting their events in order.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/io/corpus.h"
#include "engine/wire/header.h"
#include "engine/wire/trace_info.h"
#include "tools/gtengine/commands.h"
#include "tools/gtengine/exit_status.h"
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
  OutputArguments output;
};

std::optional<int> Read(std::vector<std::string> texts, Arguments& arguments) {
  CLI::App app("Tells what Go execution traces are: format, size, generations, events, damage.",
               "gtengine info");
  AddPaths(app, arguments.paths, "PATH",
           "traces, folders (with all below them), or - for standard input");
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
  void Add(const std::string& path) {
    auto info = Describe(path);
    if (!info.ok()) return Reject(info.error(), path);
    for (const wire::Loss& loss : info->losses) Reject(loss.error, path);
    documents_.push_back(DescribeInfo(path, *info));
  }
  void Reject(Error error, const std::string& path) {
    error.path = path;
    Say(error);
    has_problems_ = true;
  }

  const std::vector<Document>& documents() const { return documents_; }
  bool has_problems() const { return has_problems_; }

 private:
  static Result<wire::TraceInfo> Describe(const std::string& path) {
    const auto file = OpenInput(path);
    if (!file.ok()) return file.error();
    return wire::DescribeTrace(file->view());
  }

  std::vector<Document> documents_;
  bool has_problems_ = false;
};

int Info(const Arguments& arguments, Format format) {
  OutputFile output;
  if (const Status opened = output.Open(arguments.output.path); !opened.ok()) {
    return output.ReportFailure(opened.error());
  }
  std::vector<std::string> named;
  std::ranges::remove_copy(arguments.paths, std::back_inserter(named), kStandardInput);
  const io::Corpus corpus = io::ListCorpus(named, &wire::LooksLikeTrace);
  InfoCollector infos;
  for (const Error& error : corpus.errors) infos.Reject(error, error.path);
  if (named.size() < arguments.paths.size()) infos.Add(kStandardInput);
  for (const io::CorpusFile& file : corpus.traces) {
    if (IsCancelled()) return kInterrupted;
    infos.Add(file.path);
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
  return Info(arguments, *format);
}

}  // namespace

const Command kInfoCommand{"info", "tells what traces are", Run};

}  // namespace gtengine::cli
