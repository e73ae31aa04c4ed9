// gtengine reports: which reports there are.
#include <string>
#include <vector>

#include "tools/gtengine/commands.h"
#include "tools/gtengine/report_list.h"

namespace gtengine::cli {
namespace {

int Run(std::vector<std::string> arguments) {
  CLI::App app("Lists the reports that scan makes.", "gtengine reports");
  app.footer("\nExample:\n  gtengine reports\n");
  if (const auto status = ReadArguments(app, std::move(arguments))) return *status;
  return Print(DescribeReports());
}

}  // namespace

const Command kReportsCommand{"reports", "lists the reports", Run};

}  // namespace gtengine::cli
