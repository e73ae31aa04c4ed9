// gtengine: batch analytics for Go execution traces.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tools/gtengine/command_line.h"
#include "tools/gtengine/commands.h"
#include "tools/gtengine/exit_status.h"
#include "tools/gtengine/report_list.h"
#include "tools/program/cancel.h"
#include "tools/program/descriptor.h"
#include "tools/program/diagnostics.h"
#include "tools/program/name.h"

namespace gtengine::cli {

constinit const std::string_view kProgramName = "gtengine";

namespace {

const std::array<const Command*, 10> kCommands{
    &kScanCommand, &kMergeCommand, &kDiffCommand,   &kFindCommand,   &kDumpCommand,
    &kInfoCommand, &kSliceCommand, &kVerifyCommand, &kRepairCommand, &kReportsCommand};

std::string ListCommands() {
  std::string text;
  for (const Command* command : kCommands) {
    text += fmt::format("  {:<8} {}\n", command->name, command->summary);
  }
  return text;
}

std::string ShortHelp() {
  return fmt::format(
      "Usage: gtengine COMMAND ...\n\n"
      "Commands:\n{}\n"
      "gtengine --help and gtengine COMMAND --help tell more.\n",
      ListCommands());
}

std::string Help() {
  return fmt::format(
      "gtengine: batch analytics for Go execution traces\n\n"
      "Usage: gtengine COMMAND ...\n"
      "       gtengine --help | --version\n\n"
      "Commands:\n{}\n"
      "Reports of gtengine scan:\n{}\n"
      "Examples:\n"
      "  gtengine scan traces/ --report sched\n"
      "  gtengine scan shop/web-1/20260102/ --report sched --format json -o sched.json\n"
      "  gtengine diff traces/*/*/20260101 --to traces/*/*/20260102 --fail-over 10%\n"
      "  gtengine info trace.out\n"
      "  gtengine dump trace.out --parsed | grep STW\n"
      "  gtengine slice trace.out --generations 3-4 -o slice.out\n\n"
      "{}",
      ListCommands(), DescribeReports(), kExitStatusHelp);
}

int Run(std::vector<std::string> arguments) {
  if (arguments.empty()) {
    Print(ShortHelp());
    return kNoResult;
  }
  const std::string first = arguments.front();
  if (first == "--help" || first == "-h" || first == "help") return Print(Help());
  if (first == "--version") {
    return Print("gtengine " GTENGINE_VERSION "\n");
  }
  const auto command = std::ranges::find(kCommands, first, &Command::name);
  if (command == kCommands.end()) {
    return RefuseUsage(fmt::format("there is no command \"{}\"", first), "gtengine");
  }
  arguments.erase(arguments.begin());
  return (*command)->run(std::move(arguments));
}

}  // namespace
}  // namespace gtengine::cli

int main(int argc, char** argv) {
  gtengine::cli::HoldStandardStreams();
  gtengine::cli::CatchSignals();
  return gtengine::cli::Run(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
}
