#include "tools/gtengine/scan_arguments.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "tools/gtengine/available_cores.h"
#include "tools/program/size_argument.h"

namespace gtengine::cli {
namespace {

constexpr std::uint64_t kMaxThreads = 1024;

}  // namespace

void AddScanArguments(CLI::App& app, ScanArguments& arguments) {
  app.add_option("--layout", arguments.layout, "what the end of a trace's path tells")
      ->type_name("PATTERN")
      ->capture_default_str();
  app.add_option("--threads", arguments.threads,
                 fmt::format("default: the cores available, here {}", AvailableCores()))
      ->type_name("N");
  app.add_option("--memory", arguments.memory, "most for the traces at work, such as 512M or 2G")
      ->type_name("SIZE")
      ->capture_default_str();
  AddExpandArguments(app, arguments.expand);
}

Result<run::ScanOptions> ParseScanArguments(const ScanArguments& arguments) {
  run::ScanOptions scan;
  auto layout = io::Layout::Parse(arguments.layout);
  if (!layout.ok()) return std::move(layout).error();
  scan.layout = std::move(*layout);

  scan.threads = AvailableCores();
  if (!arguments.threads.empty()) {
    const auto threads = ParseNumber("--threads", arguments.threads, 1, kMaxThreads);
    if (!threads.ok()) return threads.error();
    scan.threads = static_cast<int>(*threads);
  }
  const auto memory = ParseSize("--memory", arguments.memory);
  if (!memory.ok()) return memory.error();
  scan.memory_bytes = *memory;
  const auto expand = ParseExpandLimits(arguments.expand);
  if (!expand.ok()) return expand.error();
  scan.expand = *expand;
  return scan;
}

}  // namespace gtengine::cli
