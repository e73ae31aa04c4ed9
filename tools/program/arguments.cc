#include "tools/program/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/program/diagnostics.h"
#include "tools/program/exit_status.h"
#include "tools/program/output_file.h"

namespace gtengine::cli {

std::optional<int> ReadArguments(CLI::App& app, std::vector<std::string> arguments) {
  for (std::string& argument : arguments) {
    // CLI11 would take "[a,b]" for a list of arguments; this names the same file.
    if (argument.starts_with('[') && argument.ends_with(']')) argument.insert(0, "./");
  }
  std::ranges::reverse(arguments);
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    return Print(app.help());
  } catch (const CLI::ParseError& error) {
    // A mistyped option is the reason why the right one is missing.
    const std::vector<std::string> unexpected = app.remaining();
    if (unexpected.empty()) return RefuseUsage(error.what(), app.get_name());
    return RefuseUsage(fmt::format("unexpected argument \"{}\"", unexpected.front()),
                       app.get_name());
  }
  return std::nullopt;
}

int RefuseUsage(std::string_view what, std::string_view command) {
  Say(fmt::format("{}; see {} --help", what, command));
  return kNoResult;
}

int Print(std::string_view text) {
  OutputFile output;
  if (const Status opened = output.Open(""); !opened.ok())
    return output.ReportFailure(opened.error());
  Status written = output.Write(text);
  if (written.ok()) written = output.Commit();
  return written.ok() ? kAllRead : output.ReportFailure(written.error());
}

}  // namespace gtengine::cli
