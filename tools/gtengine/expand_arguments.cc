#include "tools/gtengine/expand_arguments.h"

#include "tools/program/size_argument.h"

namespace gtengine::cli {
namespace {

constexpr std::uint64_t kGreatestRatio = 1'000'000'000;

}  // namespace

void AddExpandArguments(CLI::App& app, ExpandArguments& arguments) {
  app.add_option("--max-expanded", arguments.max_bytes,
                 "most that one compressed file or archive may expand to")
      ->type_name("SIZE")
      ->capture_default_str();
  app.add_option("--max-ratio", arguments.max_ratio,
                 "most that it may expand to for each compressed byte")
      ->type_name("N")
      ->capture_default_str();
}

Result<io::ExpandLimits> ParseExpandLimits(const ExpandArguments& arguments) {
  const auto bytes = ParseSize("--max-expanded", arguments.max_bytes);
  if (!bytes.ok()) return bytes.error();
  const auto ratio = ParseNumber("--max-ratio", arguments.max_ratio, 1, kGreatestRatio);
  if (!ratio.ok()) return ratio.error();
  return io::ExpandLimits{.max_bytes = *bytes, .max_ratio = *ratio};
}

}  // namespace gtengine::cli
