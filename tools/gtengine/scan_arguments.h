// How traces are read: what the commands that scan a corpus have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "engine/base/result.h"
#include "engine/io/layout.h"
#include "engine/run/corpus_scan.h"
#include "tools/gtengine/expand_arguments.h"

namespace gtengine::cli {

// As typed.
struct ScanArguments {
  std::string layout{io::kDefaultLayout};
  std::string threads;  // empty: the cores available
  std::string memory = "1G";
  ExpandArguments expand;
};

// Adds --layout, --threads, --memory and how much compressed files may expand to.
void AddScanArguments(CLI::App& app, ScanArguments& arguments);

// Options with these settings, and nothing else. Errors (kUsage) are one line.
Result<run::ScanOptions> ParseScanArguments(const ScanArguments& arguments);

}  // namespace gtengine::cli
