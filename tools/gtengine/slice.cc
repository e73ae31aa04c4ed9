// gtengine slice: a smaller trace of some generations.
#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/order/trace_slice.h"
#include "engine/wire/header.h"
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

// As typed.
struct Arguments {
  std::string path;
  std::string generations;
  std::string output;
  ExpandArguments expand;
  bool is_quiet = false;
};

std::optional<int> Read(std::vector<std::string> texts, Arguments& arguments) {
  CLI::App app("Writes a smaller trace of some of a trace's generations (about a second each).",
               "gtengine slice");
  app.add_option("FILE", arguments.path,
                 "a trace, also compressed or ARCHIVE!/MEMBER; - for standard input")
      ->required()
      ->type_name("");
  app.add_option("--generations", arguments.generations,
                 "by number, the last one included: 3-4, 3, or 3- up to the end")
      ->required()
      ->type_name("A-B");
  app.add_option("-o,--output", arguments.output,
                 "file for the slice: it is there whole or not at all")
      ->type_name("OUT");
  AddExpandArguments(app, arguments.expand);
  app.add_flag("-q,--quiet", arguments.is_quiet, "no summary on stderr");
  app.footer(fmt::format(
      "Examples:\n"
      "  gtengine info trace.out                             # which generations there are\n"
      "  gtengine slice trace.out --generations 3-4 -o slice.out\n"
      "  go tool trace slice.out\n"
      "  gtengine slice trace.out --generations 3- | gtengine scan - --report sched\n\n"
      "The generations' bytes are copied as they are. They are put in order before, so that Go's\n"
      "tools take every slice that is written. Numbers are those that the trace gives its "
      "generations.\n"
      "What began before the slice is not in it: tasks lose their names, times begin anew.\n\n{}",
      kExitStatusHelp));
  return ReadArguments(app, std::move(texts));
}

// The number that `text` is, and nothing else.
std::optional<std::uint64_t> ParseWhole(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "3-4", "3" or "3-".
Result<order::GenerationNumbers> ParseGenerations(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = ParseWhole(text.substr(0, dash));
  const bool is_open = dash + 1 == text.size();
  const auto last = dash == std::string_view::npos ? first
                    : is_open                      ? first
                                                   : ParseWhole(text.substr(dash + 1));
  if (!first || !last || *last < *first) {
    return Error{.code = ErrorCode::kUsage,
                 .what = fmt::format("--generations: \"{}\" is no range of generations; examples: "
                                     "3-4, 3, 3-",
                                     text)};
  }
  order::GenerationNumbers numbers{.first = *first, .last = last};
  if (is_open) numbers.last.reset();
  return numbers;
}

int Refuse(Error error, const Arguments& arguments) {
  error.path = arguments.path;
  Say(error);
  return kNoResult;
}

bool IsSameFile(const std::string& a, const std::string& b) {
  std::error_code code;
  return std::filesystem::equivalent(a, b, code) && !code;
}

int Slice(const Arguments& arguments, const io::ExpandLimits& limits,
          order::GenerationNumbers numbers) {
  if (IsSameFile(arguments.path, arguments.output)) {
    return RefuseUsage("the slice must not take the place of the trace", "gtengine slice");
  }
  OutputFile output;
  if (const Status opened = output.Open(arguments.output, OldTrace::kReplace); !opened.ok()) {
    return output.ReportFailure(opened.error());
  }
  if (output.TerminalColumns()) {
    return RefuseUsage("a trace is not for a terminal: name a file with -o", "gtengine slice");
  }
  const auto input = OpenInput(arguments.path, limits);
  if (!input.ok()) {
    Say(input.error());
    return kNoResult;
  }
  const io::MappedFile& file = input->file;
  const auto version = wire::ReadHeader(file.view().bytes());
  if (!version.ok()) return Refuse(*Joined(version.error(), input->damage), arguments);
  const order::WalkHooks hooks{
      .is_cancelled = IsCancelled,
      .on_done_before = [&](std::uint64_t offset) { file.Release(offset); }};
  auto run = order::FindSlice(file.view(), *version, numbers, hooks);
  if (IsCancelled()) return kInterrupted;
  if (!run.ok()) return Refuse(*Joined(std::move(run).error(), input->damage), arguments);

  Status written = WriteTraceOf(file, *run, output);
  if (IsCancelled()) return kInterrupted;
  if (written.ok()) written = output.Commit();
  if (!written.ok()) return output.ReportFailure(written.error());
  if (!arguments.is_quiet) {
    Say(fmt::format("{} of {} bytes, {} events in {}", wire::kHeaderBytes + run->end - run->begin,
                    file.size(), run->events, Counted(run->generations, "generation")));
  }
  if (!input->damage) return kAllRead;
  Error error = *input->damage;
  error.path = arguments.path;
  Say(error);
  return kSomethingLost;
}

int Run(std::vector<std::string> texts) {
  Arguments arguments;
  if (const auto status = Read(std::move(texts), arguments)) return *status;
  const auto numbers = ParseGenerations(arguments.generations);
  if (!numbers.ok()) return RefuseUsage(numbers.error(), "gtengine slice");
  const auto limits = ParseExpandLimits(arguments.expand);
  if (!limits.ok()) return RefuseUsage(limits.error(), "gtengine slice");
  return Slice(arguments, *limits, *numbers);
}

}  // namespace

const Command kSliceCommand{"slice", "writes a smaller trace of some generations", Run};

}  // namespace gtengine::cli
