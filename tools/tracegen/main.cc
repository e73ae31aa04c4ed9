// tracegen: Go execution traces of any size, from a simulated machine.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "tools/program/arguments.h"
#include "tools/program/cancel.h"
#include "tools/program/descriptor.h"
#include "tools/program/diagnostics.h"
#include "tools/program/exit_status.h"
#include "tools/program/name.h"
#include "tools/program/output_file.h"
#include "tools/tracegen/generator.h"
#include "tools/tracegen/options.h"

namespace gtengine::cli {

constinit const std::string_view kProgramName = "tracegen";

}  // namespace gtengine::cli

namespace gtengine::tracegen {
namespace {

using Clock = std::chrono::steady_clock;

std::string_view Text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void SaySummary(const Settings& settings, const Generator& generator, std::uint64_t bytes,
                Clock::duration time) {
  const double seconds = std::chrono::duration<double>(time).count();
  cli::Say(fmt::format("{} bytes, {} events in {} generations in {:.3f} s: {:.0f} MB/s", bytes,
                       generator.events(), settings.generations, seconds,
                       static_cast<double>(bytes) / 1e6 / std::max(seconds, 1e-6)));
}

int Generate(const Settings& settings, const Options& options) {
  cli::OutputFile output;
  Status status = output.Open(options.output, cli::OldTrace::kReplace);
  if (!status.ok()) return output.ReportFailure(status.error());
  if (output.TerminalColumns()) {
    return cli::RefuseUsage("a trace is not for a terminal: name a file with -o", "tracegen");
  }
  const Clock::time_point begin = Clock::now();
  Generator generator(settings);
  std::uint64_t bytes = 0;
  while (true) {
    const ByteView piece = generator.Next();
    if (piece.empty()) break;
    bytes += piece.size();
    status = output.Write(Text(piece));
    if (!status.ok()) return output.ReportFailure(status.error());
    if (cli::IsCancelled()) return cli::kInterrupted;
  }
  status = output.Commit();
  if (!status.ok()) return output.ReportFailure(status.error());
  if (!options.is_quiet) SaySummary(settings, generator, bytes, Clock::now() - begin);
  return cli::kAllRead;
}

int Run(std::vector<std::string> arguments) {
  if (!arguments.empty() && arguments.front() == "--version") {
    return cli::Print("tracegen " GTENGINE_VERSION "\n");
  }
  Options options;
  if (const auto status = ReadOptions(std::move(arguments), options)) return *status;
  const auto settings = ParseOptions(options);
  if (!settings.ok()) return cli::RefuseUsage(settings.error(), "tracegen");
  return Generate(*settings, options);
}

}  // namespace
}  // namespace gtengine::tracegen

int main(int argc, char** argv) {
  gtengine::cli::HoldStandardStreams();
  gtengine::cli::CatchSignals();
  return gtengine::tracegen::Run(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
}
