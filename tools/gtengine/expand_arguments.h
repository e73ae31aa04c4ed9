// How much compressed files may expand to.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/io/expander.h"
#include "tools/program/arguments.h"

namespace gtengine::cli {

// As typed.
struct ExpandArguments {
  std::string max_bytes = "64G";
  std::string max_ratio = "200";
};

// --max-expanded and --max-ratio.
void AddExpandArguments(CLI::App& app, ExpandArguments& arguments);

// Errors are kUsage.
Result<io::ExpandLimits> ParseExpandLimits(const ExpandArguments& arguments);

}  // namespace gtengine::cli
