#include "tools/gtengine/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/gtengine/diagnostics.h"
#include "tools/gtengine/exit_status.h"
#include "tools/gtengine/output_file.h"

namespace gtengine::cli {

void AddPaths(CLI::App& app, std::vector<std::string>& paths, const std::string& name,
              const std::string& description) {
  app.add_option(name, paths, description)->required()->type_name("");
}

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
    return RefuseUsage(error.what(), app.get_name());
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
